"""The questions of the Write screen: each one line and a few answers; and the recent songs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from lyricist.text.display import visible


class Question(ModalScreen[str | None]):
    """Asks with a few answers; the result is the answer's name, None for Escape.

    Args:
        question: One or two lines.
        answers: (name, label) each; the first one has the focus.
    """

    BINDINGS = [  # noqa: RUF012
        ("escape", "dismiss(None)", "Back"),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
        ("up", "app.focus_previous", ""),
        ("down", "app.focus_next", ""),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012

    def __init__(self, question: str, answers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Static(Content(visible(self._question)), classes="dialog-question")
            with Horizontal(classes="dialog-buttons"):
                for number, (name, label) in enumerate(self._answers):
                    button = Button(label, id=name, compact=True)
                    button.variant = "primary" if number == 0 else "default"
                    yield button

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id)


def unsaved_changes(song: str, leaving: bool) -> Question:
    """Ask what to do with changes that are not saved; on leaving, they may stay a draft."""
    keep = (("keep", "Keep as draft"),) if leaving else ()
    return Question(
        f"{song} has changes that are not saved.",
        (("save", "Save"), *keep, ("discard", "Discard"), ("cancel", "Cancel")),
    )


def training_would_stop() -> Question:
    """Ask before the app ends under a training."""
    return Question(
        "A training is running. Quitting stops it; the best so far is kept.",
        (("stay", "Stay"), ("quit", "Quit")),
    )


def draft_found(song: str, newer: bool) -> Question:
    """Ask whether to go on with a draft; `newer` than the file or not."""
    age = "newer" if newer else "older"
    return Question(
        f"{song} has a draft that was not saved, {age} than the file.",
        (("draft", "Open the draft"), ("compare", "Compare"), ("file", "Discard the draft")),
    )


def encoding_lacks(song: str, encoding: str, character: str) -> Question:
    """Ask whether to change the encoding for a character that the present one has not."""
    return Question(
        f"{song} is stored as {encoding}, which has no {character}.",
        (("utf8", "Save as UTF-8"), ("cancel", "Cancel")),
    )


def name_is_taken(name: str) -> Question:
    """Ask before a file is replaced."""
    return Question(
        f"There is a file {name} already.",
        (("other", "Another name"), ("replace", "Replace it"), ("cancel", "Cancel")),
    )


class RecentSongs(ModalScreen[str | None]):
    """Lists recent songs; the result is a path, None for Escape."""

    BINDINGS = [("escape", "dismiss(None)", "Back")]  # noqa: RUF012

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        self._paths = list(paths)

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Static("Recent songs", classes="dialog-question")
            if not self._paths:
                yield Static("none yet")
            options = [Option(Content(visible(_short(path)))) for path in self._paths]
            yield OptionList(*options, markup=False, compact=True)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._paths[event.option_index])


def _short(path: str) -> str:
    try:
        return f"~/{Path(path).relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return path
