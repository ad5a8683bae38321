"""Painting one row of a song: its text, the cursor, the selection and the ghost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual.expand_tabs import expand_text_tabs_from_widths
from textual.strip import Strip


class RowStyles(NamedTuple):
    """How the parts of a row look."""

    base: Style
    cursor: Style | None
    cursor_line: Style | None
    selection: Style | None
    bracket: Style | None
    ghost: Style | None


@dataclass(frozen=True)
class SongRow:
    """All that a row's looks depend on, columns counted from its start: equal rows look the same.

    text: as it is drawn. tab_widths: cells of each tab in it. current: the cursor is in its line.
    selected: columns from and to. brackets: columns of a pair at the cursor. cursor: where it is
    drawn, None where it is not. ghost: what is shown before column `ghost_at`.
    """

    text: str
    tab_widths: tuple[int, ...] = ()
    current: bool = False
    selected: tuple[int, int] | None = None
    brackets: tuple[int, ...] = ()
    cursor: int | None = None
    ghost: str = ""
    ghost_at: int = 0


def row_strip(row: SongRow, styles: RowStyles, width: int, console: Console) -> Strip:
    """Return `row` as `width` cells."""
    text = Text(row.text, end="", no_wrap=True)
    if row.current and styles.cursor_line:
        text.stylize(styles.cursor_line)
    if row.selected and styles.selection:
        text.stylize(styles.selection, *row.selected)
    for column in row.brackets:
        if styles.bracket:
            text.stylize(styles.bracket, column, column + 1)
    if row.ghost:
        text = Text.assemble(
            text[: row.ghost_at], (row.ghost, styles.ghost or ""), text[row.ghost_at :], end=""
        )
    if row.cursor is not None and styles.cursor:
        text.stylize(styles.cursor, row.cursor, row.cursor + 1)
    if row.tab_widths:
        text = expand_text_tabs_from_widths(text, list(row.tab_widths))
    strip = Strip(text.render(console), cell_length=text.cell_len)
    strip = strip.extend_cell_length(width, styles.cursor_line if row.current else styles.base)
    return strip.apply_style(styles.base)
