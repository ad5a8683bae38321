"""The table of models: the writer's own first, then the shipped ones, damaged ones with why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.binding import Binding
from textual.events import Resize
from textual.widgets import DataTable

from lyricist.library.models import ModelEntry
from lyricist.network.card import WEIGHTS_FILE
from lyricist.text.display import visible
from lyricist.text.lines import cell_width

_COLUMNS = ("", "name", "kind", "language", "perplexity", "size", "weights", "created")
_NAME_WIDTH = 28
_ROWS_AT_ONCE = 4


class ModelTable(DataTable[Text]):
    """One row a model; the one in use has a mark."""

    BINDINGS = [Binding("enter", "select_cursor", "Use")]  # noqa: RUF012

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", zebra_stripes=False)
        self._entries: list[ModelEntry] = []
        self._drawn_width = 0

    @property
    def entry(self) -> ModelEntry | None:
        """The model under the cursor."""
        if 0 <= self.cursor_row < len(self._entries):
            return self._entries[self.cursor_row]
        return None

    def show(self, entries: Sequence[ModelEntry], in_use: str, select: str | None = None) -> None:
        """Show these models.

        Args:
            entries: The models.
            in_use: Name of the one that suggests.
            select: Name to put the cursor on; the cursor stays at its row where it is None.
        """
        if not self._entries:
            self._draw_rows(_ROWS_AT_ONCE)
        row = self.cursor_row
        self._entries = list(entries)
        names = [entry.name for entry in entries]
        # One of the writer's own hides a shipped one of the same name.
        used = names.index(in_use) if in_use in names else -1
        rows = [cells(entry, number == used) for number, entry in enumerate(entries)]
        self.clear(columns=True)
        for number, heading in enumerate(_COLUMNS):
            # A table that measures its columns itself does so after a first drawing, now and then
            # too late to draw again.
            texts = (heading, *(row[number] for row in rows))
            width = max(1, *(cell_width(text) for text in texts))
            self.add_column(Text(heading), width=width)
        for cells_of_row in rows:
            self.add_row(*(Text(cell) for cell in cells_of_row))
        if select in names:
            row = names.index(select)
        self.move_cursor(row=min(row, len(names) - 1))
        self.keep_row_in_view()

    def _draw_rows(self, rows: int) -> None:
        """Be so high, and then higher: drawing all rows at once would take long, and those that
        were drawn are remembered."""
        if rows >= self.app.size.height:
            self.styles.max_height = None
            return
        self.styles.max_height = rows
        self.call_after_refresh(self._draw_rows, rows + _ROWS_AT_ONCE)

    def on_resize(self, event: Resize) -> None:
        """What is said of a model below takes rows from the table."""
        if event.size.width == self._drawn_width:
            # The table would forget every row that it has drawn.
            event.prevent_default()
        self._drawn_width = event.size.width
        self.keep_row_in_view()

    def keep_row_in_view(self) -> None:
        """Scroll to the row under the cursor once all is laid out."""
        self.call_after_refresh(self._scroll_cursor_into_view)


def cells(entry: ModelEntry, in_use: bool) -> list[str]:
    """Return a model's row, fit to be shown."""
    name = visible(entry.name)
    if len(name) > _NAME_WIDTH:
        name = name[: _NAME_WIDTH - 1] + "…"
    kind = "damaged" if entry.problem else "shipped" if entry.shipped else "own"
    card = entry.card
    if card is None:
        return ["", name, kind, "", "", size_of(entry), "", ""]
    perplexity = card.held_out_perplexity
    return [
        "●" if in_use else "",
        name,
        kind,
        visible(card.language[:8]),
        "" if perplexity is None else f"{perplexity:,.1f}",
        size_of(entry),
        f"{card.parameters / 1e6:.1f} M" if card.parameters else "",
        visible(card.created[:10]),
    ]


def size_of(entry: ModelEntry) -> str:
    """Return the size of a model's weights on disk."""
    try:
        return f"{(entry.path / WEIGHTS_FILE).stat().st_size / 1e6:.1f} MB"
    except OSError:
        return ""
