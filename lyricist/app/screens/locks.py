"""What candidates have to obey: the length of a line, and a rhyme."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Input, Label, Select, Static

from lyricist.app.widgets.plain_input import PlainInput
from lyricist.craft.line import sung_line
from lyricist.craft.modes import (
    ABOVE,
    LENGTH_MODES,
    MOST_SYLLABLES,
    OFF,
    RHYME_MODES,
    SYSTEMS,
    TEMPLATE,
    TYPED,
)
from lyricist.library.settings import Settings

_LENGTH_LABELS = {
    OFF: "any length",
    ABOVE: "as the line above",
    TEMPLATE: "as the section it follows",
    TYPED: "so many syllables:",
}
_RHYME_LABELS = {
    OFF: "no rhyme",
    ABOVE: "with the line above",
    TEMPLATE: "as the section it follows",
    TYPED: "with this word or line:",
}
_SYSTEM_LABELS = {"thirteen": "十三辙", "new": "中华新韵"}


class LocksDialog(ModalScreen[bool]):
    """Changes the settings; the result is True where the writer wants them so."""

    BINDINGS = [("escape", "dismiss(False)", "Back")]  # noqa: RUF012

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def compose(self) -> ComposeResult:
        """Lay out."""
        own = self._settings
        with Vertical(classes="dialog"):
            yield Static("Ghost lines have to have", classes="dialog-question")
            with Grid(id="locks"):
                yield Label("Length")
                yield _select("length", LENGTH_MODES, _LENGTH_LABELS, own.lock_length)
                yield Label("")
                yield PlainInput(
                    str(own.lock_syllables), id="syllables", type="integer", compact=True
                )
                yield Label("Rhyme")
                yield _select("rhyme", RHYME_MODES, _RHYME_LABELS, own.lock_rhyme)
                yield Label("")
                yield PlainInput(own.lock_word, id="word", placeholder="a word", compact=True)
                yield Label("Chinese rhymes")
                yield _select("system", SYSTEMS, _SYSTEM_LABELS, own.rhyme_system)
                yield Label("")
                yield Checkbox("通押 counts", own.loose_rhymes, id="loose", compact=True)
            yield Static("", id="locks-problem")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Lock", id="lock", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(False)

    @on(Input.Submitted)
    @on(Button.Pressed, "#lock")
    def _lock(self) -> None:
        length, rhyme = self._chosen("length"), self._chosen("rhyme")
        syllables = self.query_one("#syllables", Input).value.strip()
        word = self.query_one("#word", Input).value.strip()
        if problem := _problem(length, rhyme, syllables, word):
            self.query_one("#locks-problem", Static).update(problem)
            return
        own = self._settings
        own.lock_length, own.lock_rhyme = length, rhyme
        own.lock_syllables = int(syllables) if length == TYPED else own.lock_syllables
        own.lock_word = word
        own.rhyme_system = self._chosen("system")
        own.loose_rhymes = self.query_one("#loose", Checkbox).value
        self.dismiss(True)

    def _chosen(self, id: str) -> str:
        return str(self.query_one(f"#{id}", Select).value)


def _select(id: str, modes: tuple[str, ...], labels: dict[str, str], value: str) -> Select[str]:
    options = [(labels.get(mode, mode), mode) for mode in modes]
    return Select(options, value=value, allow_blank=False, id=id, compact=True)


def _problem(length: str, rhyme: str, syllables: str, word: str) -> str:
    """What is wrong with what was typed, in a line; empty if nothing is."""
    if length == TYPED and not (syllables.isdecimal() and 1 <= int(syllables) <= MOST_SYLLABLES):
        return f"a length is a number from 1 to {MOST_SYLLABLES}"
    if rhyme == TYPED and not sung_line(word).ending:
        return "type a word that can be read, to rhyme with"
    return ""
