"""The list of what is trained on, and the menu from which it is filled."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from lyricist.app.corpus_choice import SongSource
from lyricist.text.display import visible

FILE, FOLDER = "file", "folder"


class SongSourceList(OptionList):
    """The chosen songs; Delete takes one out."""

    BINDINGS = [Binding("delete,backspace", "take_out", "Remove")]  # noqa: RUF012

    class Changed(Message):
        """Something was added or taken out."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self._sources: list[SongSource] = []

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths, in order, each once."""
        return tuple(dict.fromkeys(path for source in self._sources for path in source.paths))

    @property
    def wanted_name(self) -> str:
        """What the only source is called, empty if it has no name of its own."""
        return self._sources[0].name if len(self._sources) == 1 else ""

    def add(self, source: SongSource) -> None:
        """Add a source unless it is there."""
        if source not in self._sources:
            self._sources.append(source)
            self.add_option(Option(Content(visible(source.label))))
            self.highlighted = len(self._sources) - 1
            self.post_message(self.Changed())

    def action_take_out(self) -> None:
        """Take the highlighted source out."""
        if self.highlighted is not None:
            del self._sources[self.highlighted]
            self.remove_option_at_index(self.highlighted)
            self.post_message(self.Changed())


class AddSongsMenu(ModalScreen[SongSource | str | None]):
    """Asks where songs are to come from: a source, or `file` or `folder` to look for one."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Back")]  # noqa: RUF012

    def __init__(self, offered: Iterable[SongSource]) -> None:
        super().__init__()
        self._offered = list(offered)

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Label("Add songs", classes="dialog-question")
            yield OptionList(
                "a file or .zip …",
                "a folder …",
                *(Content(visible(source.label)) for source in self._offered),
                markup=False,
                compact=True,
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        event.stop()
        choices: list[SongSource | str] = [FILE, FOLDER, *self._offered]
        self.dismiss(choices[event.option_index])
