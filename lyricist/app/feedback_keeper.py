"""The gate of this writer: loaded behind the first frame, saved now and then and at the end."""

from __future__ import annotations

import asyncio
import contextlib

from lyricist.app.background import in_background
from lyricist.errors import LyricistError
from lyricist.library.feedback import load_feedback, save_feedback
from lyricist.suggest.gate import Counts, Gate

SECONDS_BETWEEN_SAVES = 60.0


class FeedbackKeeper:
    """Keeps what a `Gate` counts on disk, without ever keeping the writer waiting.

    Attributes:
        gate: Counts from the start on; what is on disk is added once it has been read.
    """

    def __init__(self) -> None:
        self.gate = Gate()
        self._saved: Counts | None = None
        self._writing = asyncio.Lock()

    async def load(self) -> None:
        """Add what was counted in earlier sessions."""
        counts = await in_background(load_feedback)
        self._saved = Gate(counts).counts
        self.gate.add(counts)

    async def save(self) -> None:
        """Write down what is new; a disk that refuses is no reason to trouble the writer."""
        async with self._writing:
            counts = self.gate.counts
            # What has not been read yet must not be written over.
            if self._saved is None or counts == self._saved:
                return
            with contextlib.suppress(LyricistError):
                await in_background(lambda: save_feedback(counts))
                self._saved = counts

    async def forget(self) -> None:
        """Begin counting anew; nothing is on its way to the disk once this returns."""
        async with self._writing:
            self.gate.forget()
            self._saved = self.gate.counts
