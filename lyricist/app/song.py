"""The song in the editor as a file: where it belongs, how it is stored, whether it is saved."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from lyricist.library.documents import (
    FileFormat,
    OpenedDocument,
    open_document,
    save_document,
)
from lyricist.library.draft_file import Draft
from lyricist.library.drafts import DraftStore
from lyricist.text.exact import encode_exactly, stand_ins

UNTITLED = "untitled"
_LINES_AT_ONCE = 2000


@dataclass
class Song:
    """path: None for one that has no file yet. saved_text: what the file holds. is_lost: its file
    has been deleted by another program.
    """

    path: Path | None = None
    format: FileFormat = field(default_factory=FileFormat)
    saved_text: str = ""
    opened: OpenedDocument | None = None
    is_lost: bool = False
    _saved_lines: list[str] | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def open(cls, path: Path) -> Song:
        """Open a file; one that does not exist yet is an empty song with that name.

        Raises:
            DocumentError: If there is something at `path` that is not a text file.
        """
        if _is_free(path):
            return cls(path)
        opened = open_document(path)
        return cls(path, opened.format, opened.text, opened)

    @property
    def name(self) -> str:
        """File name, or `untitled`."""
        return self.path.name if self.path is not None else UNTITLED

    def is_modified(self, text: str) -> bool:
        """Whether `text` differs from what the file holds."""
        return self.is_lost or text != self.saved_text

    def is_saved_as(self, lines: list[str], length: int) -> bool:
        """Whether `lines`, `length` characters with their line ends, are what the file holds.

        For every key: nearly always the length tells, and lines that were once found equal are
        remembered as the very same objects, which are compared at once.
        """
        if self.is_lost or length != len(self.saved_text):
            return False
        if self._saved_lines is None:
            self._saved_lines = self.saved_text.split("\n")
        if lines != self._saved_lines:
            return False
        self._saved_lines = lines.copy()
        return True

    def lacking(self, text: str) -> str:
        """Return the first character of `text` that the file's encoding has not and UTF-8 has."""
        try:
            encode_exactly(text, self.format.encoding)
        except UnicodeEncodeError as error:
            character = text[error.start]
            return "" if "\ud800" <= character <= "\udfff" else character
        return ""

    def use_utf8(self) -> None:
        """Store the song as UTF-8 from now on."""
        self.format = FileFormat(newline=self.format.newline)

    def save(self, text: str, path: Path | None = None) -> None:
        """Write `text` to the song's file, or to `path` from now on.

        Raises:
            DocumentError: If it cannot be written; nothing has changed then.
        """
        target = path or self.path
        assert target is not None
        self.opened = save_document(target, text, self.format, self.opened)
        self.path = target
        self.saved_text, self._saved_lines = text, None
        self.is_lost = False

    @property
    def content(self) -> bytes | None:
        """The bytes of the file as it was last seen, None if it was not there."""
        return self.opened.original if self.opened is not None else None

    def take(self, theirs: OpenedDocument) -> None:
        """Go on from what the file holds now."""
        self.opened, self.format = theirs, theirs.format
        self.saved_text, self._saved_lines = theirs.text, None
        self.is_lost = False


def draft_of(song: Song, text: str, cursor: tuple[int, int]) -> Draft:
    """Return the draft of a song as it is now."""
    return Draft(text, draft_path(song), cursor, time.time())


def draft_path(song: Song) -> str | None:
    """Return the path that the draft of a song is kept under."""
    return str(song.path) if song.path else None


def joined(lines: list[str]) -> str:
    """Return lines as one text, in steps between which other threads get a turn."""
    steps = range(0, len(lines), _LINES_AT_ONCE)
    return "\n".join(["\n".join(lines[n : n + _LINES_AT_ONCE]) for n in steps])


def draft_to_offer(store: DraftStore, song: Song) -> Draft | None:
    """Return a kept draft of `song` that says something else than its file."""
    draft = store.for_document(song.path)
    if draft is None or not song.is_modified(draft.text):
        return None
    return draft


def is_newer(draft: Draft, song: Song) -> bool:
    """Whether a draft was kept after its song's file was written."""
    try:
        return song.path is None or draft.saved_at >= song.path.stat().st_mtime
    except OSError:
        return True


def how_it_was_read(song: Song) -> str:
    """Say which encoding was guessed, and whether there are bytes that are no text."""
    strange = stand_ins(song.saved_text)
    kept = f"; {strange:,} strange bytes are kept as they are" if strange else ""
    return f"read as {song.format.encoding}, which is a guess{kept}"


def _is_free(path: Path) -> bool:
    """Whether a file could be made at `path`."""
    try:
        return not path.exists() and path.parent.is_dir()
    except OSError:
        # The name is too long, for one; opening it says so.
        return False
