"""What differs between two texts, line by line."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from lyricist.text.common_lines import common_lines

KEPT, REMOVED, ADDED, FOLDED = "kept", "removed", "added", "folded"
# Lines around a change that are shown with it.
_AROUND = 3
# Pairs of equal lines that are looked at: beyond it a stretch is compared row by row.
_MOST_PAIRS = 200_000


@dataclass(frozen=True)
class DiffLine:
    """One line of a difference.

    kind: `KEPT`, `REMOVED`, `ADDED`, or `FOLDED` for unchanged lines that are left out. text: the
    line without its end; empty if folded. count: how many lines are left out, 1 otherwise.
    """

    kind: str
    text: str
    count: int = 1


@dataclass(frozen=True)
class Stretch:
    """Lines `old_start` to `old_end` (exclusive) that became lines `new_start` to `new_end`.

    equal: they are the same lines.
    """

    equal: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def difference(old: str, new: str) -> tuple[DiffLine, ...]:
    """Return how `old` becomes `new`; unchanged lines far from any change are folded.

    Empty if they are equal.
    """
    if old == new:
        return ()
    old_lines, new_lines = old.split("\n"), new.split("\n")
    lines: list[DiffLine] = []
    for stretch in stretches(old_lines, new_lines):
        before = old_lines[stretch.old_start : stretch.old_end]
        if stretch.equal:
            lines += [DiffLine(KEPT, line) for line in before]
        else:
            lines += [DiffLine(REMOVED, line) for line in before]
            after = new_lines[stretch.new_start : stretch.new_end]
            lines += [DiffLine(ADDED, line) for line in after]
    return tuple(_folded(lines))


def stretches(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """Return the stretches of equal and of changed lines, in order and without gaps.

    Lines that occur once in each text are matched first, so that a long song with many equal
    lines takes no longer than one without.
    """
    found: list[Stretch] = []
    row = column = 0
    for start, other, length in _equal_runs(old, new):
        if start > row or other > column:
            found.append(Stretch(False, row, start, column, other))
        found.append(Stretch(True, start, start + length, other, other + length))
        row, column = start + length, other + length
    if row < len(old) or column < len(new):
        found.append(Stretch(False, row, len(old), column, len(new)))
    return found


def _equal_runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield (row in old, row in new, how many) of equal lines, as long as they can be."""
    start = other = length = 0
    for row, column in _equal_rows(old, new):
        if (row, column) == (start + length, other + length):
            length += 1
            continue
        if length:
            yield start, other, length
        start, other, length = row, column, 1
    if length:
        yield start, other, length


def _equal_rows(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the rows of lines that are in both texts, ever further down in each."""
    head, tail = common_lines(old, new)
    bottom, right = len(old) - tail, len(new) - tail
    yield from ((row, row) for row in range(head))
    top = left = head
    for row, column in [*_anchors(old, new, head, bottom, right), (bottom, right)]:
        yield from _between(old, new, (top, row), (left, column))
        if row < bottom:
            yield row, column
        top, left = row + 1, column + 1
    yield from ((bottom + at, right + at) for at in range(tail))


def _anchors(
    old: Sequence[str], new: Sequence[str], top: int, bottom: int, right: int
) -> list[tuple[int, int]]:
    """Return the rows of lines that occur once in each text: the most that are in one order."""
    once = {line for line, count in Counter(old[top:bottom]).items() if count == 1}
    once &= {line for line, count in Counter(new[top:right]).items() if count == 1}
    rows = {line: row for row, line in enumerate(old[top:bottom], top) if line in once}
    pairs = [(rows[line], at) for at, line in enumerate(new[top:right], top) if line in once]
    # The longest rising chain of rows: `ends` are the pairs that chains of each length end with.
    ends: list[int] = []
    lowest: list[int] = []
    before: list[int] = []
    for index, (row, _) in enumerate(pairs):
        length = bisect_left(lowest, row)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [row]
        ends[length : length + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _between(
    old: Sequence[str], new: Sequence[str], rows: tuple[int, int], columns: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the equal rows of a stretch without lines that occur once."""
    before, after = old[slice(*rows)], new[slice(*columns)]
    counts = Counter(after)
    if sum(counts[line] for line in before) > _MOST_PAIRS:
        same = (at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one == two)
        yield from ((rows[0] + at, columns[0] + at) for at in same)
        return
    for start, other, length in SequenceMatcher(None, before, after, False).get_matching_blocks():
        yield from ((rows[0] + start + at, columns[0] + other + at) for at in range(length))


def _folded(lines: Sequence[DiffLine]) -> Iterator[DiffLine]:
    """Leave out unchanged lines that are further than `_AROUND` from any change."""
    groups = [(kind, list(group)) for kind, group in groupby(lines, key=lambda line: line.kind)]
    for number, (kind, group) in enumerate(groups):
        head = _AROUND if number else 0
        tail = _AROUND if number < len(groups) - 1 else 0
        left_out = len(group) - head - tail
        if kind != KEPT or left_out < 2:
            yield from group
            continue
        yield from group[:head]
        yield DiffLine(FOLDED, "", left_out)
        yield from group[len(group) - tail :]
