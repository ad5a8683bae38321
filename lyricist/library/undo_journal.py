"""What can be undone and redone in each song, kept so that it survives the end of the program.

A journal belongs to one text exactly: whoever reads it for another text gets none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import document_key, paths, private_folder
from lyricist.library.set_aside import read_own_file, set_aside
from lyricist.library.song_locks import UNTITLED
from lyricist.text.pieces import encoded_pieces

MAX_EDITS = 500
# Of what was put in and what was replaced, in all edits together.
MAX_CHARACTERS = 80_000
_FORMAT = 1
_MAX_BYTES = 2_000_000
_MAX_PLACE = 1 << 31

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True)
class KeptEdit:
    """One edit: `text` was put in place of `replaced`.

    top, bottom: where `replaced` stood. end: where `text` ends. selection: the one before, from
    its start to the cursor. keeps_selection: the cursor stayed where it was in the text around.
    """

    text: str
    replaced: str
    top: Place
    bottom: Place
    end: Place
    selection: tuple[Place, Place] | None
    keeps_selection: bool

    @property
    def size(self) -> int:
        """Characters."""
        return len(self.text) + len(self.replaced)


Batch = tuple[KeptEdit, ...]
"""Edits that are undone together, in the order in which they were done."""


@dataclass(frozen=True)
class UndoHistory:
    """undo: batches that have been done, the latest last. redo: batches that have been undone, the
    latest last, each with its edits in the order in which they would be done again."""

    undo: tuple[Batch, ...] = ()
    redo: tuple[Batch, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.undo or self.redo)

    def within_bounds(self) -> UndoHistory:
        """Return it without what lies too far back."""
        undo, edits, characters = _latest(self.undo, MAX_EDITS, MAX_CHARACTERS)
        redo, _, _ = _latest(self.redo, edits, characters)
        return UndoHistory(undo, redo)


class UndoStore:
    """One file per document in a private folder; damaged ones are set aside, never deleted.

    Args:
        folder: Where they are; the platform's place if None.

    Attributes:
        untitled: Name of what is kept of the song without a file: another one in each window.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else paths().undo
        self.untitled = UNTITLED

    def keep(self, path: Path | str | None, text: str, history: UndoHistory) -> None:
        """Store what can be undone in `text`, the song at `path` (None: the one without a file).

        Raises:
            LyricistError: If the disk refuses.
        """
        kept = history.within_bounds()
        batches = {"undo": _listed(kept.undo), "redo": _listed(kept.redo)}
        body = json.dumps(batches, ensure_ascii=False).encode("utf-8", "surrogatepass")
        header = {"format": _FORMAT, "text": _digest(text), "check": _hash(body)}
        file = self._file(path)
        try:
            if not kept and not file.exists():
                return
            private_folder(self.folder)
            # Lost with the power, it is only undo that is lost: the text has been made durable.
            write_bytes(file, json.dumps(header).encode("ascii") + b"\n" + body, durable=False)
        except OSError as error:
            raise LyricistError(
                f"undo cannot be kept ({error.strerror or error})", "free some space"
            ) from error

    def load(self, path: Path | str | None, text: str) -> UndoHistory:
        """Return what can be undone in `text`, the song at `path`; nothing if it is another text.

        The places of the edits are plausible only: see `is_history_of`.
        """
        file = self._file(path)
        try:
            header, _, body = read_own_file(file, _MAX_BYTES).partition(b"\n")
            fields = json.loads(header)
            if fields["format"] != _FORMAT or fields["check"] != _hash(body):
                raise ValueError("a damaged journal")
            if fields["text"] != _digest(text):
                return UndoHistory()
            return _parse(json.loads(body.decode("utf-8", "surrogatepass")))
        except (ValueError, TypeError, KeyError, RecursionError):
            set_aside(file, "what could be undone in a song")
        except OSError:
            pass
        return UndoHistory()

    def set_aside(self, path: Path | str | None) -> None:
        """Move the journal of a document away, for it has turned out to be damaged."""
        set_aside(self._file(path), "what could be undone in a song")

    def discard(self, path: Path | str | None) -> None:
        """Delete the journal of the document at `path`, if there is one."""
        with contextlib.suppress(OSError):
            self._file(path).unlink()

    def _file(self, path: Path | str | None) -> Path:
        return self.folder / f"{self.untitled if path is None else document_key(path)}.json"


def is_history_of(text: str, history: UndoHistory) -> bool:
    """Whether every batch can be undone, and redone, from `text` and finds what it says it finds.

    Played through on a copy, so that no journal can do to a song what its writer did not.
    """
    lines = text.split("\n")
    for batch in reversed(history.undo):
        for edit in reversed(batch):
            if not _replace(lines, edit.top, edit.end, edit.text, edit.replaced):
                return False
    lines = text.split("\n")
    for batch in reversed(history.redo):
        for edit in batch:
            if not _replace(lines, edit.top, edit.bottom, edit.replaced, edit.text):
                return False
    return True


def _replace(lines: list[str], top: Place, bottom: Place, old: str, new: str) -> bool:
    """Put `new` in place of `old` between two places; False where `old` is not what is there."""
    (first, start), (last, end) = top, bottom
    if not (top <= bottom and last < len(lines) and start <= len(lines[first])):
        return False
    if end > len(lines[last]):
        return False
    part = lines[first : last + 1]
    before, after = part[0][:start], part[-1][end:]
    part[-1] = part[-1][:end]
    part[0] = part[0][start:]
    if "\n".join(part) != old:
        return False
    lines[first : last + 1] = (before + new + after).split("\n")
    return True


def _latest(batches: tuple[Batch, ...], edits: int, characters: int) -> tuple[Any, int, int]:
    """Return the last batches within bounds, and how much of the bounds is left."""
    place = len(batches)
    while place:
        batch = batches[place - 1]
        size = sum(edit.size for edit in batch)
        if len(batch) > edits or size > characters:
            break
        place, edits, characters = place - 1, edits - len(batch), characters - size
    return batches[place:], edits, characters


def _listed(batches: Iterable[Batch]) -> list[list[Any]]:
    return [[_fields(edit) for edit in batch] for batch in batches]


def _fields(edit: KeptEdit) -> list[Any]:
    return [
        edit.text,
        edit.replaced,
        edit.top,
        edit.bottom,
        edit.end,
        edit.selection,
        edit.keeps_selection,
    ]


def _parse(found: Any) -> UndoHistory:
    """Check what was read.

    Raises:
        ValueError, TypeError, KeyError: If it is no history.
    """
    undo, redo = (
        tuple(tuple(_edit(fields) for fields in batch) for batch in found[name])
        for name in ("undo", "redo")
    )
    if sum(map(len, (*undo, *redo))) > MAX_EDITS or not all((*undo, *redo)):
        raise ValueError("too many edits, or a batch of none")
    return UndoHistory(undo, redo)


def _edit(fields: Any) -> KeptEdit:
    text, replaced, top, bottom, end, selection, keeps_selection = fields
    if not isinstance(text, str) or not isinstance(replaced, str):
        raise ValueError("no text")
    if type(keeps_selection) is not bool:
        raise ValueError("no flag")
    if selection is not None:
        start, cursor = selection
        selection = (_place(start), _place(cursor))
    places = _place(top), _place(bottom), _place(end)
    return KeptEdit(text, replaced, *places, selection, keeps_selection)


def _place(found: Any) -> Place:
    row, column = found
    if type(row) is not int or type(column) is not int:
        raise ValueError("no place")
    if not (0 <= row < _MAX_PLACE and 0 <= column < _MAX_PLACE):
        raise ValueError("no place of any text")
    return row, column


def _digest(text: str) -> str:
    """Return what tells a text from any other."""
    digest = hashlib.sha256()
    for piece in encoded_pieces(text):
        digest.update(piece)
    return digest.hexdigest()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
