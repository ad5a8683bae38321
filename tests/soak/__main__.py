"""Runs the long runs by name and ends with 1 if anything was lost."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .outcome import Outcome

HERE = Path(__file__).parent


def soaks() -> dict[str, Callable[[int, int], Outcome]]:
    """Return the long runs by name."""
    sys.path.insert(0, str(HERE.parent / "support"))
    found = {}
    for module in pkgutil.iter_modules([str(HERE)]):
        if not module.name.startswith(("_", "test_")):
            imported = importlib.import_module(f".{module.name}", __package__)
            if hasattr(imported, "soak"):
                found[module.name] = imported.soak
    return found


def main() -> int:
    """Run what was named and print a line for each, and one for each loss."""
    known = soaks()
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("name", choices=sorted(known))
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    began = time.monotonic()
    outcome = known[given.name](given.runs, given.seed)
    print(outcome.line(given.name, time.monotonic() - began))
    for loss in outcome.losses:
        print(f"  lost: {loss}")
    return 1 if outcome.losses else 0


if __name__ == "__main__":
    sys.exit(main())
