"""A song broken into rows of the editor's width, at a cost that does not grow with the song.

Textual's own keeps a list entry for every row and renumbers all that follow an edit. Here the
counts of rows are summed by blocks, and where a line breaks is worked out when it is looked at.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from rich.cells import cell_len
from textual._cells import cell_width_to_column_index
from textual.document._document import Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset, clamp

from lyricist.app.widgets.drawn_line import drawn_part
from lyricist.app.widgets.line_breaks import line_breaks, row_count, tab_widths
from lyricist.app.widgets.row_counts import RowCounts
from lyricist.app.widgets.song_document import DrawnDocument, SongDocument

_LINES_AT_ONCE = 32


class SongWrapping(WrappedDocument):
    """The rows of a song, measured as they are drawn; it follows every edit of the song by itself.

    Args:
        song: What is wrapped.
        tab_width: Cells to the next tab stop, at most.
    """

    def __init__(self, song: SongDocument, tab_width: int) -> None:
        self._song = song
        self._counts = RowCounts()
        self._wrapped_for: tuple[int, int] | None = None
        # The rows of the first lines at another width, which is about to be the song's.
        self._coming_for: tuple[int, int] | None = None
        self._coming: list[int] = []
        song.follower = self._replaced
        super().__init__(DrawnDocument(song), tab_width=tab_width)

    # --- keeping up with the song

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Break all lines at `width` cells (0: none), unless they are broken so already."""
        wanted = width, tab_width or self._tab_width
        if self._wrapped_for == wanted:
            return
        done = self._coming if self._coming_for == wanted else []
        self._coming_for, self._coming = None, []
        self._wrapped_for = wanted
        self._width, self._tab_width = wanted
        rest = self._count_rows(self._song.lines[len(done) :], *wanted)
        self._counts = RowCounts([*done, *rest])

    def wrap_some(self, width: int, tab_width: int, seconds: float) -> bool:
        """Get on with breaking all lines at `width` cells, for about so many seconds.

        The lines stay broken as they are until `wrap` is called; edits meanwhile are followed.

        Returns:
            Whether nothing is left for `wrap` to break.
        """
        wanted = width, tab_width
        if self._wrapped_for == wanted:
            return True
        if self._coming_for != wanted:
            self._coming_for, self._coming = wanted, []
        until = time.monotonic() + seconds
        lines, coming = self._song.lines, self._coming
        while len(coming) < len(lines) and time.monotonic() < until:
            coming += self._count_rows(lines[len(coming) : len(coming) + _LINES_AT_ONCE], *wanted)
        return len(coming) == len(lines)

    @property
    def is_wrapped(self) -> bool:
        """Whether there are rows at all yet."""
        return self._wrapped_for is not None

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Do nothing: the edit itself has been followed."""

    def _replaced(self, top: int, old_bottom: int, new_bottom: int) -> None:
        lines = self._song.lines[top : new_bottom + 1]
        self._counts.replace(top, old_bottom, self._count_rows(lines, self._width, self._tab_width))
        if self._coming_for is None or top >= len(self._coming):
            return
        if old_bottom < len(self._coming):
            self._coming[top : old_bottom + 1] = self._count_rows(lines, *self._coming_for)
        else:
            del self._coming[top:]

    def _count_rows(self, lines: Sequence[str], width: int, tab_width: int) -> list[int]:
        if not width:
            return [1] * len(lines)
        return [row_count(line, width, tab_width) for line in lines]

    # --- rows and lines

    @property
    def wrapped(self) -> bool:
        """Whether any line takes more than one row."""
        return self._counts.rows > self._counts.lines

    @property
    def height(self) -> int:
        """Rows of the whole song."""
        return self._counts.rows

    @property
    def lines(self) -> list[list[str]]:
        """The rows of every line; nothing but tests should want them all."""
        return [self.get_sections(index) for index in range(self._counts.lines)]

    def line_at(self, row: int) -> tuple[int, int]:
        """Return the line that a row belongs to, and its number among that line's rows."""
        return self._counts.line_at(row)

    def get_offsets(self, line_index: int) -> list[int]:
        """Return the columns where a line's further rows begin.

        Raises:
            ValueError: If there is no such line.
        """
        return list(self._breaks(line_index))

    def get_tab_widths(self, line_index: int) -> list[int]:
        """Return the cells of each tab of a line."""
        return tab_widths(self._song.lines[line_index], self._tab_width)

    def get_sections(self, line_index: int) -> list[str]:
        """Return the text of each row of a line, as it is drawn."""
        line = self.document.get_line(line_index)
        edges = [0, *self._breaks(line_index), len(line)]
        return [line[start:end] for start, end in pairwise(edges)]

    def row_span(self, line_index: int, row_of_line: int) -> tuple[int, int]:
        """Return the first column of a row and the one behind its last."""
        breaks = self._breaks(line_index)
        row_of_line = clamp(row_of_line, 0, len(breaks))
        start = breaks[row_of_line - 1] if row_of_line else 0
        is_last = row_of_line == len(breaks)
        return start, len(self._song.lines[line_index]) if is_last else breaks[row_of_line]

    def _breaks(self, line_index: int) -> tuple[int, ...]:
        if not 0 <= line_index < self._counts.lines:
            raise ValueError(f"there is no line {line_index} among {self._counts.lines}")
        return line_breaks(self._song.lines[line_index], self._width, self._tab_width)

    # --- places

    def location_to_offset(self, location: Location) -> Offset:
        """Return the cell of a location, counted from the first row of the song."""
        index, column = location
        index = clamp(index, 0, self._counts.lines - 1)
        row_of_line = bisect_right(self._breaks(index), column)
        start, _ = self.row_span(index, row_of_line)
        before = self._drawn(index, start, column)
        if "\t" in before:
            before = expand_tabs_inline(before, self._tab_width)
        return Offset(cell_len(before), self._counts.rows_before(index) + row_of_line)

    def offset_to_location(self, offset: Offset) -> Location:
        """Return the location at a cell, or the nearest one."""
        x, y = offset
        index, row_of_line = self._counts.line_at(clamp(y, 0, self._counts.rows - 1))
        return index, self.get_target_document_column(index, max(0, x), row_of_line)

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        """Return the column at a cell of one of a line's rows (-1: the last).

        Before another row of its line, the cursor can be on a row's last character but not behind.
        """
        rows = len(self._breaks(line_index)) + 1
        row_of_line = y_offset if y_offset >= 0 else rows + y_offset
        start, end = self.row_span(line_index, row_of_line)
        row = self._drawn(line_index, start, end)
        column = start + cell_width_to_column_index(row, x_offset, self._tab_width)
        return min(column, end - 1) if row_of_line < rows - 1 else column

    def _drawn(self, line_index: int, start: int, end: int) -> str:
        return drawn_part(self._song.lines[line_index], start, end)
