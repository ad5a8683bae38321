"""Versions of the song in the editor: kept when it is saved or another model put in use."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from textual import work

from lyricist.app.background import in_background
from lyricist.app.changed_lines import changed_lines
from lyricist.app.screens.draft_desk import DraftDesk
from lyricist.errors import LyricistError
from lyricist.library.versions import MODEL, OPENED, RESTORING, SAVED, VersionStore


@dataclass(frozen=True)
class _Kept:
    """A text to be kept, and why. at: seconds since 1970."""

    text: str
    cause: str
    model: str
    at: float


class VersionDesk(DraftDesk):
    """A `DraftDesk` that keeps versions of its song."""

    def __init__(self) -> None:
        super().__init__()
        self._version_lock = threading.Lock()
        # The song as its file had it, until the first version is kept.
        self._opened: _Kept | None = None

    def version_begins(self) -> None:
        """Another song is shown; nothing is written before there is something to be lost."""
        model = self._lyricist.current_model
        text = self.song.saved_text
        self._opened = _Kept(text, OPENED, model, time.time()) if text else None

    def keep_saved_version(self, text: str, untitled: bool) -> None:
        """Keep a version of a song that has just been saved.

        Args:
            text: What was saved.
            untitled: It had no file before; what was kept of it goes with it.
        """
        self._keep_versions(text, SAVED, self._lyricist.current_model, untitled)

    def model_chosen(self, name: str) -> None:
        """Keep a version of the song as it is when another model is put in use."""
        if self.is_mounted and self.editor.text and not self.editor.read_only:
            self._keep_versions(self.editor.text, MODEL, name)

    @work(group="versions")
    async def _keep_versions(
        self, text: str, cause: str, model: str, untitled: bool = False
    ) -> None:
        await self._keep_version(text, cause, model, untitled)

    async def _keep_version(
        self, text: str, cause: str, model: str, untitled: bool = False
    ) -> None:
        """Keep a version; a disk that refuses is told of, and nothing else comes of it."""
        path, opened = self.song.path, self._opened
        own = VersionStore(None, untitled=self._drafts.store.untitled)
        self._opened = None
        texts = [_Kept(text, cause, model, time.time())]
        if opened is not None:
            texts.insert(0, opened)
        try:
            await in_background(lambda: self._write_versions(path, texts, own, untitled))
        except LyricistError as error:
            self.complain(error)

    def _write_versions(
        self, path: Path | None, texts: list[_Kept], own: VersionStore, untitled: bool
    ) -> None:
        store = VersionStore(path) if path is not None else own
        with self._version_lock:
            if untitled and path is not None:
                own.move_to(path)
            for kept in texts:
                store.keep(kept.text, kept.cause, kept.model, kept.at)

    async def _finish(self) -> None:
        """Wait for versions as well."""
        await super()._finish()
        writing = [worker for worker in self.workers if worker.group == "versions"]
        if writing:
            await self.workers.wait_for_complete(writing)

    # --- going back

    @work(exclusive=True, group="file")
    async def action_versions(self) -> None:
        """Show the versions of this song; one of them may be put in its place."""
        from lyricist.app.screens.versions import VersionsScreen

        store = VersionStore(self.song.path, untitled=self._drafts.store.untitled)
        screen = VersionsScreen(self.song.name, store, self.editor.text)
        chosen = await self.app.push_screen_wait(screen)
        if chosen is not None and not self.editor.read_only:
            await self._keep_version(self.editor.text, RESTORING, self._lyricist.current_model)
            self._put_in_place(chosen)
            self.version_restored()

    def version_restored(self) -> None:
        """An earlier version is in the editor; a subclass may follow."""

    def _put_in_place(self, text: str) -> None:
        """Replace the song by `text` in one step that can be undone."""
        editor = self.editor
        start, end, changed = changed_lines(editor.song.lines, text.split("\n"))
        editor.history.checkpoint()
        editor.replace(changed, start, end, maintain_selection_offset=False)
        editor.history.checkpoint()
        editor.focus()
