"""One line of a song as it is drawn."""

from __future__ import annotations

from lyricist.text.display import visible_lines


def drawn_line(line: str) -> str:
    """Return `line` with control characters as symbols of one cell each.

    Nearly every line has none, which is known at once: they all count as not printable.
    """
    return line if line.isprintable() else visible_lines(line)
