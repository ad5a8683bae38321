"""What other programs do to the song's file: noticed while it is open, asked about on saving."""

from __future__ import annotations

from pathlib import Path

from lyricist.app.background import in_background
from lyricist.app.changed_lines import changed_lines
from lyricist.app.screens.difference import DifferenceScreen
from lyricist.app.screens.song_ownership import SongOwnership
from lyricist.app.screens.song_questions import CONFLICT_ANSWERS, changed_by_another
from lyricist.app.song import Song
from lyricist.errors import DocumentError, LyricistError
from lyricist.library.aftermath import tidy_up
from lyricist.library.documents import OpenedDocument, document_of
from lyricist.library.file_changes import FileChange, Sight, change_of, keep_beside, sight_of
from lyricist.library.paths import document_key
from lyricist.text.display import visible


class SongWatch(SongOwnership):
    """A `SongDesk` that never overwrites what another program wrote without asking."""

    WATCH_SECONDS = 2.0

    def __init__(self, path: Path | None = None, song: Song | None = None) -> None:
        super().__init__(path, song)
        self._sight: Sight | None = None
        self._looking = False
        # What the writer has been told of already.
        self._told: FileChange | None = None

    def open_first_song(self) -> None:
        """Open what the screen was made for, and look at its file from now on."""
        super().open_first_song()
        self.set_interval(self.WATCH_SECONDS, self._look)
        self.call_after_refresh(self._tidy_up)

    def song_shown(self) -> None:
        """Another file is to be looked at."""
        super().song_shown()
        self._sight = self._told = None

    def song_saved(self) -> None:
        """The file is as it should be."""
        super().song_saved()
        self._sight = self._told = None

    def _tidy_up(self) -> None:
        self.run_worker(in_background(tidy_up), group="aftermath")

    # --- looking

    def _look(self) -> None:
        if self.is_current and not self._looking:
            self._looking = True
            self.run_worker(self._look_at_file(), group="watch")

    async def _look_at_file(self) -> None:
        try:
            await self.look_at_right()
            song = self.song
            if song.path is not None:
                sight, change = await in_background(lambda: self._changed_since(song))
                if song is self.song and self.is_current:
                    self._sight = sight
                    self._follow(song, change)
        finally:
            self._looking = False

    def _changed_since(self, song: Song) -> tuple[Sight | None, FileChange]:
        # A save that is on its way is no change by another program.
        with self._saving:
            assert song.path is not None
            sight = sight_of(song.path)
            if sight is not None and sight == self._sight:
                return sight, FileChange("same")
            return sight, change_of(song.path, song.content)

    def _follow(self, song: Song, change: FileChange) -> None:
        if change.kind == "same":
            if song.is_lost and self._sight is not None:
                song.is_lost = False
                self._show_state()
            return
        if change.kind == "gone":
            if not song.is_lost:
                song.is_lost = True
                self._show_state()
                self._warn(f"{song.name} was deleted by another program; saving writes it again")
            return
        theirs = _as_document(song, change)
        if theirs is not None and theirs.text == self.editor.text:
            song.take(theirs)
            self._show_state()
        elif theirs is not None and not self._is_modified():
            self._take(theirs)
            undo = "" if self.editor.read_only else "; undo brings the old text back"
            self.remark(f"changed by another program and read again{undo}")
        elif change != self._told:
            self._told = change
            self._warn(f"{song.name} was changed by another program; saving asks what to do")

    def _take(self, theirs: OpenedDocument) -> None:
        """Put what the file holds into the editor, as an edit that can be undone."""
        reading, self.editor.read_only = self.editor.read_only, False
        start, end, text = changed_lines(self.editor.song.lines, theirs.text.split("\n"))
        self.editor.history.checkpoint()
        self.editor.replace(text, start, end)
        self.editor.history.checkpoint()
        self.editor.read_only = reading
        self.song.take(theirs)
        self._show_state()

    def _warn(self, text: str) -> None:
        self.notify(visible(text), severity="warning", markup=False, timeout=10)

    # --- saving

    async def may_write(self, path: Path) -> bool:
        """Ask before another program's changes are overwritten."""
        if not await super().may_write(path):
            return False
        song = self.song
        if song.path is None or document_key(path) != document_key(song.path):
            return True
        agreed: bytes | None = None
        while True:
            change = await in_background(lambda: change_of(path, song.content))
            # What came after the answer is another change, to be asked about again.
            if change.kind != "changed" or (agreed is not None and change.content == agreed):
                return True
            theirs = _as_document(song, change)
            if theirs is not None and theirs.text == self.editor.text:
                song.take(theirs)
                return True
            self._told = change
            answer = await self._ask_what_to_do(song, theirs)
            if answer == "theirs" and theirs is not None:
                self._take(theirs)
                self.remark("taken as the file holds it; undo brings your text back")
                return False
            if answer == "both" and not await self._keep_theirs(path, change):
                return False
            if answer not in ("both", "overwrite"):
                return False
            if change.content is None:
                return True
            agreed = change.content

    async def _ask_what_to_do(self, song: Song, theirs: OpenedDocument | None) -> str | None:
        question = changed_by_another(song.name, comparable=theirs is not None)
        answer = await self.app.push_screen_wait(question)
        if answer != "compare" or theirs is None:
            return answer
        return await self.app.push_screen_wait(
            DifferenceScreen(
                f"{song.name}, as another program left it",
                theirs.text,
                "here in the editor",
                self.editor.text,
                CONFLICT_ANSWERS,
            )
        )

    async def _keep_theirs(self, path: Path, change: FileChange) -> bool:
        try:
            kept = await in_background(lambda: keep_beside(path, change.content))
        except (LyricistError, OSError) as error:
            cause = f"the other version of {visible(path.name)} cannot be kept ({error})"
            self.complain(DocumentError(cause, "save under another name (F12)"))
            return False
        self._warn(f"the other program's version is kept as {kept.name}")
        return True


def _as_document(song: Song, change: FileChange) -> OpenedDocument | None:
    """Return what the file holds now, None if it is no song any more."""
    if change.content is None or song.path is None:
        return None
    try:
        return document_of(change.content, song.path)
    except ValueError:
        return None
