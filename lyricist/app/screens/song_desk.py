"""Opening and saving songs, leaving them, and their drafts: the desk under the Write screen."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.screen import Screen

from lyricist.app.background import in_background
from lyricist.app.draft_keeper import DraftKeeper
from lyricist.app.screens.dialogs import (
    RecentSongs,
    draft_found,
    encoding_lacks,
    name_is_taken,
    training_would_stop,
    unsaved_changes,
)
from lyricist.app.song import (
    Song,
    draft_of,
    draft_path,
    draft_to_offer,
    is_newer,
    seconds_between_drafts,
)
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.errors import LyricistError
from lyricist.library.drafts import Draft
from lyricist.library.settings import remember_recent
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.app.app import LyricistApp

_DRAFT_SECONDS = 0.8


class SongDesk(Screen[None]):
    """A screen with an `Editor` and a `StatusBar` that holds one song at a time.

    Args:
        path: A file to begin with; None takes the draft that was left.
        song: The file at `path`, where it has been opened already.
    """

    def __init__(self, path: Path | None = None, song: Song | None = None) -> None:
        super().__init__()
        self._first_song = song
        self.song = Song()
        self._first_path = path
        self._drafts = DraftKeeper()
        self._draft_due = False
        self._draft_on_disk = False
        self._draft_failed = False
        self._next_draft_at = 0.0
        self._keeping = False
        self._saving = threading.Lock()
        self._remarked_at = 0

    @property
    def _lyricist(self) -> LyricistApp:
        return cast("LyricistApp", self.app)

    @property
    def editor(self) -> Editor:
        """The editor pane."""
        return self.query_one(Editor)

    @property
    def status(self) -> StatusBar:
        """The status bar."""
        return self.query_one(StatusBar)

    def open_first_song(self) -> None:
        """Open what the screen was made for, and keep drafts from now on."""
        self.set_interval(_DRAFT_SECONDS, self._keep_draft_if_due)
        self._open_first()

    def song_shown(self) -> None:
        """Another song is in the editor; a subclass may follow."""

    def song_saved(self) -> None:
        """The song was written to its file; a subclass may follow."""

    # --- opening

    @work(exclusive=True, group="file")
    async def _open_first(self) -> None:
        if self._first_path is not None:
            await self._open(self._first_path, self._first_song)
            self._first_song = None
            return
        draft = self._drafts.store.newest()
        if draft is None:
            self._show_song(Song(), "")
            return
        try:
            song = Song.open(Path(draft.path)) if draft.path else Song()
        except LyricistError as error:
            # The file is gone or no text any more: its draft is all there is.
            song = Song()
            self.complain(error)
        self._show_draft(song, draft)

    async def _open(self, path: Path, opened: Song | None = None) -> None:
        try:
            if opened is None:
                opened = await in_background(lambda: Song.open(path))
        except LyricistError as error:
            self.complain(error)
            return
        song = opened
        # The settings are written to the disk: the song is to be seen first.
        self.call_after_refresh(self._remember, path)
        draft = draft_to_offer(self._drafts.store, song)
        if draft is not None:
            question = draft_found(song.name, is_newer(draft, song))
            if await self.app.push_screen_wait(question) != "file":
                self._show_draft(song, draft)
                return
            await self._drafts.discard(draft.path)
        self._show_song(song, song.saved_text)
        if song.opened is None:
            self.remark("a new file")
        elif song.format.guessed:
            self.remark(f"read as {song.format.encoding}, which is a guess")

    def _show_draft(self, song: Song, draft: Draft) -> None:
        self._show_song(song, draft.text, draft.cursor)
        self._draft_on_disk = True
        if song.is_modified(draft.text):
            self.remark("your draft is back")

    def _show_song(self, song: Song, text: str, cursor: tuple[int, int] | None = None) -> None:
        self.song = song
        self.editor.load_text(text)
        if cursor is not None:
            self.editor.move_cursor(self.editor.clamp_visitable(cursor))
        self._draft_due = self._draft_on_disk = False
        self._show_state()
        self.remark("")
        self.call_after_refresh(self.song_shown)

    def _remember(self, path: Path) -> None:
        app = self._lyricist
        app.settings = remember_recent(app.settings, path)
        app.save_settings()

    # --- saving

    async def _save(self) -> bool:
        """Save where the song belongs, asking where that is if need be; False if it was not."""
        if self.song.path is None:
            return await self._save_as()
        return await self._write_to(self.song.path)

    async def _save_as(self) -> bool:
        from lyricist.app.screens.path_dialogs import SaveFile, existing_folder

        name = self.song.name if self.song.path else "song.txt"
        folder = existing_folder(self.song.path)
        while True:
            path = await self.app.push_screen_wait(SaveFile(folder, "Save as", name))
            if path is None:
                return False
            if path == self.song.path or not path.exists():
                return await self._write_to(path)
            answer = await self.app.push_screen_wait(name_is_taken(path.name))
            if answer != "other":
                return answer == "replace" and await self._write_to(path)
            folder, name = existing_folder(path), path.name

    async def _write_to(self, path: Path) -> bool:
        text, song = self.editor.text, self.song
        if lacking := song.lacking(text):
            question = encoding_lacks(song.name, song.format.encoding, lacking)
            if await self.app.push_screen_wait(question) != "utf8":
                return False
            song.use_utf8()
        old_path = draft_path(song)
        try:
            await in_background(lambda: self._save_alone(song, text, path))
        except LyricistError as error:
            self.complain(error)
            return False
        await self._drafts.discard(old_path)
        self._draft_on_disk = False
        self._draft_due = self.editor.text != text
        self._remember(path)
        self._show_state()
        self.song_saved()
        self.remark("saved")
        return True

    def _save_alone(self, song: Song, text: str, path: Path) -> None:
        """One save after the other, for an older text must not come last."""
        with self._saving:
            song.save(text, path)

    async def _may_leave(self, leaving: bool = False) -> bool:
        """Ask about unsaved changes; False to stay with the song."""
        if not self._is_modified():
            return True
        answer = await self.app.push_screen_wait(unsaved_changes(self.song.name, leaving))
        if answer == "save":
            return await self._save()
        if answer == "keep":
            try:
                self.keep_draft_now()
            except LyricistError as error:
                self.complain(error)
                return False
            return True
        if answer == "discard":
            self._draft_due = False
            await self._drafts.discard(draft_path(self.song))
            return True
        return False

    async def _may_stop_training(self) -> bool:
        training = self._lyricist.training
        if training is None or not training.is_active:
            return True
        return await self.app.push_screen_wait(training_would_stop()) == "quit"

    # --- what the keys call

    @work(exclusive=True, group="file")
    async def action_save(self) -> None:
        """Save."""
        await self._save()

    @work(exclusive=True, group="file")
    async def action_save_as(self) -> None:
        """Save under another name."""
        await self._save_as()

    @work(exclusive=True, group="file")
    async def action_open(self) -> None:
        """Open a file."""
        from lyricist.app.screens.path_dialogs import OpenFile, existing_folder

        path = await self.app.push_screen_wait(OpenFile(existing_folder(self.song.path)))
        if path is not None and await self._may_leave():
            await self._open(path)

    @work(exclusive=True, group="file")
    async def action_recent(self) -> None:
        """Open a recent song."""
        path = await self.app.push_screen_wait(RecentSongs(self._lyricist.settings.recent))
        if path is not None and await self._may_leave():
            await self._open(Path(path))

    @work(exclusive=True, group="file")
    async def action_new(self) -> None:
        """Begin a new song, or go on with a draft that has no file yet."""
        if not await self._may_leave():
            return
        draft = self._drafts.store.for_document(None)
        if draft is not None and draft.text.strip():
            self._show_draft(Song(), draft)
        else:
            self._show_song(Song(), "")

    @work(exclusive=True, group="file")
    async def action_leave(self) -> None:
        """Quit, after asking about a training that runs and about unsaved changes."""
        if await self._may_stop_training() and await self._may_leave(leaving=True):
            self._lyricist.exit(0)

    # --- drafts

    @on(Editor.Changed)
    def _song_changed(self) -> None:
        self._draft_due = True
        self.status.show(modified=self._is_modified())
        if self._remarked_at != self.editor.revision:
            self.status.show(remark="")

    def _keep_draft_if_due(self) -> None:
        now = time.monotonic()
        if self._draft_due and not self._keeping and now >= self._next_draft_at:
            self._draft_due = False
            self._next_draft_at = now + seconds_between_drafts(self.editor.song.length)
            self._keep_draft_aside()

    @work(group="draft")
    async def _keep_draft_aside(self) -> None:
        self._keeping = True
        try:
            if self._is_modified():
                self._draft_on_disk = True
                await self._drafts.keep(self._draft())
            elif self._draft_on_disk:
                # The writer has undone it all.
                self._draft_on_disk = False
                await self._drafts.discard(draft_path(self.song))
            self._draft_failed = False
        except LyricistError as error:
            self._draft_due = True
            if not self._draft_failed:
                self.complain(error)
            self._draft_failed = True
        finally:
            self._keeping = False

    def keep_draft_now(self) -> None:
        """Keep the draft before this returns, for the moment before the end.

        Raises:
            LyricistError: If the disk refuses.
        """
        if self._is_modified():
            self._drafts.keep_now(self._draft())

    def _draft(self) -> Draft:
        return draft_of(self.song, self.editor.text, self.editor.cursor_location)

    def _is_modified(self) -> bool:
        document = self.editor.song
        return not self.song.is_saved_as(document.lines, document.length)

    # --- telling

    @on(Editor.SelectionChanged)
    def _cursor_moved(self) -> None:
        row, column = self.editor.cursor_location
        self.status.show(position=f"{row + 1}:{column + 1}")

    def _show_state(self) -> None:
        self.status.show(song=self.song.name, modified=self._is_modified())

    def remark(self, text: str) -> None:
        """Say something in the status bar until the song changes."""
        self._remarked_at = self.editor.revision
        self.status.show(remark=text)

    def complain(self, error: LyricistError) -> None:
        """Show an error."""
        self.notify(visible(str(error)), severity="error", markup=False, timeout=10)
