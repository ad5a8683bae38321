"""Where a line of a song is broken into rows, as Textual would, but without measuring most lines.

Lyrics are short lines: for nearly all of them their length alone says that they fit. A line far
longer than any of a song is broken piece by piece, so that a key typed into it measures one piece.
"""

from __future__ import annotations

from functools import lru_cache

from textual._wrap import compute_wrap_offsets
from textual.expand_tabs import get_tab_widths

from lyricist.app.widgets.drawn_line import drawn_line
from lyricist.app.widgets.plain_breaks import is_plain, most_cells, plain_breaks

PIECE = 1024
_SPACE_REACH = 64


def row_count(line: str, width: int, tab_width: int) -> int:
    """Return how many rows `line` takes at `width` cells (0: it is not broken)."""
    length = len(line)
    # No character takes more than two cells, and no control character more than one.
    if (length * 2 <= width or most_cells(line) <= width) and "\t" not in line:
        return 1
    return len(line_breaks(line, width, tab_width)) + 1


def line_breaks(line: str, width: int, tab_width: int) -> tuple[int, ...]:
    """Return the columns of `line` where another row begins."""
    if not width or (len(line) * 2 <= width and "\t" not in line):
        return ()
    if len(line) <= PIECE:
        return _breaks(line, width, tab_width)
    return _breaks_by_pieces(line, width, tab_width)


def tab_widths(line: str, tab_width: int) -> list[int]:
    """Return the cells that each tab of `line` takes."""
    if "\t" not in line:
        return []
    return [cells for _, cells in get_tab_widths(drawn_line(line), tab_width) if cells]


@lru_cache(maxsize=4096)
def _breaks(line: str, width: int, tab_width: int) -> tuple[int, ...]:
    if width > 1 and is_plain(line):
        return plain_breaks(line, width)
    drawn = drawn_line(line)
    sections = get_tab_widths(drawn, tab_width) if "\t" in drawn else [(drawn, 0)]
    return tuple(compute_wrap_offsets(drawn, width, tab_width, precomputed_tab_sections=sections))


# Lines of this length are few, and what is kept of each is large.
@lru_cache(maxsize=4)
def _breaks_by_pieces(line: str, width: int, tab_width: int) -> tuple[int, ...]:
    breaks: list[int] = []
    start = 0
    while start < len(line):
        end = _piece_end(line, start)
        if start:
            breaks.append(start)
        breaks += [start + column for column in _breaks(line[start:end], width, tab_width)]
        start = end
    return tuple(breaks)


def _piece_end(line: str, start: int) -> int:
    """Return where the piece from `start` ends: behind a space if one is near its full length."""
    end = start + PIECE
    if end >= len(line):
        return len(line)
    space = line.rfind(" ", end - _SPACE_REACH, end)
    return space + 1 if space >= 0 else end
