"""From the start of the app to its first frame and its first ghost, beside two bare imports."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lyricist.benchmarks.figure import Figure, smaller_is_better
from lyricist.benchmarks.terminal import Terminal

_FRAME_GOAL = 1 / 2
_GHOST_GOAL = 1 / 1.5
_LONG = 1_000_000
_LINE = "walking down the road tonight\n"


def measure(repeats: int = 5) -> Iterator[Figure]:
    """Yield the first frame, the first ghost, and both for a song of a million characters."""
    textual, torch, frames, ghosts, long_ghosts = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder) / "short.txt", Path(folder) / "long.txt"
        short.write_text(_LINE * 33 + "the ", encoding="utf-8")
        long.write_text(_LINE * (_LONG // len(_LINE)) + "the ", encoding="utf-8")
        for turn in range(repeats + 1):
            values = (
                _import_seconds("import textual.app, textual.widgets"),
                _import_seconds("import torch"),
                *_start(short, Path(folder) / f"home{turn}"),
                _start(long, Path(folder) / f"long-home{turn}")[1],
            )
            # The first turn fills the caches of files.
            if turn:
                for series, value in zip(
                    (textual, torch, frames, ghosts, long_ghosts), values, strict=True
                ):
                    series.append(value)
    median = statistics.median
    yield smaller_is_better(
        "start, first frame beside `import textual`",
        median(frames),
        "s",
        median(textual),
        _FRAME_GOAL,
    )
    yield smaller_is_better(
        "start, first ghost beside `import torch`", median(ghosts), "s", median(torch), _GHOST_GOAL
    )
    yield smaller_is_better(
        "start, first ghost in 1,000,000 characters",
        median(long_ghosts),
        "s",
        median(ghosts),
        _GHOST_GOAL,
    )


def _import_seconds(statement: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - started


def _start(song: Path, home: Path) -> tuple[float, float]:
    """Seconds to the first frame and to the first ghost of a writer who types at once."""
    with Terminal([str(song)], home) as app:
        frame = app.seconds_until(song.name)
        # To the end of the song, and a character: the ghost is wanted as soon as can be.
        app.send("\x1b[1;5Fo")
        ghost = app.seconds_until("▸1")
    return frame, ghost
