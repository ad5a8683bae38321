"""Drafts, and what can be undone in them, written beside the event loop, one after another.

A disk may be slow. A draft that was on its way when the song was saved must not come back
afterwards, and an older text must not replace a newer one.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lyricist.app.background import in_background
from lyricist.app.song import joined
from lyricist.errors import DocumentError, LyricistError
from lyricist.library.draft_change import DraftChange, mark_of
from lyricist.library.draft_file import Draft
from lyricist.library.drafts import DraftStore
from lyricist.library.undo_journal import UndoHistory, UndoStore, is_history_of
from lyricist.text.common_lines import common_lines

# Characters beyond which a draft is not written whole each time, and undo not with it.
_LONG = 500_000


@dataclass(frozen=True)
class OpenDraft:
    """A draft whose lines have not been joined, which may take long.

    path: the document it belongs to, None for one without a file. cursor: row and column, from 0.
    """

    lines: list[str]
    path: str | None
    cursor: tuple[int, int]

    def closed(self) -> Draft:
        """Return it as it is stored."""
        return Draft(joined(self.lines), self.path, self.cursor, time.time())


@dataclass(frozen=True)
class _Whole:
    """A draft of a long song as it was stored whole. name: of its document. of: what a change of
    it says."""

    name: str
    lines: list[str]
    of: tuple[int, int]


class DraftKeeper:
    """Keeps and discards drafts in the order in which that was asked for; the last one counts.

    Its methods are for the event loop's thread alone. Where undo cannot be kept, nobody is told:
    the song is safe.
    """

    def __init__(self, store: DraftStore | None = None) -> None:
        self.store = store or DraftStore()
        self._undo = UndoStore()
        self._lock = threading.Lock()
        self._newest = 0
        self._whole: _Whole | None = None

    async def keep(
        self, draft: Draft | OpenDraft, history: UndoHistory | None = None
    ) -> Path | None:
        """Store a draft, unless something newer is asked for meanwhile.

        Args:
            draft: The song as it is.
            history: What can be undone in it.

        Returns:
            The folder it had to be kept in where the usual one cannot take it, None otherwise.

        Raises:
            DocumentError: If the disk refuses.
        """
        number = self._number()
        return await in_background(lambda: self._keep(number, draft, history))

    def keep_now(self, draft: Draft) -> None:
        """Store `draft` before this returns.

        Raises:
            DocumentError: If the disk refuses.
        """
        self._keep(self._number(), draft, None)

    def keep_undo_now(self, path: str | None, text: str, history: UndoHistory) -> None:
        """Store what can be undone in the song before this returns."""
        self._keep_undo(self._newest, path, text, history)

    async def discard(self, path: str | None) -> None:
        """Delete the draft of the document at `path`, None for the one without a file."""
        self._number()
        await in_background(lambda: self._discard(path))

    async def keep_undo(self, path: str | None, text: str, history: UndoHistory) -> None:
        """Store what can be undone in a song without a draft, unless a draft is asked for."""
        # A draft that was asked for before is not to be left out for this.
        number = self._newest
        await in_background(lambda: self._keep_undo(number, path, text, history))

    async def undo_of(self, path: str | None, text: str) -> UndoHistory:
        """Return what can be undone in `text`, the song at `path`."""
        return await in_background(lambda: self._undo_of(path, text))

    async def forget(self, remove: Callable[[], None]) -> None:
        """Call `remove`, which takes all drafts away; none that was on its way comes after it.

        Raises:
            Exception: What `remove` raises.
        """
        self._number()
        await in_background(lambda: self._alone(remove))

    def _number(self) -> int:
        self._newest += 1
        return self._newest

    def _keep(
        self, number: int, draft: Draft | OpenDraft, history: UndoHistory | None
    ) -> Path | None:
        with self._lock:
            if number != self._newest:
                return None
            if isinstance(draft, OpenDraft) and self._keep_change(draft):
                return None
            made = draft.closed() if isinstance(draft, OpenDraft) else draft
            self._whole = None
            refuge = self.store.keep(made)
            if isinstance(draft, OpenDraft) and len(made.text) > _LONG:
                if refuge is None:
                    self._whole = _Whole(self._name(made.path), draft.lines, mark_of(made.text))
            elif history is not None:
                self._store_undo(made.path, made.text, history)
            return refuge

    def _keep_change(self, draft: OpenDraft) -> bool:
        """Store what has changed since the draft was stored whole; False where that is too much."""
        whole = self._whole
        if whole is None or whole.name != self._name(draft.path):
            return False
        head, tail = common_lines(whole.lines, draft.lines)
        lines = tuple(draft.lines[head : len(draft.lines) - tail])
        if sum(map(len, lines)) + len(lines) > _LONG // 4:
            return False
        change = DraftChange(whole.of, head, tail, lines, draft.cursor, time.time())
        try:
            self.store.keep_change(draft.path, change)
        except DocumentError:
            return False
        return True

    def _name(self, path: str | None) -> str:
        """What tells a document from any other: those without a file have names of their own."""
        return path if path is not None else self.store.untitled

    def _discard(self, path: str | None) -> None:
        with self._lock:
            self._whole = None
            self.store.discard(path)
            if path is None:
                # The next song without a file is another one.
                self._undo_store().discard(None)

    def _keep_undo(self, number: int, path: str | None, text: str, history: UndoHistory) -> None:
        with self._lock:
            if number == self._newest:
                self._store_undo(path, text, history)

    def _store_undo(self, path: str | None, text: str, history: UndoHistory) -> None:
        with contextlib.suppress(LyricistError):
            self._undo_store().keep(path, text, history)

    def _undo_of(self, path: str | None, text: str) -> UndoHistory:
        with self._lock:
            history = self._undo_store().load(path, text)
            if not is_history_of(text, history):
                self._undo_store().set_aside(path)
                return UndoHistory()
        return history

    def _undo_store(self) -> UndoStore:
        self._undo.untitled = self.store.untitled
        return self._undo

    def _alone(self, remove: Callable[[], None]) -> None:
        with self._lock:
            self._whole = None
            remove()
