"""The model in use and the one just trained, side by side, and the writer's choice."""

from __future__ import annotations

import contextlib

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from lyricist.app.comparison import PROGRAM, Comparison, Side, compare
from lyricist.app.training_run import TrainingRun
from lyricist.app.widgets.key_footer import KeyFooter
from lyricist.text.display import visible

_MEASURING = "measuring …"


class CompareScreen(ModalScreen[bool | None]):
    """Asks whether to use the new model: True, False, or None for neither now.

    Args:
        run: The run whose model is new. Its comparison is measured once and kept with it.
        old: Name of the model in use, None if there is none to compare with.
        prefix: What both go on from.
    """

    CSS_PATH = "../train.tcss"
    BINDINGS = [("escape", "dismiss(None)", "Back")]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal")]  # noqa: RUF012

    program = PROGRAM

    def __init__(self, run: TrainingRun, old: str | None, prefix: str) -> None:
        super().__init__()
        self._run = run
        self._new = run.model or run.name
        self._old = old if old != self._new else None
        self._prefix = prefix

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(id="comparison"):
            yield Static("Old and new", id="compare-title")
            with VerticalScroll(id="compare-body"):
                with Horizontal(id="sides"):
                    if self._old is not None:
                        yield Static(id="old", classes="side", markup=False)
                    yield Static(id="new", classes="side", markup=False)
                yield Static(_MEASURING, id="verdict", markup=False)
            with Horizontal(id="compare-buttons"):
                yield Button("Use it", id="use", variant="primary", compact=True)
                yield Button("Keep the old", id="keep", compact=True)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show what is known and measure the rest."""
        self.query_one("#use", Button).focus()
        self._show(self._run.comparison)
        if self._run.comparison is None:
            self._measure()

    @work(exclusive=True)
    async def _measure(self) -> None:
        # The tutorial's recipe learns all songs, so none of them can tell how good it is.
        form = self._run.form
        held_out = form.recipe != "tutorial"
        self._run.comparison = await compare(
            self._old,
            self._new,
            form.corpus,
            self._prefix,
            held_out,
            self.program,
            form.cleaning,
        )
        # The screen may have been left meanwhile; the comparison stays with the run.
        with contextlib.suppress(NoMatches):
            self._show(self._run.comparison)

    def _show(self, comparison: Comparison | None) -> None:
        if comparison is not None:
            self._prefix = comparison.prefix
        if self._old is not None:
            old = comparison.old if comparison else None
            self.query_one("#old", Static).update(side_text("in use", self._old, old, self._prefix))
        new = comparison.new if comparison else None
        self.query_one("#new", Static).update(side_text("new", self._new, new, self._prefix))
        if comparison is not None:
            self.query_one("#verdict", Static).update(visible(comparison.verdict))

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "use")


def side_text(role: str, name: str, side: Side | None, prefix: str) -> Content:
    """Return one model's column."""
    lines = [
        Content.assemble(
            Content.styled(f"{role}: ", "$text-muted"), Content.styled(visible(name), "bold")
        )
    ]
    if side is None:
        return Content("\n").join([*lines, Content.styled(_MEASURING, "$text-muted")])
    if side.perplexity is not None:
        lines.append(Content(f"held-out perplexity {side.perplexity:,.2f}"))
    if side.continuation:
        song = Content.assemble(
            Content.styled(visible(prefix), "bold"),
            " / ".join(visible(line) for line in side.continuation.split("\n")),
        )
        lines += [Content(""), song]
    if side.problem:
        lines.append(Content.styled(visible(side.problem), "$text-error"))
    return Content("\n").join(lines)
