"""The draft of the song in the editor, and its undo: kept while keys come in, brought back later.

At most a second of typing is lost, however the program ends: a draft is begun `DRAFT_SECONDS`
after the first change that is in none, and a draft of ten million characters is on the disk in
less than half a second.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.screen import Screen

from lyricist.app.draft_keeper import DraftKeeper, OpenDraft
from lyricist.app.song import Song, draft_of, draft_path
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.kept_history import kept_history, put_back
from lyricist.app.widgets.song_history import SongHistory
from lyricist.errors import LyricistError
from lyricist.library.set_aside import take_notices
from lyricist.library.undo_journal import UndoHistory
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.app.app import LyricistApp

DRAFT_SECONDS = 0.25
# After a disk has refused.
_RETRY_SECONDS = 2.0
# By then everything that belongs to a song has been read.
_NOTICE_SECONDS = 1.0
# A disk that stands still does not keep the app from ending.
_LAST_SECONDS = 1.0


class DraftDesk(Screen[None]):
    """A screen with an `Editor` that holds one song at a time and keeps its draft.

    Attributes:
        song: The one in the editor.
    """

    def __init__(self) -> None:
        super().__init__()
        self.song = Song()
        self._drafts = DraftKeeper()
        self._draft_due = False
        self._draft_on_disk = False
        self._draft_failed = False
        self._draft_refuge: Path | None = None
        self._keeping = False
        self._waits_for_keeping = False
        # Until it is known, what is kept must not be written over.
        self._undo_known = False

    @property
    def _lyricist(self) -> LyricistApp:
        return cast("LyricistApp", self.app)

    @property
    def editor(self) -> Editor:
        """The editor pane."""
        return self.query_one(Editor)

    def complain(self, error: LyricistError) -> None:
        """Show an error."""
        self.notify(visible(str(error)), severity="error", markup=False, timeout=10)

    def _is_modified(self) -> bool:
        document = self.editor.song
        return not self.song.is_saved_as(document.lines, document.length)

    # --- while the song changes

    @on(Editor.Changed)
    def draft_becomes_due(self) -> None:
        """Keep a draft before long."""
        if not self._draft_due:
            self._draft_due = True
            self.set_timer(DRAFT_SECONDS, self._keep_draft_if_due)

    def _keep_draft_if_due(self) -> None:
        if self._keeping:
            self._waits_for_keeping = True
        elif self._draft_due:
            self._draft_due = False
            self._keep_draft_aside()

    @work(group="draft")
    async def _keep_draft_aside(self) -> None:
        self._keeping, failed = True, False
        try:
            await self._keep_draft()
        except LyricistError as error:
            failed = self._draft_due = True
            self.set_timer(_RETRY_SECONDS, self._keep_draft_if_due)
            if not self._draft_failed:
                self.complain(error)
        finally:
            self._keeping, self._draft_failed = False, failed
        waits, self._waits_for_keeping = self._waits_for_keeping, False
        if waits and not failed:
            self._keep_draft_if_due()

    async def _keep_draft(self) -> None:
        """Keep the draft, or discard it where the writer has undone it all.

        Raises:
            LyricistError: If the disk refuses.
        """
        if self.editor.read_only:
            # It is another window's.
            return
        path, history = draft_path(self.song), self._history()
        if self._is_modified():
            self._draft_on_disk = True
            self._say_where(await self._drafts.keep(self._open_draft(), history))
            return
        if self._draft_on_disk:
            self._draft_on_disk = False
            await self._drafts.discard(path)
        if history is not None:
            await self._drafts.keep_undo(path, self.song.saved_text, history)

    def _open_draft(self) -> OpenDraft:
        lines = self.editor.song.lines.copy()
        return OpenDraft(lines, draft_path(self.song), self.editor.cursor_location)

    def _say_where(self, refuge: Path | None) -> None:
        """Say it once if drafts have to be kept elsewhere."""
        if refuge is not None and refuge != self._draft_refuge:
            text = f"the draft cannot be kept in its own folder; it is kept in {refuge}"
            self.notify(visible(text), severity="warning", markup=False, timeout=10)
        self._draft_refuge = refuge

    def keep_draft_now(self) -> None:
        """Keep the draft before this returns, for the moment before the end.

        Raises:
            LyricistError: If the disk refuses.
        """
        if self._is_modified():
            text = self.editor.text
            draft = draft_of(self.song, text, self.editor.cursor_location)
            self._drafts.keep_now(draft)
            # The song is safe by now, whatever may be wrong with this.
            if (history := self._history()) is not None:
                self._drafts.keep_undo_now(draft.path, text, history)

    async def forget_drafts(self, remove: Callable[[], None]) -> None:
        """Let `remove` take all drafts away; the song is kept as one again once it changes.

        Raises:
            LyricistError: If `remove` does.
        """
        await self.finish_keeping()
        self._draft_due = self._draft_on_disk = False
        self.editor.history.clear()
        await self._drafts.forget(remove)

    # --- when it has been saved

    async def settle_draft(self, old_path: str | None) -> None:
        """The song has been saved: its draft goes, unless the writer has typed on meanwhile.

        Args:
            old_path: What the draft was kept under so far.
        """
        try:
            # What was typed on is kept before the older draft goes.
            self._draft_on_disk = True
            await self._keep_draft()
        except LyricistError as error:
            self.complain(error)
        if old_path != draft_path(self.song):
            await self._drafts.discard(old_path)

    async def finish_keeping(self) -> None:
        """Wait, not for long, for what is being written, and write down what can be undone."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._finish(), _LAST_SECONDS)

    async def _finish(self) -> None:
        history = self._history()
        if history is not None and not self.editor.read_only and not self._is_modified():
            path = draft_path(self.song)
            await self._drafts.keep_undo(path, self.song.saved_text, history)

    # --- undo

    def _history(self) -> UndoHistory | None:
        """What can be undone now; None while it is not known yet."""
        return kept_history(cast(SongHistory, self.editor.history)) if self._undo_known else None

    @work(exclusive=True, group="undo")
    async def bring_undo_back(self, text: str) -> None:
        """Let what could be undone in the song before be undone again.

        Args:
            text: The song as it was shown; edits may have been made since.
        """
        self._undo_known, song = False, self.song
        kept = await self._drafts.undo_of(draft_path(song), text)
        put_back(cast(SongHistory, self.editor.history), kept)
        self._undo_known = True
        self.set_timer(_NOTICE_SECONDS, self.tell_what_was_set_aside)

    def tell_what_was_set_aside(self) -> None:
        """Show which of our own files were damaged, each once."""
        for notice in take_notices():
            self.notify(visible(notice), severity="warning", markup=False, timeout=10)
