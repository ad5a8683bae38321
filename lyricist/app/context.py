"""What the model gets to read: what stands next before the cursor, and next behind it."""

from __future__ import annotations

from typing import Protocol

from textual.document._document import Location


class Lines(Protocol):
    """A document of which single lines are looked at."""

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        ...

    def get_line(self, index: int) -> str:
        """Return one line."""
        ...


def context_before(document: Lines, location: Location, limit: int) -> str:
    """Return the text before `location`, at most its last `limit` characters.

    It begins where a line does, unless the line before the cursor alone is too long. Only the
    lines that it holds are looked at, however long the song is.
    """
    row, column = location
    parts = [document.get_line(row)[:column]]
    left = limit - len(parts[0])
    while row > 0 and left > 0:
        row -= 1
        line = document.get_line(row)
        left -= len(line) + 1
        if left >= 0:
            parts.append(line)
    return "\n".join(reversed(parts))[-limit:] if limit > 0 else ""


def context_after(document: Lines, location: Location, limit: int) -> str:
    """Return the text behind `location`, at most its first `limit` characters.

    It ends where a line does, unless the rest of the cursor's line alone is too long. Only the
    lines that it holds are looked at.
    """
    row, column = location
    parts = [document.get_line(row)[column:]]
    left = limit - len(parts[0])
    while row < document.line_count - 1 and left > 0:
        row += 1
        line = document.get_line(row)
        left -= len(line) + 1
        if left >= 0:
            parts.append(line)
    return "\n".join(parts)[:limit] if limit > 0 else ""
