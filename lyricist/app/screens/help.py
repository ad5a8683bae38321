"""Help: the keys as they are set, and the few things worth knowing."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from lyricist.app.keys import Keymap, key_rows
from lyricist.app.widgets.key_footer import KeyFooter
from lyricist.text.display import visible

_REMARKS = (
    "Ghost text goes on with the line as you write. It belongs to the text at the cursor: type "
    "what it says and it shrinks, do anything else and it is gone.",
    "It is shown where you are likely enough to take it, by the model's confidence and by what "
    "you took so far (Alt+G: quiet, normal, eager). The pane lists all candidates in any case, "
    "Alt+1 to Alt+9 take them. After Esc a place stays silent; Ctrl+Space always shows a ghost.",
    "Suggestions take up what this song and your other songs repeat (F10). Under the candidates "
    "stands how much of the one shown comes from the network, this song and your others.",
    "Beside each line stand its syllables and the letter of its rhyme; ? marks what cannot be "
    "read for certain. +1, -2 and ! say how a line differs from the section that its own follows "
    "(Alt+S).",
    "Under a lock (Alt+K, Alt+T) every candidate has the length and the rhyme that are wanted, or "
    "none is shown and the pane says why.",
    "Tones and stresses (Alt+D): - is 平, | is 仄, : a neutral tone; / is a stressed syllable, . "
    "an unstressed one.",
    "After a Chinese character it keeps some cells free for the input method; F4 changes that.",
    "Drafts are kept every second, and restored when lyricist starts without a file. Each save and "
    "each change of the model leaves a version of the song to compare with and to go back to "
    "(Alt+Z); what can be undone outlives the program.",
    "Train (Ctrl+T) makes a model of your own songs while you write on; Models (Ctrl+L) lists all.",
    "Everything, and Forget everything, is in the command palette: Ctrl+P.",
    "On a Mac, let the terminal use Option as Meta to have Alt.",
    "Keys can be changed in settings.toml, under [keys], by the names in the middle column.",
)
_ALL_COLUMNS = 64


class HelpScreen(ModalScreen[None]):
    """Scrollable; any of Escape, F1 and q closes it."""

    BINDINGS = [("escape,f1,q", "dismiss(None)", "Back")]  # noqa: RUF012

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Lay out."""
        has_room = self.app.size.width >= _ALL_COLUMNS
        with VerticalScroll(id="help"):
            yield Static(Content.styled("Keys", "bold"))
            for keys, name, description in key_rows(self._keymap):
                yield Static(
                    Content.assemble(
                        Content.styled(f"{visible(keys):15} ", "$text-accent"),
                        Content.styled(f"{name:20}" if has_room else "", "$text 60%"),
                        description,
                    )
                )
            yield Static("")
            for remark in _REMARKS:
                yield Static(Content(remark), classes="help-remark")
        yield KeyFooter()

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#help").focus()
