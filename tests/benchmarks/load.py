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
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lyricist.benchmarks.figure import Figure, smaller_is_better

from lyricist.library.paths import HOME_VARIABLE, songbook
from lyricist.text.corpus import read_corpus

if TYPE_CHECKING:
    from textual.pilot import Pilot

_Result = TypeVar("_Result")
_WANTED = 100.0
_TICK = 0.01
_SILENT = (sys.executable, "-c", "import sys; sys.stdin.read()")


class _Watch:
    """Notes the longest that the event loop was kept from its turn, in milliseconds.

    Args:
        clock: Of the loop's own thread; of the whole process where others keep the loop waiting.
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
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
        before = self._clock()
        while True:
            await asyncio.sleep(_TICK)
            now = self._clock()
            self.longest = max(self.longest, 1000 * (now - before))
            before = now


def measure(megabytes: int = 100, files: int = 20_000, models: int = 200) -> Iterator[Figure]:
    """Yield the longest pauses with a long song, a line without end, a corpus of `megabytes` and
    a folder of `files` and a library of `models`."""
    with tempfile.TemporaryDirectory() as name, _home(name):
        folder = Path(name)
        songs = [song.text for song in read_corpus([songbook()]).songs]
        text = "\n".join(songs)
        from lyricist.library.documents import MAX_DOCUMENT_BYTES, MAX_LINE_CHARACTERS

        long = _repeated(text, MAX_DOCUMENT_BYTES).decode("utf-8", "ignore")
        one_line = long.replace("\n", " ")[:MAX_LINE_CHARACTERS]
        for what, content in (("longest song", long), ("longest line", one_line)):
            path = folder / "song.txt"
            path.write_text(content, encoding="utf-8")
            for how, pause in _run(_writing(path)).items():
                yield smaller_is_better(f"load, {what}, {how}", pause, "ms", _WANTED, 1.0)
        corpus = folder / "corpus.txt"
        corpus.write_bytes(_repeated(text, megabytes * 1_000_000))
        pause = _run(_reading(corpus))
        yield smaller_is_better(
            f"load, corpus of {megabytes:,} MB is read", pause, "ms", _WANTED, 1.0
        )
        many = folder / "many"
        many.mkdir()
        for n in range(files):
            (many / f"song-{n}.txt").touch()
        pause = _run(_choosing(many))
        yield smaller_is_better(f"load, folder of {files:,} files", pause, "ms", _WANTED, 1.0)
        _make_models(models)
        for what, pause in _run(_looking_at_models(folder / "song.txt")).items():
            yield smaller_is_better(
                f"load, {models:,} models, {what} screen", pause, "ms", _WANTED, 1.0
            )


def _run(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Do `work` with garbage collected as in the program that a writer starts."""
    from lyricist.app.garbage import collection_put_off

    with collection_put_off():
        return asyncio.run(work)


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

    return await _Watch(time.process_time).of(report_on_songs([str(corpus)], None, Cleaning()))


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


def _make_models(number: int) -> None:
    """Fill the library with copies of a shipped card and something in place of weights."""
    from lyricist.library.paths import paths, shipped_models

    card = (shipped_models() / "en" / "model.toml").read_bytes()
    for n in range(number):
        folder = paths().models / f"model-{n}"
        folder.mkdir(parents=True)
        (folder / "model.toml").write_bytes(card)
        (folder / "model.safetensors").touch()


async def _looking_at_models(song: Path) -> dict[str, float]:
    from lyricist.app.app import LyricistApp

    song.write_text("a song\n", encoding="utf-8")
    app = LyricistApp(song, service_command=_SILENT)
    pauses: dict[str, float] = {}
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(2.0)
        for name in ("train", "models"):
            await pilot.pause(0.5)

            async def look(name: str = name) -> None:
                getattr(app.write_screen, f"action_{name}")()
                await pilot.pause(2.0)

            pauses[name] = await _Watch().of(look())
            await pilot.press("escape")
    return pauses


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
