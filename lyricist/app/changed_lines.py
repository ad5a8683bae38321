"""The one edit that turns some lines into others, so that the cursor and the undo stay."""

from __future__ import annotations

from collections.abc import Sequence

from textual.document._document import Location


def changed_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Location, Location, str]:
    """Return (start, end, text): put `text` there, and the lines `old` are the lines `new`."""
    least = min(len(old), len(new))
    head = 0
    while head < least and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < least - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    between = new[head : len(new) - tail]
    if tail:
        return (head, 0), (len(old) - tail, 0), "".join(f"{line}\n" for line in between)
    end = (len(old) - 1, len(old[-1]))
    if head:
        start = (head - 1, len(old[head - 1]))
        return start, end, "".join(f"\n{line}" for line in between)
    return (0, 0), end, "\n".join(between)
