"""A text area for songs of any length: what a key costs does not grow with the song.

It keeps every character as it is, and works out only the rows that are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from typing import Any, cast

from rich.text import Text
from textual import events
from textual.cache import LRUCache
from textual.document._document import EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widgets import TextArea

from lyricist.app.song_marks import SongMarks
from lyricist.app.widgets.craft_gutter import (
    LEAST_EDITOR_WIDTH,
    gutter_text,
    gutter_width,
    rhyme_styles,
)
from lyricist.app.widgets.drawn_line import drawn_line, drawn_part
from lyricist.app.widgets.song_document import SongDocument
from lyricist.app.widgets.song_history import SongHistory
from lyricist.app.widgets.song_row import RowStyles, SongRow, row_strip
from lyricist.app.widgets.song_wrapping import SongWrapping
from lyricist.craft.line_mark import NO_MARK, LineMark
from lyricist.library.documents import MAX_TEXT_CHARACTERS
from lyricist.text.lines import graphemes

# Characters that are searched for the other bracket of a pair.
_BRACKET_REACH = 2000
# Characters among which the grapheme beside the cursor is found.
_GRAPHEME_REACH = 256
_KEPT_ROWS = 200
# Characters of a row that are drawn at most.
_ROW_REACH = 2000
# A longer song is broken into rows once the size has come to rest, some lines at a time.
_WRAPPED_AT_ONCE = 100_000
_REST_SECONDS = 0.05
_WRAPPING_SECONDS, _BREATH_SECONDS = 0.015, 0.001


class SongArea(TextArea):
    """A `TextArea` over a `SongDocument`, without line numbers and highlighting.

    Attributes:
        marks: What is shown beside the lines and of their rhymes.
    """

    def __init__(self, **arguments: Any) -> None:
        self.marks = SongMarks()
        # What each row of the widget was last painted as.
        self._painted: dict[int, tuple[SongRow, RowStyles, int] | None] = {}
        self._looks_changed = True
        self._wrapping: Timer | None = None
        super().__init__(soft_wrap=True, **arguments)
        # Typing leaves a row behind with every key; beyond a few screens they are only memory.
        self._line_cache = LRUCache(_KEPT_ROWS)
        own = self.history
        self.history = SongHistory(
            own.max_checkpoints, own.checkpoint_timer, own.checkpoint_max_characters
        )

    @property
    def suggestion_copied(self) -> bool:
        """Whether the ghost is underlined, as what runs as in the training text."""
        return False

    @property
    def song(self) -> SongDocument:
        """The lines that are edited."""
        return cast(SongDocument, self.document)

    @property
    def rows(self) -> SongWrapping:
        """The lines as rows of the present width."""
        return cast(SongWrapping, self.wrapped_document)

    def _set_document(self, text: str, language: str | None) -> None:
        document = SongDocument(text)
        self.document = document
        self.wrapped_document = SongWrapping(document, self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def _rewrap_and_refresh_virtual_size(self) -> None:
        if self.is_mounted and not self._can_wrap_at_once:
            if self._wrapping is None:
                self._wrapping = self.set_timer(_REST_SECONDS, self._wrap_on)
            return
        super()._rewrap_and_refresh_virtual_size()
        # A frame may have been painted between the new size and the new rows.
        self._looks_changed = True
        self.refresh()

    @property
    def _can_wrap_at_once(self) -> bool:
        rows = self.rows
        if self.song.length <= _WRAPPED_AT_ONCE or not rows.is_wrapped:
            return True
        return rows.wrap_some(self.wrap_width, self.indent_width, 0)

    def _on_resize(self, event: events.Resize) -> None:  # type: ignore[override]
        # Textual would call the text area's own handler next.
        event.prevent_default()
        if self._wrapping is not None:
            self._wrapping.stop()
            self._wrapping = None
        if self._can_wrap_at_once:
            self.size_changed()
        else:
            self._wrapping = self.set_timer(_REST_SECONDS, self._wrap_on)

    def _wrap_on(self) -> None:
        """Break some more lines of a long song; keys have their turn in between."""
        self._wrapping = None
        if self.rows.wrap_some(self.wrap_width, self.indent_width, _WRAPPING_SECONDS):
            self.size_changed()
        else:
            self._wrapping = self.set_timer(_BREATH_SECONDS, self._wrap_on)

    def size_changed(self) -> None:
        """Break the song into rows of the new width."""
        self._rewrap_and_refresh_virtual_size()
        if self.song.length > _WRAPPED_AT_ONCE:
            self._scroll_to_cursor_at_once()

    def _build_highlight_map(self) -> None:
        """Do nothing: a song has no syntax, and rows that stay the same stay painted."""

    # --- the gutter

    @property
    def gutter_width(self) -> int:
        """Cells left of the text; none where the whole area is narrow."""
        marks = self.marks
        wide = self.scrollable_content_region.width >= LEAST_EDITOR_WIDTH
        return gutter_width(marks.patterns) if marks.ready and marks.shown and wide else 0

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self._rewrap_and_refresh_virtual_size()
        if self.is_mounted:
            self._recompute_cursor_offset()

    # --- edits

    def edit(self, edit: Edit) -> EditResult:
        """Perform an edit and scroll to the cursor, also onto a row that has just come to be."""
        result = super().edit(edit)
        self._scroll_to_cursor_at_once()
        return result

    def _scroll_to_cursor_at_once(self) -> None:
        if self.is_mounted:
            self._recompute_cursor_offset()
            x, y = self._cursor_offset
            self.scroll_to_region(Region(x, y, 3, 1), animate=False, force=True, immediate=True)
            self.app.cursor_position = self.cursor_screen_offset

    def _undo_batch(self, edits: Sequence[Edit]) -> None:
        self._replay(list(reversed(edits)), lambda edit: edit.undo(self))

    def _redo_batch(self, edits: Sequence[Edit]) -> None:
        self._replay(edits, lambda edit: edit.do(self, record_selection=False))

    def _replay(self, edits: Sequence[Edit], apply: Callable[[Edit], object]) -> None:
        """Undo or redo. The rows follow each edit by themselves, where Textual's own would rewrap
        the lines that it believes concerned, and with several edits over lines is mistaken."""
        if not edits:
            return
        for edit in edits:
            apply(edit)
        self._refresh_size()
        edits[-1].after(self)
        self._scroll_to_cursor_at_once()
        self.refresh()
        self.post_message(self.Changed(self))

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert pasted text with line feeds only, unless the song would become too long."""
        event.prevent_default()
        event.stop()
        if self.song.length + len(event.text) > MAX_TEXT_CHARACTERS:
            self.notify(
                f"what was pasted has {len(event.text):,} characters, and a song at most "
                f"{MAX_TEXT_CHARACTERS:,}: paste less",
                severity="error",
                markup=False,
            )
            return
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if not self.read_only and (result := self._replace_via_keyboard(text, *self.selection)):
            self.move_cursor(result.end_location)
            self.focus()

    # --- moving

    def get_cursor_left_location(self) -> Location:
        """One grapheme to the left, so that Backspace takes what looks like one character."""
        row, column = self.cursor_location
        if column == 0:
            return super().get_cursor_left_location()
        before = self.song.lines[row][max(0, column - _GRAPHEME_REACH) : column]
        return row, column - len(graphemes(before)[-1])

    def get_cursor_right_location(self) -> Location:
        """One grapheme to the right."""
        row, column = self.cursor_location
        rest = self.song.lines[row][column : column + _GRAPHEME_REACH]
        if not rest:
            return super().get_cursor_right_location()
        return row, column + len(graphemes(rest)[0])

    def _yield_character_locations(self, start: Location) -> Iterable[tuple[str, Location]]:
        return islice(super()._yield_character_locations(start), _BRACKET_REACH)

    def _yield_character_locations_reverse(self, start: Location) -> Iterable[tuple[str, Location]]:
        return islice(super()._yield_character_locations_reverse(start), _BRACKET_REACH)

    # --- painting

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn: control characters as symbols, never sent as they are."""
        return Text(drawn_line(self.song.lines[line_index]), end="", no_wrap=True)

    def render_line(self, y: int) -> Strip:
        """Paint one row of the widget; rows that have not changed are kept as they were painted."""
        if self.song.is_empty:
            self._painted.clear()
            self._looks_changed = True
            return super().render_line(y)
        return self._render_line(y)

    def _render_line(self, y: int) -> Strip:
        key = self._painted[y] = self._looks_of(y, self._row_styles())
        if key is None:
            return Strip.blank(self.size.width, self._row_styles().base)
        strip = self._line_cache.get(key)
        if strip is None:
            strip = self._line_cache[key] = row_strip(*key, self.app.console)
        return strip

    def _looks_of(self, y: int, styles: RowStyles) -> tuple[SongRow, RowStyles, int] | None:
        """Return all that a row of the widget looks like, None below the song."""
        number = y + self.scroll_offset.y
        if number >= self.rows.height:
            return None
        return self._row(number), styles, self.scrollable_content_region.size.width

    # --- painting no more than has changed

    def notify_style_update(self) -> None:
        """Paint everything anew: colours may have changed."""
        self._looks_changed = True
        super().notify_style_update()

    def _set_dirty(self, *regions: Region) -> None:
        """Note what is to be painted; where that is all of it, which rows is found out later.

        Textual asks for the whole area with every key, and would draw it all.
        """
        if regions or self._looks_changed:
            super()._set_dirty(*regions)
        else:
            self._dirty_regions.add(self.outer_size.region)
            self._repaint_regions.add(self.outer_size.region)

    def _exchange_repaint_regions(self) -> Collection[Region]:
        """Return what is to be painted: of the whole area only rows that look different now."""
        regions = super()._exchange_repaint_regions()
        if self._looks_changed:
            self._styles_cache.clear()
            self._looks_changed = False
            return regions
        if self.outer_size.region not in regions:
            return regions
        changed = self._changed_rows()
        self._styles_cache.set_dirty(*changed)
        return changed

    def _changed_rows(self) -> list[Region]:
        if self._theme:
            self._theme.apply_css(self)
        styles = self._row_styles()
        left, top = self.content_offset
        width, height = self.content_size
        unpainted = object()
        return [
            Region(left, top + y, width, 1)
            for y in range(height)
            if self._looks_of(y, styles) != self._painted.get(y, unpainted)
        ]

    def _row_styles(self) -> RowStyles:
        theme = self._theme
        return RowStyles(
            theme.base_style or self.rich_style,
            theme.cursor_style,
            theme.cursor_line_style if self.highlight_cursor_line else None,
            theme.selection_style,
            theme.bracket_matching_style,
            self.get_component_rich_style("text-area--suggestion"),
            self.get_component_rich_style("text-area--gutter"),
            rhyme_styles(self.app.current_theme.dark),
        )

    def _row(self, number: int) -> SongRow:
        index, row_of_line = self.rows.line_at(number)
        start, end = self.rows.row_span(index, row_of_line)
        # Until the width is known, a line of any length is one row.
        end = min(end, start + _ROW_REACH)
        line = self.song.lines[index]
        cursor_line, cursor_column = self.cursor_location
        # Behind the last character there is a cell for the cursor.
        text = drawn_part(line, start, end) + (" " if end == len(line) else "")
        current = cursor_line == index
        holds_cursor = current and start <= cursor_column < start + len(text)
        selected = self._selected_columns(index, start, end)
        if selected == (0, 0):
            # A line without characters still shows that it is selected.
            text, selected = "▌", (0, 1)
        shows_ghost = holds_cursor and (self.has_focus or not self.hide_suggestion_on_blur)
        width = self.gutter_width
        mark = self.marks.at(self.song.lines, index) if width else NO_MARK
        return SongRow(
            text,
            self._tab_widths(index, start, end),
            current,
            selected,
            self._bracket_columns(index, start, end),
            cursor_column - start if holds_cursor and self._draw_cursor else None,
            self.suggestion if shows_ghost else "",
            cursor_column - start if shows_ghost else 0,
            _gutter_of(mark, row_of_line, width, self.marks.patterns),
            _within(mark.ending, start, end) if mark.ending else None,
            mark.colour,
            tuple(filter(None, (_within(span, start, end) for span in mark.underlined))),
            copied=shows_ghost and bool(self.suggestion) and self.suggestion_copied,
        )

    def _selected_columns(self, index: int, start: int, end: int) -> tuple[int, int] | None:
        """Return the selected part of a row; (0, 0) for a line without characters amid others."""
        (top, top_column), (bottom, bottom_column) = sorted(self.selection)
        if self.selection.is_empty or not top <= index <= bottom:
            return None
        if not self.song.lines[index]:
            return (0, 0) if index != self.cursor_location[0] else None
        first = max(top_column if index == top else 0, start) - start
        last = min(bottom_column if index == bottom else end, end) - start
        return (first, last) if first < last else None

    def _bracket_columns(self, index: int, start: int, end: int) -> tuple[int, ...]:
        if not (self.match_cursor_bracket and self.selection.is_empty):
            return ()
        partner = self._matching_bracket_location
        pair = (self.cursor_location, partner) if partner is not None else ()
        return tuple(
            column - start for row, column in pair if row == index and start <= column < end
        )

    def _tab_widths(self, index: int, start: int, end: int) -> tuple[int, ...]:
        line = self.song.lines[index]
        if "\t" not in line:
            return ()
        before, within = line.count("\t", 0, start), line.count("\t", start, end)
        return tuple(self.rows.get_tab_widths(index)[before : before + within])


def _gutter_of(mark: LineMark, row_of_line: int, width: int, with_pattern: bool) -> str:
    """The gutter of a line's first row; its other rows leave it empty."""
    if not width:
        return ""
    if row_of_line or mark == NO_MARK:
        return " " * width
    return gutter_text(mark, with_pattern)


def _within(span: tuple[int, int], start: int, end: int) -> tuple[int, int] | None:
    """The part of some columns of a line that a row shows, counted from the row's start."""
    first, last = max(span[0], start), min(span[1], end)
    return (first - start, last - start) if first < last else None
