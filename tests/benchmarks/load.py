"""What much text and many files cost the writer: the longest time that the app does not react.

The app runs in this process without a terminal; a clock beside it notes how much processor time
passes between two turns of its event loop, so that what else the machine does counts for nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lyricist.benchmarks.figure import Figure, smaller_is_better

from lyricist.library.paths import HOME_VARIABLE, songbook

if TYPE_CHECKING:
    from textual.pilot import Pilot

_WANTED = 100.0
_TICK = 0.01
_SILENT = (sys.executable, "-c", "import sys; sys.stdin.read()")


class _Watch:
    """Notes the longest that the event loop was kept from its turn, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def of(self, work: Awaitable[object]) -> float:
        """Return the longest pause while `work` is done."""
        self._task = asyncio.create_task(self._run())
        await asyncio.sleep(3 * _TICK)
        self.longest = 0.0
        await work
        self._task.cancel()
        return self.longest

    async def _run(self) -> None:
        before = time.process_time()
        while True:
            await asyncio.sleep(_TICK)
            now = time.process_time()
            self.longest = max(self.longest, 1000 * (now - before))
            before = now


def measure(megabytes: int = 100, files: int = 20_000) -> Iterator[Figure]:
    """Yield the longest pauses with a long song, a line without end, a corpus of `megabytes` and
    a folder of `files`."""
    with tempfile.TemporaryDirectory() as name, _home(name):
        folder = Path(name)
        songs = [path.read_text(encoding="utf-8") for path in sorted(songbook().glob("*/*"))]
        text = "\n".join(songs)
        from lyricist.library.documents import MAX_DOCUMENT_BYTES, MAX_LINE_CHARACTERS

        long = _repeated(text, MAX_DOCUMENT_BYTES).decode("utf-8", "ignore")
        one_line = long.replace("\n", " ")[:MAX_LINE_CHARACTERS]
        for what, content in (("longest song", long), ("longest line", one_line)):
            path = folder / "song.txt"
            path.write_text(content, encoding="utf-8")
            for how, pause in asyncio.run(_writing(path)).items():
                yield smaller_is_better(f"load, {what}, {how}", pause, "ms", _WANTED, 1.0)
        corpus = folder / "corpus.txt"
        corpus.write_bytes(_repeated(text, megabytes * 1_000_000))
        pause = asyncio.run(_reading(corpus))
        yield smaller_is_better(
            f"load, corpus of {megabytes:,} MB is read", pause, "ms", _WANTED, 1.0
        )
        many = folder / "many"
        many.mkdir()
        for n in range(files):
            (many / f"song-{n}.txt").touch()
        pause = asyncio.run(_choosing(many))
        yield smaller_is_better(f"load, folder of {files:,} files", pause, "ms", _WANTED, 1.0)


async def _writing(path: Path) -> dict[str, float]:
    from lyricist.app.app import LyricistApp

    app = LyricistApp(path, service_command=_SILENT)
    watch = _Watch()
    pauses: dict[str, float] = {}
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(2.5)
        await pilot.press("ctrl+end")
        await pilot.pause(0.5)
        steps: dict[str, Callable[[], Awaitable[object]]] = {
            "keys": lambda: pilot.press("x", "enter", "y", "backspace", "up", "ctrl+z", "z"),
            "save": lambda: _and_pause(pilot, pilot.press("ctrl+s")),
            "resize": lambda: _and_pause(pilot, pilot.resize_terminal(80, 24)),
        }
        for name, step in steps.items():
            pauses[name] = await watch.of(step())
    return pauses


async def _and_pause(pilot: Pilot[object], work: Awaitable[object]) -> None:
    await work
    await pilot.pause(0.5)


async def _reading(corpus: Path) -> float:
    from lyricist.app.corpus_reading import report_on_songs
    from lyricist.text.cleaning import Cleaning

    return await _Watch().of(report_on_songs([str(corpus)], None, Cleaning()))


async def _choosing(folder: Path) -> float:
    from textual.app import App

    from lyricist.app.screens.path_dialogs import OpenFile, song_filters

    app: App[None] = App()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(0.3)

        async def look() -> None:
            app.push_screen(OpenFile(folder, filters=song_filters()))
            await pilot.pause(3.0)

        return await _Watch().of(look())


def _repeated(text: str, size: int) -> bytes:
    """Songs of `size` bytes in all, no two of which are the same."""
    data = bytearray()
    number = 0
    while len(data) < size:
        number += 1
        data += f"{text}\n{number}\n\n\n".encode()
    return bytes(data[:size])


@contextmanager
def _home(folder: str) -> Iterator[None]:
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(Path(folder) / "home")
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before
