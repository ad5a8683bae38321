"""One of a few things to choose from a list, the present one marked."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lyricist.text.display import visible


class Choice(ModalScreen[int | None]):
    """Lists a few things; the result is the number of one, None for Escape.

    Args:
        question: What is chosen.
        rows: One line each.
        present: The number of the one that holds now, None if none does.
        first: The number of the one to begin at; the present one if it is not given.
    """

    BINDINGS = [("escape", "dismiss(None)", "Back")]  # noqa: RUF012

    VERTICAL_BREAKPOINTS = [(0, "-short"), (26, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        question: str,
        rows: Sequence[str],
        present: int | None,
        first: int | None = None,
    ) -> None:
        super().__init__()
        self._question, self._rows, self._present = question, rows, present
        self._first = first if first is not None else present

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Static(Content(visible(self._question)), classes="dialog-question")
            yield OptionList(
                *(
                    Option(Content(("● " if number == self._present else "  ") + visible(row)))
                    for number, row in enumerate(self._rows)
                ),
                markup=False,
                compact=True,
            )

    def on_mount(self) -> None:
        """Begin where the writer most likely goes."""
        self.query_one(OptionList).highlighted = self._first or 0
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_index)
