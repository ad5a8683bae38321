"""The one edit that turns some lines into others, so that the cursor and the undo stay."""

from __future__ import annotations

from collections.abc import Sequence

from textual.document._document import Location

from lyricist.text.common_lines import common_lines


def changed_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Location, Location, str]:
    """Return (start, end, text): put `text` there, and the lines `old` are the lines `new`."""
    head, tail = common_lines(old, new)
    between = new[head : len(new) - tail]
    if tail:
        return (head, 0), (len(old) - tail, 0), "".join(f"{line}\n" for line in between)
    end = (len(old) - 1, len(old[-1]))
    if head:
        start = (head - 1, len(old[head - 1]))
        return start, end, "".join(f"\n{line}" for line in between)
    return (0, 0), end, "\n".join(between)
