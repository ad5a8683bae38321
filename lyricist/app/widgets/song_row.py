"""Painting one row of a song: its text, the cursor, the selection and the ghost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.expand_tabs import expand_text_tabs_from_widths
from textual.strip import Strip

_UNDERLINE = Style(underline=True)


class RowStyles(NamedTuple):
    """How the parts of a row look. gutter: None where there is no gutter. rhymes: text colours by
    the sound of a line's end."""

    base: Style
    cursor: Style | None
    cursor_line: Style | None
    selection: Style | None
    bracket: Style | None
    ghost: Style | None
    gutter: Style | None = None
    rhymes: tuple[Style, ...] = ()


@dataclass(frozen=True)
class SongRow:
    """All that a row's looks depend on, columns counted from its start: equal rows look the same.

    text: as it is drawn. tab_widths: cells of each tab in it. current: the cursor is in its line.
    selected: columns from and to. brackets: columns of a pair at the cursor. cursor: where it is
    drawn, None where it is not. ghost: what is shown before column `ghost_at`. gutter: what stands
    left of it, empty without a gutter. rhyme: the rhyming end, columns from and to. colour: of that
    and of the gutter's letter, a place in `RowStyles.rhymes`. underlined: columns from and to.
    copied: the ghost runs as in what the model was trained on.
    """

    text: str
    tab_widths: tuple[int, ...] = ()
    current: bool = False
    selected: tuple[int, int] | None = None
    brackets: tuple[int, ...] = ()
    cursor: int | None = None
    ghost: str = ""
    ghost_at: int = 0
    gutter: str = ""
    rhyme: tuple[int, int] | None = None
    colour: int | None = None
    underlined: tuple[tuple[int, int], ...] = ()
    copied: bool = False


def row_strip(row: SongRow, styles: RowStyles, width: int, console: Console) -> Strip:
    """Return `row` as `width` cells."""
    text = Text(row.text, end="", no_wrap=True)
    if row.current and styles.cursor_line:
        text.stylize(styles.cursor_line)
    for span in row.underlined:
        text.stylize(_UNDERLINE, *span)
    if row.rhyme and row.colour is not None:
        text.stylize(styles.rhymes[row.colour], *row.rhyme)
    if row.selected and styles.selection:
        text.stylize(styles.selection, *row.selected)
    for column in row.brackets:
        if styles.bracket:
            text.stylize(styles.bracket, column, column + 1)
    if row.ghost:
        style = (styles.ghost or Style()) + (_UNDERLINE if row.copied else Style())
        text = Text.assemble(text[: row.ghost_at], (row.ghost, style), text[row.ghost_at :], end="")
    if row.cursor is not None and styles.cursor:
        text.stylize(styles.cursor, row.cursor, row.cursor + 1)
    if row.tab_widths:
        text = expand_text_tabs_from_widths(text, list(row.tab_widths))
    strip = Strip(text.render(console), cell_length=text.cell_len)
    room = width - len(row.gutter)
    strip = strip.extend_cell_length(room, styles.cursor_line if row.current else styles.base)
    strip = strip.apply_style(styles.base)
    return Strip([*_gutter(row, styles), *strip]) if row.gutter else strip


def _gutter(row: SongRow, styles: RowStyles) -> list[Segment]:
    """The gutter, whose last letter has the colour of its rhyme."""
    style = styles.gutter or styles.base
    if row.colour is None or not row.gutter.strip():
        return [Segment(row.gutter, style)]
    label = row.gutter.rstrip()
    rest = row.gutter[len(label) :]
    return [
        Segment(label[:-1], style),
        Segment(label[-1:], style + styles.rhymes[row.colour]),
        Segment(rest, style),
    ]
