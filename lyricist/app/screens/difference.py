"""Two texts of one song, shown as what differs between them, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from lyricist.app.background import in_background
from lyricist.text.difference import ADDED, FOLDED, REMOVED, DiffLine, difference
from lyricist.text.display import visible
from lyricist.text.lines import cut_to_cells

# Lines and cells beyond which nobody reads a difference, and a terminal would take long to draw it.
_MOST_LINES = 2000
_MOST_CELLS = 400


class DifferenceScreen(ModalScreen[str | None]):
    """Shows how `old` becomes `new`; the result is the answer's name, None for Escape.

    Args:
        old_title: What `old` is: its lines are marked with a minus.
        old: A text with LF line ends.
        new_title: What `new` is: its lines are marked with a plus.
        new: A text with LF line ends.
        answers: (name, label) each; the first one has the focus.
    """

    DEFAULT_CSS = """
    DifferenceScreen { align: center middle; }
    DifferenceScreen #difference-frame { width: 92%; height: 90%; }
    DifferenceScreen #difference-lines { height: 1fr; margin-bottom: 1; }
    DifferenceScreen #difference-text { width: 1fr; height: auto; }
    DifferenceScreen .dialog-question { margin-bottom: 0; }
    DifferenceScreen.-narrow #difference-frame { width: 100%; height: 100%; max-width: 100%; }
    DifferenceScreen.-narrow .dialog-buttons { layout: vertical; }
    DifferenceScreen.-narrow .dialog { padding: 0 1; }
    """

    BINDINGS = [  # noqa: RUF012
        ("escape", "dismiss(None)", "Back"),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
        ("up", "scroll(-1)", ""),
        ("down", "scroll(1)", ""),
        ("pageup", "scroll_page(-1)", ""),
        ("pagedown", "scroll_page(1)", ""),
        ("home", "scroll_to_end(0)", ""),
        ("end", "scroll_to_end(1)", ""),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012

    def __init__(
        self,
        old_title: str,
        old: str,
        new_title: str,
        new: str,
        answers: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__()
        self._titles = (old_title, new_title)
        self._texts = (old, new)
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(id="difference-frame", classes="dialog"):
            yield Static(title_line(*self._titles), markup=False, classes="dialog-question")
            with VerticalScroll(id="difference-lines", can_focus=False):
                yield Static("comparing …", id="difference-text", markup=False)
            with Horizontal(classes="dialog-buttons"):
                for number, (name, label) in enumerate(self._answers):
                    button = Button(label, id=name, compact=True)
                    button.variant = "primary" if number == 0 else "default"
                    yield button

    async def on_mount(self) -> None:
        """Compare beside the event loop: a novel takes a while."""
        self.query(Button).first().focus()
        self.run_worker(self._compare())

    async def _compare(self) -> None:
        lines = await in_background(lambda: difference(*self._texts))
        if self.is_mounted:
            self.query_one("#difference-text", Static).update(drawn_difference(lines))

    @property
    def _lines(self) -> VerticalScroll:
        return self.query_one("#difference-lines", VerticalScroll)

    def action_scroll(self, by: int) -> None:
        """Go up or down by a line."""
        self._lines.scroll_relative(y=by, animate=False)

    def action_scroll_page(self, by: int) -> None:
        """Go up or down by a page."""
        self._lines.scroll_relative(y=by * max(1, self._lines.size.height - 1), animate=False)

    def action_scroll_to_end(self, end: int) -> None:
        """Go to the first or the last line."""
        scroll = self._lines.scroll_end if end else self._lines.scroll_home
        scroll(animate=False)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id)


def title_line(old: str, new: str) -> Content:
    """Return which sign stands for which text."""
    return Content("\n").join(
        [
            Content.styled(f"- {visible(old)}", "$text-error"),
            Content.styled(f"+ {visible(new)}", "$text-success"),
        ]
    )


def drawn_difference(lines: Sequence[DiffLine]) -> Content:
    """Return a difference as it is drawn: signs and colours, control characters as symbols."""
    if not lines:
        return Content.styled("there is no difference", "$text-muted")
    drawn = [_drawn(line) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        drawn.append(Content.styled(f"… {len(lines) - _MOST_LINES:,} more lines", "$text-muted"))
    return Content("\n").join(drawn)


def _drawn(line: DiffLine) -> Content:
    if line.kind == FOLDED:
        return Content.styled(f"  ⋯ {line.count:,} lines as they were", "$text-muted")
    text = cut_to_cells(visible(line.text), _MOST_CELLS)
    if line.kind == REMOVED:
        return Content.styled(f"- {text}", "$text-error")
    if line.kind == ADDED:
        return Content.styled(f"+ {text}", "$text-success")
    return Content(f"  {text}")
