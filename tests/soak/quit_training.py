"""The real app is left while it trains: how long until it and all its children are gone.

The moments lie anywhere from the first second of learning on. Beforehand one run is traced, where
system calls can be: suggestions and a training must not turn to the network.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from pseudo_terminal import PseudoTerminal
from terminal_command import installed_command
from traced_network import families, has_strace, reaching_out, traced

from .outcome import Outcome
from .processes import children

_MOST_SECONDS = 2.0
_LINES = "the rain came down on number {}\nand washed the colour from the street\n\n\n"


def soak(runs: int, seed: int, most: float = _MOST_SECONDS) -> Outcome:
    """Quit `runs` times, each of which may take `most` seconds."""
    chance = random.Random(seed)
    losses: list[str] = []
    seconds: list[float] = []
    facts: dict[str, str | int | float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "song.txt").write_text("".join(_LINES.format(n) for n in range(60)))
        if has_strace():
            log = folder / "calls"
            _quit(folder, 1.0, traced(log))
            losses += reaching_out(log)
            facts["families of sockets"] = " ".join(sorted(families(log)))
        for number in range(runs):
            took, left = _quit(folder, chance.uniform(0.0, 8.0))
            seconds.append(took)
            if took > most:
                losses.append(f"run {number}: it took {took:.2f} s")
            if left:
                losses.append(f"run {number}: {left} children were left")
    facts["median ms"] = round(1000 * statistics.median(seconds))
    facts["longest ms"] = round(1000 * max(seconds))
    return Outcome(runs, tuple(losses), facts)


def _quit(folder: Path, after: float, before: list[str] | None = None) -> tuple[float, int]:
    """Train, and quit `after` seconds from when it learns; seconds it took, children left."""
    command = [*(before or []), installed_command(), str(folder / "song.txt")]
    app = PseudoTerminal(command[1:], folder / "home", command=command[0])
    try:
        app.wait_for("ready", 60)
        app.press("ctrl+t")
        app.wait_for("Start training")
        app.wait_for("training: about")
        app.press("ctrl+r")
        app.wait_for("are read", 120)
        app.read(after)
        family = children(app.child.pid)
        app.press("ctrl+q")
        app.wait_for("Quit")
        app.wait_for(lambda: "stop" in app.text.lower())
        app.press("right")
        began = time.monotonic()
        app.child.send("\r")
        while app.child.isalive():
            app.read(0.01)
            assert time.monotonic() < began + 60, app.text
        took = time.monotonic() - began
        return took, sum(map(_is_there, family))
    finally:
        app.close()


def _is_there(process_id: int) -> bool:
    with suppress(OSError):
        return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()
    return False
