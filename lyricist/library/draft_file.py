"""A draft as the bytes of a file, and back."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from lyricist.text.pieces import encoded_pieces

_FORMAT = 3
# Seconds since 1970; thirty million years.
_LATEST = 1e15


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


def written_draft(draft: Draft) -> bytes:
    """Return a draft as one line of JSON and then its text as it is.

    The text as JSON would keep the editor waiting for as long as it takes to escape a novel.
    """
    text = b"".join(encoded_pieces(draft.text))
    header = json.dumps(
        {
            "format": _FORMAT,
            "characters": len(draft.text),
            "path": draft.path,
            "cursor": draft.cursor,
            "saved_at": draft.saved_at,
            "check": zlib.crc32(text),
        }
    )
    return b"".join((header.encode("ascii"), b"\n", text))


def read_draft(data: bytes) -> Draft:
    """Read what `written_draft` wrote, or an earlier release.

    Raises:
        ValueError, TypeError, KeyError, RecursionError: If it is damaged.
    """
    return _checked(_fields(data))


def _fields(data: bytes) -> dict[str, Any]:
    """Read a header and text, in format 2 without a check, or the JSON alone that format 1 was.

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
    if fields["format"] > 2 and fields["check"] != zlib.crc32(text):
        raise ValueError("another text")
    return fields


def _checked(fields: dict[str, Any]) -> Draft:
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
    if not isinstance(saved_at, int | float) or not abs(saved_at) < _LATEST:
        raise ValueError("time of the wrong kind")
    return Draft(text, path, (row, column), float(saved_at))
