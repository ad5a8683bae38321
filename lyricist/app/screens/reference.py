"""A reference lyric, pasted or typed, whose lengths and rhymes a section is to have (填词)."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static, TextArea

from lyricist.app.section_choice import reference_template, shape
from lyricist.app.widgets.song_area import SongArea
from lyricist.craft.modes import RhymeRules

# The lengths and rhymes of a section, not of a book.
MOST_CHARACTERS = 20_000


class ReferenceDialog(ModalScreen[str | None]):
    """Takes a lyric; the result is its text, None for Escape.

    Args:
        text: What is followed now.
        rules: How rhymes are judged.
    """

    BINDINGS = [  # noqa: RUF012
        ("escape", "dismiss(None)", "Back"),
        ("ctrl+s", "follow", "Follow"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (26, "-tall")]  # noqa: RUF012

    def __init__(self, text: str, rules: RhymeRules) -> None:
        super().__init__()
        self._text, self._rules = text, rules

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Static("Follow the lengths and rhymes of this lyric", classes="dialog-question")
            yield SongArea(text=self._text, tab_behavior="focus", compact=True)
            yield Static("", id="state", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Follow", id="follow", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Begin with the text."""
        self.query_one(SongArea).focus()

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        template = reference_template(text, self._rules) if self._is_short(text) else None
        self._say(shape(template) if template else "")

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#follow")
    def action_follow(self) -> None:
        """Follow what is there."""
        text = self.query_one(SongArea).text
        if not self._is_short(text):
            self._say("that is too long for one section")
        elif reference_template(text, self._rules) is None:
            self._say("there is no line to follow yet")
        else:
            self.dismiss(text)

    def _is_short(self, text: str) -> bool:
        return len(text) <= MOST_CHARACTERS

    def _say(self, text: str) -> None:
        self.query_one("#state", Static).update(Content(text))
