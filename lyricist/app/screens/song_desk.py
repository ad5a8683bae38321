"""Opening and saving songs, leaving them, and their drafts: the desk under the Write screen."""

from __future__ import annotations

import threading
from pathlib import Path

from textual import on, work

from lyricist.app.background import in_background
from lyricist.app.screens.dialogs import (
    RecentSongs,
    encoding_lacks,
    name_is_taken,
    training_would_stop,
    unsaved_changes,
)
from lyricist.app.screens.draft_question import ask_about_draft
from lyricist.app.screens.version_desk import VersionDesk
from lyricist.app.song import Song, draft_path, draft_to_offer, how_it_was_read
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.errors import LyricistError
from lyricist.library.draft_file import Draft
from lyricist.library.settings import remember_recent


class SongDesk(VersionDesk):
    """A screen with an `Editor` and a `StatusBar` that holds one song at a time.

    Args:
        path: A file to begin with; None takes the draft that was left.
        song: The file at `path`, where it has been opened already.
    """

    def __init__(self, path: Path | None = None, song: Song | None = None) -> None:
        super().__init__()
        self._first_song = song
        self._first_path = path
        self._save_failed = False
        self._saving = threading.Lock()
        self._remarked_at = 0

    @property
    def status(self) -> StatusBar:
        """The status bar."""
        return self.query_one(StatusBar)

    def open_first_song(self) -> None:
        """Open what the screen was made for."""
        self._open_first()

    def song_shown(self) -> None:
        """Another song is in the editor; a subclass may follow."""

    def song_saved(self) -> None:
        """The song was written to its file; a subclass may follow."""

    async def save_failed(self, path: Path) -> None:
        """The song could not be written to `path`; a subclass may follow."""

    def version_restored(self) -> None:
        """Say how to take it back."""
        self.remark("the earlier version is back; undo takes it away again")

    async def may_show(self, song: Song) -> bool:
        """Whether `song` may come into the editor; a subclass may ask."""
        return True

    async def may_write(self, path: Path) -> bool:
        """Whether the song may be written to `path`; a subclass may ask."""
        return True

    async def left_draft(self) -> Draft | None:
        """Return the draft to begin with."""
        return self._drafts.store.newest()

    @property
    def state(self) -> str:
        """One or two words on how the song stands."""
        return "NOT SAVED" if self._save_failed else ""

    # --- opening

    @work(exclusive=True, group="file")
    async def _open_first(self) -> None:
        if self._first_path is not None:
            await self._open(self._first_path, self._first_song)
            self._first_song = None
            return
        draft = await self.left_draft()
        if draft is None:
            await self.may_show(Song())
            self._show_song(Song(), "")
            return
        try:
            song = Song.open(Path(draft.path)) if draft.path else Song()
        except LyricistError as error:
            # The file is gone or no text any more: its draft is all there is.
            song = Song()
            self.complain(error)
        await self.may_show(song)
        self._show_draft(song, draft)

    async def _open(self, path: Path, opened: Song | None = None) -> None:
        try:
            if opened is None:
                opened = await in_background(lambda: Song.open(path))
        except LyricistError as error:
            self.complain(error)
            return
        song = opened
        if not await self.may_show(song):
            return
        # The settings are written to the disk: the song is to be seen first.
        self.call_after_refresh(self._remember, path)
        draft = None if self.editor.read_only else draft_to_offer(self._drafts.store, song)
        if draft is not None:
            if await ask_about_draft(self.app, song, draft) != "file":
                self._show_draft(song, draft)
                return
            await self._drafts.discard(draft.path)
        self._show_song(song, song.saved_text)
        if song.opened is None:
            self.remark("a new file")
        elif song.format.guessed:
            self.remark(how_it_was_read(song))

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
        self._draft_due = self._draft_on_disk = self._save_failed = False
        self.bring_undo_back(text)
        self.version_begins()
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
        if not await self.may_write(path):
            return False
        text, song = self.editor.text, self.song
        if lacking := song.lacking(text):
            question = encoding_lacks(song.name, song.format.encoding, lacking)
            if await self.app.push_screen_wait(question) != "utf8":
                return False
            song.use_utf8()
        try:
            await self.write_now(path)
        except LyricistError as error:
            self._save_failed = True
            self._show_state()
            self.complain(await self._kept_at_least(error))
            await self.save_failed(path)
            return False
        self.remark("saved")
        return True

    async def write_now(self, path: Path) -> None:
        """Write the song as it is to `path`, asking nothing.

        Raises:
            LyricistError: If it cannot be written.
        """
        text, song = self.editor.text, self.song
        old_path = draft_path(song)
        await in_background(lambda: self._save_alone(song, text, path))
        if song is not self.song:
            # Another one is in the editor by now.
            return
        self._save_failed = False
        await self.settle_draft(old_path)
        self.keep_saved_version(text, untitled=old_path is None)
        self._remember(path)
        self._show_state()
        self.song_saved()

    async def _kept_at_least(self, error: LyricistError) -> LyricistError:
        """Keep what could not be saved as a draft, and say so in the same line."""
        try:
            refuge = await self._drafts.keep(self._open_draft(), self._history())
        except LyricistError:
            self.draft_becomes_due()
            return error
        self._draft_on_disk, self._draft_refuge = True, refuge
        where = f" in {refuge}" if refuge is not None else ""
        return LyricistError(error.cause, f"{error.mend}, and is kept as a draft{where}")

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
        await self.may_show(Song())
        draft = self._drafts.store.for_document(None)
        if draft is not None and draft.text.strip():
            self._show_draft(Song(), draft)
        else:
            self._show_song(Song(), "")

    @work(exclusive=True, group="file")
    async def action_leave(self) -> None:
        """Quit, after asking about a training that runs and about unsaved changes."""
        if await self._may_stop_training() and await self._may_leave(leaving=True):
            await self.finish_keeping()
            self._lyricist.exit(0)

    @on(Editor.Changed)
    def _song_changed(self) -> None:
        self.status.show(modified=self._is_modified())
        if self._remarked_at != self.editor.revision:
            self.status.show(remark="")

    # --- telling

    @on(Editor.SelectionChanged)
    def _cursor_moved(self) -> None:
        row, column = self.editor.cursor_location
        self.status.show(position=f"{row + 1}:{column + 1}")

    def _show_state(self) -> None:
        self.status.show(song=self.song.name, modified=self._is_modified(), state=self.state)

    def remark(self, text: str) -> None:
        """Say something in the status bar until the song changes."""
        self._remarked_at = self.editor.revision
        self.status.show(remark=text)
