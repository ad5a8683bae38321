"""What a draft of a long song has become since it was written down whole.

Writing millions of characters after every word would hold up the writer; the lines that have
changed since are few.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from lyricist.text.pieces import encoded_pieces

_FORMAT = 1


@dataclass(frozen=True)
class DraftChange:
    """head, tail: lines at the start and the end that are as they were. lines: those between.

    of: (checksum, characters) of the whole text that this is a change of. cursor: row and column,
    from 0. saved_at: seconds since 1970.
    """

    of: tuple[int, int]
    head: int
    tail: int
    lines: tuple[str, ...]
    cursor: tuple[int, int]
    saved_at: float

    def applied_to(self, text: str) -> str:
        """Return what `text` has become.

        Raises:
            ValueError: If it has not that many lines.
        """
        old = text.split("\n")
        if self.head + self.tail > len(old):
            raise ValueError("a change of another text")
        return "\n".join([*old[: self.head], *self.lines, *old[len(old) - self.tail :]])


def mark_of(text: str) -> tuple[int, int]:
    """Return what a change of `text` says that it is one of."""
    check = 0
    for piece in encoded_pieces(text):
        check = zlib.crc32(piece, check)
    return check, len(text)


def written_change(change: DraftChange) -> bytes:
    """Return a change as one line of JSON and then its lines."""
    text = "\n".join(change.lines).encode("utf-8", "surrogatepass")
    header = {
        "format": _FORMAT,
        "of": change.of,
        "head": change.head,
        "tail": change.tail,
        "count": len(change.lines),
        "cursor": change.cursor,
        "saved_at": change.saved_at,
        "check": zlib.crc32(text),
    }
    return json.dumps(header).encode("ascii") + b"\n" + text


def read_change(data: bytes) -> DraftChange:
    """Read what `written_change` wrote.

    Raises:
        ValueError, TypeError, KeyError: If it is damaged.
    """
    header, _, text = data.partition(b"\n")
    fields: dict[str, Any] = json.loads(header)
    (check, characters), (row, column) = fields["of"], fields["cursor"]
    head, tail, count = fields["head"], fields["tail"], fields["count"]
    numbers = (check, characters, row, column, head, tail, count)
    if fields["format"] != _FORMAT or fields["check"] != zlib.crc32(text):
        raise ValueError("a damaged change")
    if any(type(number) is not int or number < 0 for number in numbers):
        raise ValueError("a number of the wrong kind")
    if type(fields["saved_at"]) not in (int, float):
        raise ValueError("time of the wrong kind")
    lines = tuple(text.decode("utf-8", "surrogatepass").split("\n")) if count else ()
    if len(lines) != count:
        raise ValueError("another number of lines")
    return DraftChange(
        (check, characters), head, tail, lines, (row, column), float(fields["saved_at"])
    )
