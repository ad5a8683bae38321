"""Broken models, archives, cards, settings, corpora, songs and messages by the hundred thousand.

`python -m tests.soak fuzz --runs 200000`. Every input is made from a whole one, by a number and a
seed alone, and read by the program's own code in a process of its own. A loss is: any error but
those that are documented, more than 5 s, an allocation beyond 1 GiB, the death of the process, or
a write outside of the program's folders.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .outcome import Outcome

TESTS = Path(__file__).resolve().parents[1]
_MEMORY_FOLDER = Path("/dev/shm")
_MOST_ENDS = 20
_NOT_BEGUN = -1


def soak(runs: int, seed: int, only: Sequence[str] = ()) -> Outcome:
    """Read `runs` broken inputs, over all targets or those named."""
    plan = _plan(runs, only)
    # Torch is loaded for the one target that needs it.
    with_torch = [part for part in plan if part[0] == "run"]
    found: list[dict[str, Any]] = []
    losses: list[str] = []
    for parts in ([part for part in plan if part not in with_torch], with_torch):
        if parts:
            _read(parts, seed, found, losses)
    slowest = max(found, key=lambda part: part["slowest_ms"])
    facts = {
        "slowest_ms": f"{slowest['slowest_ms']:,} ({slowest['target']} {slowest['slowest']})",
        "peak_mb": max(part["peak_mb"] for part in found),
        "targets": len(found),
    }
    return Outcome(sum(part["inputs"] for part in found), tuple(losses), facts)


def _plan(runs: int, only: Sequence[str]) -> list[tuple[str, int, int]]:
    """Target, first number and how many inputs."""
    from .fuzz_targets import TARGETS

    names = list(only) or list(TARGETS)
    whole = sum(TARGETS[name].share for name in names)
    return [(name, 0, max(1, -(-runs * TARGETS[name].share // whole))) for name in names]


def _read(
    plan: list[tuple[str, int, int]], seed: int, found: list[dict[str, Any]], losses: list[str]
) -> None:
    """Give all inputs of a plan to a process, and to another one what is left if it dies."""
    left = list(plan)
    for _ in range(_MOST_ENDS):
        status, complaint, place, number = _child(left, seed, found)
        if status == 0:
            break
        if number == _NOT_BEGUN:
            losses.append(f"the process did not begin: {complaint}")
            break
        name, first, count = left[place]
        losses.append(f"{name} {number}: the process ended with {status}: {complaint}")
        rest = first + count - number - 1
        left = ([(name, number + 1, rest)] if rest > 0 else []) + left[place + 1 :]
        if not left:
            break
    losses += [loss for part in found for loss in part.pop("losses", ())]


def _child(
    plan: list[tuple[str, int, int]], seed: int, found: list[dict[str, Any]]
) -> tuple[int, str, int, int]:
    """Returns its status, its last words, and where in the plan and at which input it was."""
    folder = _MEMORY_FOLDER if os.access(_MEMORY_FOLDER, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="lyricist-fuzz-", dir=folder) as temporary:
        home, progress = Path(temporary) / "home", Path(temporary) / "progress"
        home.mkdir()
        progress.write_bytes(struct.pack("<qq", _NOT_BEGUN, 0))
        arguments = [str(word) for part in plan for word in part]
        path = [str(TESTS.parent), str(TESTS), str(TESTS / "support"), *sys.path]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(dict.fromkeys(filter(None, path))),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "soak.fuzz_worker", str(home), str(progress), str(seed)]
        with subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        ) as child:
            assert child.stdout is not None and child.stderr is not None
            for line in child.stdout:
                part = json.loads(line)
                print(_shown(part), flush=True)
                found.append(part)
            complaint = child.stderr.read().strip()
        with open(progress, "r+b") as file, mmap.mmap(file.fileno(), 16) as note:
            number, place = struct.unpack("<qq", note[:16])
        return child.returncode, complaint[-400:], place, number


def _shown(part: dict[str, Any]) -> str:
    return (
        f"  {part['target']:10} {part['inputs']:7,} inputs  {part['refused']:7,} refused  "
        f"{len(part['losses']):3} losses  slowest {part['slowest_ms']:8,.1f} ms  "
        f"memory +{part['peak_mb']:,.1f} MB  {part['seconds']:6.1f} s"
    )
