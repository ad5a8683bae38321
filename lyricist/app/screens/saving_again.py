"""A save that failed is tried again by itself: quietly, until it works or nobody wants it any more.

Songs are saved only when the writer asks for it; what goes on by itself are drafts. So nothing is
tried again but a save that was asked for and failed, where it was asked for, and what is written
is the song as it is by then: whoever has gone on writing wants that saved, not what the disk
refused a while ago. Nothing is asked meanwhile: what would need an answer (another program has
changed the file, another window has taken the song) is left alone and stays marked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.timer import Timer

from lyricist.app.background import in_background
from lyricist.app.screens.song_watch import SongWatch
from lyricist.app.song import Song
from lyricist.app.widgets.editor import Editor
from lyricist.errors import LyricistError
from lyricist.library.file_changes import change_of
from lyricist.library.paths import document_key
from lyricist.text.display import visible


@dataclass
class _Wanted:
    """A save that is still wanted.

    known: what the file at `path` may hold and still be overwritten, None if there was none.
    is_own: `path` is the song's own file. wait: seconds until the next try.
    """

    song: Song
    path: Path
    known: bytes | None
    is_own: bool
    wait: float


class SavingAgain(SongWatch):
    """A `SongWatch` that tries a failed save again after 2, 4, 8, 16, 30, 30 ... seconds, and
    within 2 seconds of an edit."""

    FIRST_SECONDS = 2.0
    LONGEST_SECONDS = 30.0

    def __init__(self, path: Path | None = None, song: Song | None = None) -> None:
        super().__init__(path, song)
        self._wanted: _Wanted | None = None
        self._next_try: Timer | None = None
        self._next_try_at = 0.0

    async def save_failed(self, path: Path) -> None:
        """Try again before long."""
        await super().save_failed(path)
        song = self.song
        is_own = song.path is not None and document_key(path) == document_key(song.path)
        if is_own:
            known = song.content
        else:
            known = (await in_background(lambda: change_of(path, None))).content
        self._wanted = _Wanted(song, path, known, is_own, self.FIRST_SECONDS)
        self._try_in(self.FIRST_SECONDS)

    def song_saved(self) -> None:
        """Nothing is left to be tried."""
        super().song_saved()
        self._wanted = None

    async def _kept_at_least(self, error: LyricistError) -> LyricistError:
        told = await super()._kept_at_least(error)
        return LyricistError(told.cause, f"{told.mend}; saving is tried again by itself")

    def _try_in(self, seconds: float) -> None:
        if self._next_try is not None:
            self._next_try.stop()
        self._next_try_at = time.monotonic() + seconds
        self._next_try = self.set_timer(seconds, self._try_again)

    @on(Editor.Changed)
    def _try_sooner(self) -> None:
        waits = self._next_try is not None
        if waits and self._next_try_at - time.monotonic() > self.FIRST_SECONDS:
            self._try_in(self.FIRST_SECONDS)

    @work(group="saving again")
    async def _try_again(self) -> None:
        self._next_try = None
        wanted = self._wanted
        if wanted is None or wanted.song is not self.song or not self._save_failed:
            self._wanted = None
            return
        if wanted.is_own and not self._is_modified():
            # Changes were taken back, or the file holds by now what is here.
            self._save_failed, self._wanted = False, None
            self._show_state()
            return
        if not await self._saved(wanted) and wanted is self._wanted:
            wanted.wait = min(2 * wanted.wait, self.LONGEST_SECONDS)
            self._try_in(wanted.wait)

    async def _saved(self, wanted: _Wanted) -> bool:
        """Save if nothing has to be asked and the disk lets it; whether it did."""
        if not await self._may_be_written(wanted):
            return False
        # What the writer does with files now comes first, and may be about this very song.
        if wanted is not self._wanted or self._is_at_files():
            return False
        try:
            await self.write_now(wanted.path)
        except LyricistError:
            return False
        if wanted.song is self.song:
            text = f"{visible(wanted.song.name)} is saved now"
            self.notify(text, markup=False, timeout=10)
        return True

    async def _may_be_written(self, wanted: _Wanted) -> bool:
        if not await self.has_right_to(wanted.path):
            return False
        change = await in_background(lambda: change_of(wanted.path, wanted.known))
        # A file that is gone may well have gone with its folder; there is nothing to overwrite.
        return change.kind != "changed"

    def _is_at_files(self) -> bool:
        """Whether opening, saving or leaving is going on, or a question about it is open."""
        return any(w.group == "file" and not w.is_finished for w in self.workers)
