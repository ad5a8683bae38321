"""What the Models screen asks and shows: a new name, a whole card."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from lyricist.app.widgets.key_footer import KeyFooter
from lyricist.app.widgets.plain_input import PlainInput
from lyricist.network.card import ModelCard
from lyricist.text.display import visible

_SHOWN_CHARACTERS = 2000
_KEY_WIDTH = 22


class NameDialog(ModalScreen[str | None]):
    """Asks for a name; None if the writer thinks better of it."""

    BINDINGS = [("escape", "dismiss(None)", "Back")]  # noqa: RUF012

    def __init__(self, question: str, name: str) -> None:
        super().__init__()
        self._question = question
        self._name_now = name

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Static(visible(self._question), markup=False, classes="dialog-question")
            yield PlainInput(self._name_now, id="new-name", compact=True)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


class CardView(ModalScreen[None]):
    """A model's card, scrollable."""

    BINDINGS = [("escape,c,q", "dismiss(None)", "Back")]  # noqa: RUF012

    def __init__(self, card: ModelCard) -> None:
        super().__init__()
        self._card = card

    def compose(self) -> ComposeResult:
        """Lay out."""
        with VerticalScroll(id="card"):
            yield Static(card_text(self._card), markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#card").focus()


def card_text(card: ModelCard) -> Content:
    """Return everything that a card says, one field a line, nested ones indented."""
    characters = visible(card.characters[:_SHOWN_CHARACTERS])
    more = len(card.characters) - _SHOWN_CHARACTERS
    fields: list[tuple[str, Any]] = [
        ("name", card.name),
        ("language", card.language),
        ("licence", card.licence),
        ("created", card.created),
        ("base", card.base),
        ("notes", card.notes),
        ("training", card.training),
        ("corpora", card.corpora),
        ("architecture", card.architecture),
        ("recipe", card.recipe),
        ("command", card.command),
        ("format", card.format),
        ("weights_sha256", card.weights_sha256),
        ("characters", f"{len(card.characters):,}"),
    ]
    stated = [(key, value) for key, value in fields if value not in (None, "", {}, [])]
    lines = [line for key, value in stated for line in _lines(key, value)]
    lines += [Content(""), Content(characters + (f" … and {more:,} more" if more > 0 else ""))]
    return Content("\n").join(lines)


def _lines(key: str, value: Any, depth: int = 0) -> list[Content]:
    label = Content.styled(("  " * depth + visible(key)).ljust(_KEY_WIDTH), "$text-muted")
    if isinstance(value, dict):
        inner = [line for k, v in value.items() for line in _lines(str(k), v, depth + 1)]
        return [label, *inner]
    if isinstance(value, list):
        items = [line for i, v in enumerate(value, 1) for line in _lines(str(i), v, depth + 1)]
        return [label, *items]
    return [Content.assemble(label, f" {visible(str(value))}")]
