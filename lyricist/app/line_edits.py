"""What an edit does to the lines that it touches, and what was noted of them and follows.

The rule is exact: what stood before the edit stays where it is, what stood behind it moves with
it, and what the edit replaced is gone. So a note of a character goes with the character, over lines
that are split or joined as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual.document._document import Location
from textual.document._edit import Edit


@dataclass(frozen=True)
class LineEdit:
    """old, new: whole lines, before and after. kept_before: characters of the first line that stay
    before the edit. kept_behind: of the last line, those behind it."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    kept_before: int
    kept_behind: int


def begun_edit(lines: Sequence[str], edit: Edit) -> Callable[[Sequence[str], Location], LineEdit]:
    """Note the lines that an edit is about to change.

    Returns:
        To be called with the lines as they are then, and with where the edit ends.
    """
    end = len(lines) - 1, len(lines[-1])
    (top_row, top_column), (bottom_row, bottom_column) = min(edit.top, end), min(edit.bottom, end)
    old = tuple(lines[top_row : bottom_row + 1])
    kept_behind = max(0, len(old[-1]) - bottom_column)

    def ended(now: Sequence[str], at: Location) -> LineEdit:
        return LineEdit(old, tuple(now[top_row : at[0] + 1]), top_column, kept_behind)

    return ended


def carried(edit: LineEdit, readings: Mapping[str, Mapping[int, str]]) -> dict[str, dict[int, str]]:
    """Return the readings of the lines that an edit has made, out of those of the lines before.

    Args:
        edit: What was done.
        readings: Pinyin by code point, by the text of a line.
    """
    old_starts, old_length = _starts(edit.old)
    new_starts, new_length = _starts(edit.new)
    found: dict[str, dict[int, str]] = {}
    for text, start in zip(edit.old, old_starts, strict=True):
        for place, pinyin in readings.get(text, {}).items():
            at = start + place
            if at >= edit.kept_before:
                if at < old_length - edit.kept_behind:
                    continue
                at += new_length - old_length
            row = max(number for number, first in enumerate(new_starts) if first <= at)
            found.setdefault(edit.new[row], {})[at - new_starts[row]] = pinyin
    return found


def _starts(lines: Sequence[str]) -> tuple[list[int], int]:
    """Where each of some lines begins in their joined text, and how long that is."""
    starts, length = [], 0
    for line in lines:
        starts.append(length)
        length += len(line) + 1
    return starts, length - 1
