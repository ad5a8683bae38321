"""Drafts written beside the event loop, strictly one after another.

A disk may be slow. A draft that was on its way when the song was saved must not come back
afterwards, and an older text must not replace a newer one.
"""

from __future__ import annotations

import threading

from lyricist.app.background import in_background
from lyricist.library.drafts import Draft, DraftStore


class DraftKeeper:
    """Keeps and discards drafts in the order in which that was asked for; the last one counts.

    Its methods are for the event loop's thread alone.
    """

    def __init__(self, store: DraftStore | None = None) -> None:
        self.store = store or DraftStore()
        self._lock = threading.Lock()
        self._newest = 0

    async def keep(self, draft: Draft) -> None:
        """Store `draft`, unless something newer is asked for meanwhile.

        Raises:
            DocumentError: If the disk refuses.
        """
        number = self._number()
        await in_background(lambda: self._keep(number, draft))

    def keep_now(self, draft: Draft) -> None:
        """Store `draft` before this returns.

        Raises:
            DocumentError: If the disk refuses.
        """
        self._keep(self._number(), draft)

    async def discard(self, path: str | None) -> None:
        """Delete the draft of the document at `path`, None for the one without a file."""
        self._number()
        await in_background(lambda: self._discard(path))

    def _number(self) -> int:
        self._newest += 1
        return self._newest

    def _keep(self, number: int, draft: Draft) -> None:
        with self._lock:
            if number == self._newest:
                self.store.keep(draft)

    def _discard(self, path: str | None) -> None:
        with self._lock:
            self.store.discard(path)
