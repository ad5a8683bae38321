"""Other lines in the place of one, to choose from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from textual import on, work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lyricist.app.rewriting import Offers, Rewriting
from lyricist.craft.line import sung_line
from lyricist.text.display import visible

Ask = Callable[[Collection[str]], Awaitable[Offers | None]]
"""Returns lines other than those given; None where no answer came."""


class RewriteDialog(ModalScreen[str | None]):
    """Lists the line and others in its place; the result is the line chosen, None to keep it.

    Args:
        wanted: The line.
        keeps: In words, what the others keep.
        ask: Asks the model.
    """

    BINDINGS = [  # noqa: RUF012
        ("escape", "dismiss(None)", "Back"),
        ("a", "again", "Five others"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (26, "-tall")]  # noqa: RUF012

    def __init__(self, wanted: Rewriting, keeps: str, ask: Ask) -> None:
        super().__init__()
        self._wanted, self._keeps, self._ask = wanted, keeps, ask
        self._seen = {wanted.text}
        self._lines: list[str] = []
        # Answers may come when these are no more in the tree.
        self._list = OptionList(markup=False, compact=True)
        self._state = Static("", id="state", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Static(Content(f"Rewrite: {visible(self._keeps)}"), classes="dialog-question")
            yield from (self._list, self._state)
            yield Static("Enter takes it · a five others · Esc keeps the old line", id="keys")

    def on_mount(self) -> None:
        """Ask for the first ones."""
        self._show([])
        self._list.focus()
        self._look_up()

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close, and wait for no answer."""
        self.workers.cancel_node(self)
        return super().dismiss(result)

    def action_again(self) -> None:
        """Ask for five others."""
        self._look_up()

    @work(exclusive=True)
    async def _look_up(self) -> None:
        self._say("writing …")
        found = await self._ask(frozenset(self._seen))
        if found is None:
            self._say("no answer came; try again with a")
        elif not found.lines:
            self._say(found.reason or "no others were found")
        else:
            self._seen.update(found.lines)
            self._show(list(found.lines))
            self._say("")

    def _show(self, lines: list[str]) -> None:
        self._lines = lines
        old = _row(self._wanted.text, self._wanted.syllables)
        rows = [Option(Content.assemble(old, Content.styled("  (as it is)", "$text 55%")))]
        rows += [Option(_row(line, sung_line(line).syllables)) for line in lines]
        self._list.set_options(rows)
        self._list.highlighted = 1 if lines else 0

    def _say(self, text: str) -> None:
        self._state.update(Content(visible(text)))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        place = event.option_index
        self.dismiss(self._lines[place - 1] if place else None)


def _row(text: str, syllables: int) -> Content:
    return Content.assemble(Content.styled(f"{syllables:>2}  ", "$text-accent"), visible(text))
