"""Drafts: the unsaved text of each document, kept so that no crash loses it."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lyricist.errors import DocumentError, LyricistError
from lyricist.library.atomic import free_sibling, write_bytes
from lyricist.library.paths import document_key, paths, private_folder
from lyricist.text.sources import read_regular_file

_FORMAT = 2
_UNTITLED = "untitled"
_MAX_DRAFT_BYTES = 200_000_000


@dataclass(frozen=True)
class Draft:
    """Unsaved text.

    path: the document it belongs to, None for one without a file. cursor: row and column, from 0.
    saved_at: seconds since 1970.
    """

    text: str
    path: str | None = None
    cursor: tuple[int, int] = (0, 0)
    saved_at: float = 0.0


class DraftStore:
    """One file per document in a private folder; damaged ones are set aside, never deleted.

    Args:
        folder: Where the drafts are; the platform's place if None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else paths().drafts

    def keep(self, draft: Draft) -> None:
        """Store `draft` in place of the older one of its document.

        Raises:
            DocumentError: If the disk refuses; the older draft is still there then.
        """
        data = _written(draft)
        try:
            private_folder(self.folder)
            write_bytes(self._file(draft.path), data)
        except OSError as error:
            raise DocumentError(
                f"the draft cannot be kept ({error.strerror or error})", "save the song elsewhere"
            ) from error
        except LyricistError as error:
            raise DocumentError(f"the draft cannot be kept: {error.cause}", error.mend) from error

    def newest(self) -> Draft | None:
        """Return the draft kept last, None if there is none."""
        try:
            files = list(self.folder.glob("*.json"))
        except OSError:
            return None
        drafts = [draft for draft in map(self._read, files) if draft is not None]
        return max(drafts, key=lambda draft: draft.saved_at, default=None)

    def for_document(self, path: Path | str | None) -> Draft | None:
        """Return the draft of the document at `path` (None: of the one without a file)."""
        return self._read(self._file(path))

    def discard(self, path: Path | str | None) -> None:
        """Delete the draft of the document at `path`, if there is one."""
        with contextlib.suppress(OSError):
            self._file(path).unlink()

    def _file(self, path: Path | str | None) -> Path:
        if path is None:
            return self.folder / f"{_UNTITLED}.json"
        return self.folder / f"{document_key(path)}.json"

    def _read(self, file: Path) -> Draft | None:
        try:
            return _parse(_fields(read_regular_file(file, _MAX_DRAFT_BYTES)))
        except OSError:
            return None
        except (ValueError, TypeError, KeyError, RecursionError):
            with contextlib.suppress(OSError):
                os.rename(file, free_sibling(file, "corrupt"))
            return None


def _written(draft: Draft) -> bytes:
    """Return a draft as one line of JSON and then its text as it is.

    The text as JSON would keep the editor waiting for as long as it takes to escape a novel.
    """
    header = json.dumps(
        {
            "format": _FORMAT,
            "characters": len(draft.text),
            "path": draft.path,
            "cursor": draft.cursor,
            "saved_at": draft.saved_at,
        }
    )
    return header.encode("ascii") + b"\n" + draft.text.encode("utf-8", "surrogatepass")


def _fields(data: bytes) -> dict[str, Any]:
    """Read what `_written` wrote, or the JSON alone that format 1 was.

    Raises:
        ValueError, TypeError, KeyError: If it is neither.
    """
    header, line_end, text = data.partition(b"\n")
    fields: dict[str, Any] = json.loads(header)
    if not line_end:
        return fields
    fields["text"] = text.decode("utf-8", "surrogatepass")
    if len(fields["text"]) != fields["characters"]:
        raise ValueError("text of another length")
    return fields


def _parse(fields: dict[str, Any]) -> Draft:
    """Check what was read.

    Raises:
        ValueError, TypeError, KeyError: If it is not a draft.
    """
    text, path, (row, column) = fields["text"], fields["path"], fields["cursor"]
    saved_at = fields["saved_at"]
    if not isinstance(text, str) or not isinstance(path, str | None):
        raise ValueError("text or path of the wrong kind")
    if type(row) is not int or type(column) is not int or row < 0 or column < 0:
        raise ValueError("cursor of the wrong kind")
    if not isinstance(saved_at, int | float):
        raise ValueError("time of the wrong kind")
    return Draft(text, path, (row, column), float(saved_at))
