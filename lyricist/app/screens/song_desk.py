"""Opening and saving songs, leaving them, and their drafts: the desk under the Write screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.screen import Screen

from lyricist.app.background import in_background
from lyricist.app.screens.dialogs import RecentSongs, draft_found, unsaved_changes
from lyricist.app.song import Song, draft_of, draft_to_offer
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.errors import LyricistError
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.settings import remember_recent
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.app.app import LyricistApp

_DRAFT_SECONDS = 0.8


class SongDesk(Screen[None]):
    """A screen with an `Editor` and a `StatusBar` that holds one song at a time.

    Args:
        path: A file to begin with; None takes the draft that was left.
    """

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self._first_path = path
        self._drafts = DraftStore()
        self._draft_due = False
        self._draft_failed = False
        self.song = Song()

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

    def song_shown(self, text: str) -> None:
        """Another song is in the editor; a subclass may follow."""

    # --- opening and saving

    @work(exclusive=True, group="file")
    async def _open_first(self) -> None:
        if self._first_path is not None:
            await self._open(self._first_path)
            return
        draft = self._drafts.newest()
        if draft is None:
            self._show_song(Song(), "")
            return
        try:
            song = Song.open(Path(draft.path)) if draft.path else Song()
        except LyricistError as error:
            # The file is gone or no text any more: its draft is all there is.
            song = Song()
            self._remark(str(error))
        self._show_song(song, draft.text, draft.cursor)
        if song.is_modified(draft.text):
            self._remark("your draft is back")

    async def _open(self, path: Path) -> None:
        try:
            song = await in_background(lambda: Song.open(path))
        except LyricistError as error:
            self._complain(error)
            return
        draft = draft_to_offer(self._drafts, song)
        if draft is not None:
            answer = await self.app.push_screen_wait(draft_found(song.name))
            if answer == "draft":
                self._show_song(song, draft.text, draft.cursor)
                self._remember(path)
                return
        self._show_song(song, song.saved_text)
        self._remember(path)
        if song.format.guessed:
            self._remark(f"read as {song.format.encoding}, which is a guess")

    def _show_song(self, song: Song, text: str, cursor: tuple[int, int] | None = None) -> None:
        self.song = song
        self.editor.load_text(text)
        if cursor is not None:
            self.editor.move_cursor(self.editor.clamp_visitable(cursor))
        self._draft_due = False
        self._show_state()
        self.status.show(remark="")
        self.song_shown(text)

    def _remember(self, path: Path) -> None:
        app = self._lyricist
        app.settings = remember_recent(app.settings, path)
        app.save_settings()

    async def _save(self) -> bool:
        """Save where the song belongs, asking where that is if need be; False if it was not."""
        if self.song.path is None:
            return await self._save_as()
        return await self._write_to(self.song.path)

    async def _save_as(self) -> bool:
        from lyricist.app.screens.path_dialogs import SaveFile, existing_folder

        name = self.song.name if self.song.path else "song.txt"
        dialog = SaveFile(existing_folder(self.song.path), "Save as", name)
        path = await self.app.push_screen_wait(dialog)
        return path is not None and await self._write_to(path)

    async def _write_to(self, path: Path) -> bool:
        text, song = self.editor.text, self.song
        old_path = song.path
        try:
            await in_background(lambda: song.save(text, path))
        except LyricistError as error:
            self._complain(error)
            return False
        self._drafts.discard(old_path)
        self._draft_due = self.editor.text != text
        self._remember(path)
        self._show_state()
        self._remark("saved")
        return True

    async def _may_leave(self, leaving: bool = False) -> bool:
        """Ask about unsaved changes; False to stay with the song."""
        if not self.song.is_modified(self.editor.text):
            return True
        answer = await self.app.push_screen_wait(unsaved_changes(self.song.name, leaving))
        if answer == "save":
            return await self._save()
        if answer == "keep":
            try:
                self.keep_draft_now()
            except LyricistError as error:
                self._complain(error)
                return False
            return True
        if answer == "discard":
            self._drafts.discard(self.song.path)
            self._draft_due = False
            return True
        return False

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

        if await self._may_leave():
            path = await self.app.push_screen_wait(OpenFile(existing_folder(self.song.path)))
            if path is not None:
                await self._open(path)

    @work(exclusive=True, group="file")
    async def action_recent(self) -> None:
        """Open a recent song."""
        path = await self.app.push_screen_wait(RecentSongs(self._lyricist.settings.recent))
        if path is not None and await self._may_leave():
            await self._open(Path(path))

    @work(exclusive=True, group="file")
    async def action_new(self) -> None:
        """Begin a new song."""
        if await self._may_leave():
            self._show_song(Song(), "")

    @work(exclusive=True, group="file")
    async def action_leave(self) -> None:
        """Quit, after asking about unsaved changes."""
        if await self._may_leave(leaving=True):
            self._lyricist.exit(0)

    # --- drafts

    def _keep_draft_if_due(self) -> None:
        if self._draft_due:
            self._draft_due = False
            self._keep_draft_aside()

    @work(exclusive=False, group="draft")
    async def _keep_draft_aside(self) -> None:
        draft = self._draft()
        try:
            await in_background(lambda: self._drafts.keep(draft))
        except LyricistError as error:
            self._draft_due = True
            if not self._draft_failed:
                self._complain(error)
            self._draft_failed = True
        else:
            self._draft_failed = False

    def keep_draft_now(self) -> None:
        """Keep the draft before this returns, for the moment before the end.

        Raises:
            LyricistError: If the disk refuses.
        """
        if self.song.is_modified(self.editor.text):
            self._drafts.keep(self._draft())

    def _draft(self) -> Draft:
        return draft_of(self.song, self.editor.text, self.editor.cursor_location)

    @on(Editor.Changed)
    def _changed(self) -> None:
        self._draft_due = self.song.is_modified(self.editor.text)
        self.status.show(modified=self._draft_due, remark="")

    def _show_state(self) -> None:
        modified = self.song.is_modified(self.editor.text)
        self.status.show(song=self.song.name, modified=modified)

    def _remark(self, text: str) -> None:
        self.status.show(remark=text)

    def _complain(self, error: LyricistError) -> None:
        self.notify(visible(str(error)), severity="error", markup=False, timeout=10)
