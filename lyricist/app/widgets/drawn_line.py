"""One line of a song as it is drawn."""

from __future__ import annotations

from lyricist.text.display import visible_lines

# What is drawn for a character depends on no more of its neighbours.
_CONTEXT = 16


def drawn_line(line: str) -> str:
    """Return `line` with what acts on a terminal or hides in it as symbols of one cell each, and
    with its tabs."""
    return visible_lines(line)


def drawn_part(line: str, start: int, end: int) -> str:
    """Return `drawn_line(line)[start:end]` without drawing all of a long line."""
    first = max(0, start - _CONTEXT)
    return drawn_line(line[first : end + _CONTEXT])[start - first : end - first]
