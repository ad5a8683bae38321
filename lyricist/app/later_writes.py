"""Small files written beside the event loop, one after another: settings, notes of songs.

A disk may be slow, and a key must not wait for it. Of what is written again before its turn came,
only the last is written.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lyricist.app.background import in_background
from lyricist.errors import LyricistError


@dataclass(frozen=True)
class _Write:
    value: Any
    write: Callable[[], None]
    failed: Callable[[LyricistError], None]


class LaterWrites:
    """Writes in the order in which that was asked for; for the event loop's thread alone."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Write] = {}
        self._writing: dict[str, _Write] = {}
        self._task: asyncio.Task[None] | None = None

    def put(
        self,
        what: str,
        value: Any,
        write: Callable[[], None],
        failed: Callable[[LyricistError], None],
    ) -> None:
        """Write something soon.

        Args:
            what: Names the file; an older value that still waits for it is dropped.
            value: What is written, to be looked up by `pending`; nobody may change it any more.
            write: Writes it, in another thread.
            failed: Called with why it could not be written.
        """
        self._waiting.pop(what, None)
        self._waiting[what] = _Write(value, write, failed)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_all())

    def pending(self, what: str) -> Any:
        """Return the newest value that is not on the disk yet, None where there is none."""
        found = self._waiting.get(what) or self._writing.get(what)
        return found.value if found is not None else None

    async def finish(self, seconds: float) -> None:
        """Wait until everything is written, but no longer than `seconds`."""
        if self._task is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._task), seconds)

    async def _write_all(self) -> None:
        while self._waiting:
            what = next(iter(self._waiting))
            self._writing = {what: self._waiting.pop(what)}
            try:
                await in_background(self._writing[what].write)
            except LyricistError as error:
                self._writing[what].failed(error)
            finally:
                self._writing = {}
