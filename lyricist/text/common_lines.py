"""The lines that two texts begin with and end with alike."""

from __future__ import annotations

from collections.abc import Sequence

# Lists are compared a slice at a time: a song of a megabyte has more lines than a loop is quick at.
_AT_ONCE = 1000


def common_lines(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many lines are equal at the start and, beyond those, at the end."""
    least = min(len(old), len(new))
    head = 0
    while head < least and old[head : head + _AT_ONCE] == new[head : head + _AT_ONCE]:
        head = min(least, head + _AT_ONCE)
    while head < least and old[head] == new[head]:
        head += 1
    tail, most = 0, least - head
    while tail + _AT_ONCE <= most and _ending(old, tail) == _ending(new, tail):
        tail += _AT_ONCE
    while tail < most and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _ending(lines: Sequence[str], behind: int) -> Sequence[str]:
    """The last lines but `behind`, as many as are compared at once."""
    return lines[len(lines) - behind - _AT_ONCE : len(lines) - behind]
