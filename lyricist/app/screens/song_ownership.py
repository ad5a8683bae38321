"""One window at a time writes a song; another one reads it, or takes it over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual import on

from lyricist.app.background import Result, in_background
from lyricist.app.screens.song_desk import SongDesk
from lyricist.app.screens.song_questions import open_elsewhere, write_elsewhere
from lyricist.app.song import Song
from lyricist.app.widgets.editor import Editor
from lyricist.errors import DocumentError, LyricistError
from lyricist.library.draft_file import Draft
from lyricist.library.paths import document_key
from lyricist.library.song_locks import (
    UNTITLED,
    Holder,
    SongLock,
    lock_of,
    untitled_lock,
)
from lyricist.text.display import visible

_LAST_SECONDS = 0.5


class SongOwnership(SongDesk):
    """A `SongDesk` whose song no other window writes at the same time."""

    def __init__(self, path: Path | None = None, song: Song | None = None) -> None:
        super().__init__(path, song)
        self._right: SongLock | None = None
        # Of the file that the song is about to be written to for the first time.
        self._coming_right: SongLock | None = None

    @property
    def state(self) -> str:
        """Say it if the song is only to be read."""
        return "READ ONLY" if self.editor.read_only else super().state

    async def left_draft(self) -> Draft | None:
        """Return the newest draft that is not another window's."""
        for name, draft in await self._beside(self._drafts.store.newest_first):
            right = SongLock(name)
            if await self._beside(partial(_holder, right)) is None:
                if draft.path is None:
                    self._drafts.store.untitled = name
                await self._hold(right)
                return draft
        return None

    async def may_show(self, song: Song) -> bool:
        """Take the right to write `song`; if another window has it, ask."""
        if song.path is None:
            await self._hold_untitled()
            return True
        right = lock_of(song.path)
        if self._right is not None and self._right.key == right.key and self._is_writing:
            return True
        holder = await self._beside(lambda: _holder(right))
        if holder is not None:
            answer = await self.app.push_screen_wait(open_elsewhere(song.name, holder))
            if answer == "take":
                await in_background(lambda: _take_over(right))
            elif answer == "read" or self._right is None:
                await self._hold(right, reading=True)
                return True
            else:
                return False
        await self._hold(right)
        return True

    async def may_write(self, path: Path) -> bool:
        """Refuse to write what another window has open, unless it is taken over."""
        key = document_key(path)
        right = self._right
        if right is not None and right.key == key:
            if self.editor.read_only:
                self.complain(
                    DocumentError(
                        f"{path.name} is open to read only", "save it under another name (F12)"
                    )
                )
                return False
            if await in_background(lambda: _is_ours(right)):
                return True
            if right is self._right:
                await self._lost(right)
            return False
        coming = lock_of(path)
        holder = await in_background(lambda: _holder(coming))
        if holder is not None:
            answer = await self.app.push_screen_wait(write_elsewhere(path.name, holder))
            if answer != "take":
                return False
            await in_background(lambda: _take_over(coming))
        self._coming_right = coming
        return True

    async def has_right_to(self, path: Path) -> bool:
        """Whether this window may write the song to `path` without asking anybody."""
        key = document_key(path)
        for right in (self._right, self._coming_right):
            if right is not None and right.key == key and not self.editor.read_only:
                return await in_background(partial(_is_ours, right))
        return False

    def song_saved(self) -> None:
        """The song may belong to another file now."""
        super().song_saved()
        coming, self._coming_right = self._coming_right, None
        path = self.song.path
        if coming is not None and path is not None and coming.key == document_key(path):
            self.run_worker(self._hold(coming), group="right")

    async def look_at_right(self) -> None:
        """Notice that another window has taken the song over, or is gone."""
        right = self._right
        if right is None or self.song.path is None:
            return
        if self.editor.read_only:
            if await in_background(lambda: _holder(right)) is None and right is self._right:
                self._set_reading(False)
                self.remark("the other window is closed: you can write now")
        elif not await in_background(lambda: _is_ours(right)) and right is self._right:
            await self._lost(right)

    def on_unmount(self) -> None:
        """Let other windows have the song."""
        # The editor is gone already, so nothing else may have its turn meanwhile; but a disk that
        # stands still does not keep the app from ending.
        if self._right is not None:
            releasing = threading.Thread(target=self._right.release, daemon=True)
            releasing.start()
            releasing.join(_LAST_SECONDS)

    @property
    def _is_writing(self) -> bool:
        return not self.editor.read_only

    async def _beside(self, function: Callable[[], Result]) -> Result:
        """Call `function` beside the event loop, but at once before the first song is shown.

        What was typed meanwhile would be typed into nothing.
        """
        return function() if self._right is None else await in_background(function)

    async def _hold(self, right: SongLock, reading: bool = False) -> None:
        former, self._right = self._right, right
        self._set_reading(reading)
        if former is not None and former is not right:
            await in_background(former.release)

    async def _hold_untitled(self) -> None:
        right = self._right
        if right is None or not right.key.startswith(UNTITLED):
            right = await self._beside(_untitled)
        self._drafts.store.untitled = right.key
        await self._hold(right)

    async def _lost(self, right: SongLock) -> None:
        """Another window has taken the song over: what was not saved becomes a song of its own."""
        name = visible(self.song.name)
        if self._is_modified():
            text = f"{name} was taken over by another window; your changes are a new song now"
            self.song = Song(None, self.song.format, "", self.song.opened)
            await self._hold_untitled()
            self.draft_becomes_due()
        else:
            text = f"{name} was taken over by another window; here it is open to read only"
            self._set_reading(True)
        self.notify(text, severity="warning", markup=False, timeout=10)
        self._show_state()

    def _set_reading(self, reading: bool) -> None:
        if self.is_mounted:
            self.editor.read_only = reading
            self._show_state()

    @on(Editor.Refused)
    def _say_why(self) -> None:
        self.remark("open to read only: F12 saves a copy that you can change")


# A folder for locks that cannot be is no reason not to write.


def _holder(right: SongLock) -> Holder | None:
    try:
        return right.acquire()
    except (OSError, LyricistError):
        return None


def _take_over(right: SongLock) -> None:
    try:
        right.take_over()
    except (OSError, LyricistError):
        return


def _is_ours(right: SongLock) -> bool:
    # Without a folder for locks nothing is claimed; what was claimed and lost is another's.
    return not right.is_lost and (not right.is_claimed or right.is_ours())


def _untitled() -> SongLock:
    try:
        return untitled_lock()
    except (OSError, LyricistError):
        return SongLock(UNTITLED)
