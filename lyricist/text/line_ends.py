"""The line ends of a file, carried through changes of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lyricist.text.difference import stretches

_LINE_END = re.compile("\r\n|\r|\n")


def split_line_ends(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` with LF line ends, and the line end of each line but the last.

    Only CR, LF and CRLF end lines.
    """
    ends = tuple(_LINE_END.findall(text)) if "\r" in text else ("\n",) * text.count("\n")
    return text.replace("\r\n", "\n").replace("\r", "\n"), ends


def dominant_line_end(ends: Sequence[str]) -> str:
    """Return the most frequent line end, LF where there is none."""
    return max(("\n", "\r\n", "\r"), key=ends.count)


def with_line_ends(text: str, old: str, ends: Sequence[str]) -> str:
    """Return `text`, which `old` has become, with line ends as in the file.

    Lines that have not changed keep their own, changed ones that of the line they were, and new
    ones take that of the line before them.

    Args:
        text: With LF line ends.
        old: What was in the file, with LF line ends.
        ends: The line end of each line of `old` but the last.
    """
    old_lines, lines = old.split("\n"), text.split("\n")
    usual = dominant_line_end(ends)
    known: list[str | None] = [None] * len(lines)
    for stretch in stretches(old_lines, lines):
        was = range(stretch.old_start, stretch.old_end)
        is_now = range(stretch.new_start, stretch.new_end)
        # Of lines that were split or joined the last ones are what ends as before.
        both = min(len(was), len(is_now))
        pairs = [*zip(was, is_now, strict=False)][: max(0, both - 1)]
        if both:
            pairs.append((was[-1], is_now[-1]))
        for before, now in pairs:
            known[now] = ends[before] if before < len(ends) else None
    return _joined(lines, known, usual, ends)


def _joined(
    lines: Sequence[str], known: Sequence[str | None], usual: str, ends: Sequence[str]
) -> str:
    parts: list[str] = []
    last = ends[0] if ends else usual
    for line, end in zip(lines[:-1], known, strict=False):
        if end == "\n" and not line and last == "\r" and parts:
            # Nothing between CR and LF: together they would be the end of one line.
            end = "\r\n"
        last = end or last
        parts += (line, last)
    return "".join([*parts, lines[-1]])
