"""The versions of a song: listed, compared with it as it is now, and put in its place."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lyricist.app.background import in_background
from lyricist.app.listed_versions import ListedVersion, listed_versions
from lyricist.errors import LyricistError
from lyricist.library.versions import VersionStore
from lyricist.text.display import visible

_ANSWERS = (("back", "Back"), ("restore", "Restore this version"))
_EMPTY = "There are none yet: each save leaves one, and each change of the model."


class VersionsScreen(ModalScreen[str | None]):
    """Lists versions; the result is the text of the one to restore, None for Escape.

    Args:
        name: Of the song.
        store: Its versions.
        present: The song as it is now, with LF line ends.
    """

    BINDINGS = [  # noqa: RUF012
        ("escape", "dismiss(None)", "Back"),
        ("r", "restore", "Restore"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (26, "-tall")]  # noqa: RUF012

    def __init__(self, name: str, store: VersionStore, present: str) -> None:
        super().__init__()
        self._name, self._store, self._present = name, store, present
        self._versions: list[ListedVersion] = []

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Vertical(classes="dialog"):
            yield Static(Content(visible(f"Versions of {self._name}")), classes="dialog-question")
            yield OptionList(markup=False, compact=True)
            yield Static("reading …", id="state", markup=False)
            yield Static("Enter compares it with the song as it is · r restores · Esc", id="keys")

    def on_mount(self) -> None:
        """Read the list beside the event loop."""
        self.query_one(OptionList).focus()
        self._list()

    @work(exclusive=True)
    async def _list(self) -> None:
        self._versions = await in_background(lambda: listed_versions(self._store))
        if not self.is_mounted:
            return
        options = self.query_one(OptionList)
        options.set_options(Option(Content(visible(one.row))) for one in self._versions)
        options.highlighted = 0 if self._versions else None
        self._say("" if self._versions else _EMPTY)

    @on(OptionList.OptionSelected)
    @work(exclusive=True)
    async def _compare(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        from lyricist.app.screens.difference import DifferenceScreen

        chosen = self._versions[event.option_index]
        text = await self._text(chosen)
        if text is None:
            return
        title = f"{chosen.when}, {chosen.why}"
        shown = DifferenceScreen(title, text, "as it is now", self._present, _ANSWERS)
        if await self.app.push_screen_wait(shown) == "restore":
            self.dismiss(text)

    @work(exclusive=True)
    async def action_restore(self) -> None:
        """Take the version under the cursor."""
        place = self.query_one(OptionList).highlighted
        if place is not None and place < len(self._versions):
            text = await self._text(self._versions[place])
            if text is not None:
                self.dismiss(text)

    async def _text(self, chosen: ListedVersion) -> str | None:
        try:
            return await in_background(lambda: self._store.text(chosen.version))
        except LyricistError as error:
            self._say(str(error))
            return None

    def _say(self, text: str) -> None:
        self.query_one("#state", Static).update(Content(visible(text)))
