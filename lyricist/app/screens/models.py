"""The Models screen: what models there are, and everything that can be done with one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import DataTable, Static
from textual_fspicker import Filters

from lyricist.app.background import in_background
from lyricist.app.model_choice import choose_model
from lyricist.app.screens.dialogs import Question
from lyricist.app.screens.model_dialogs import CardView, NameDialog
from lyricist.app.screens.path_dialogs import OpenFile, SaveFile, existing_folder
from lyricist.app.training_run import TrainingHost
from lyricist.app.widgets.key_footer import KeyFooter
from lyricist.app.widgets.model_table import ModelTable
from lyricist.errors import LyricistError
from lyricist.library.models import (
    ModelEntry,
    export_model,
    import_model,
    list_models,
    model_for_text,
    remove_model,
    rename_model,
)
from lyricist.network.card import CARD_FILE
from lyricist.text.display import visible
from lyricist.text.sources import ARCHIVE_SUFFIX

Result = TypeVar("Result")
_DELETE_ANSWERS = (("keep", "Keep it"), ("delete", "Delete"))
_EMPTY = "There are no models yet: train one, or import one with i."


class ModelsScreen(Screen[None]):
    """A table of all models. Enter lets the one under the cursor suggest."""

    CSS_PATH = "../train.tcss"
    BINDINGS = [  # noqa: RUF012
        Binding("escape", "dismiss(None)", "Back"),
        Binding("c", "card", "Card"),
        Binding("r", "rename", "Rename"),
        Binding("d", "remove", "Delete"),
        Binding("i", "import", "Import"),
        Binding("e", "export", "Export"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._folder = existing_folder()

    @property
    def _host(self) -> TrainingHost:
        return cast(TrainingHost, self.app)

    @property
    def _table(self) -> ModelTable:
        return self.query_one(ModelTable)

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static("Models", id="models-title")
        yield ModelTable(id="models-table")
        yield Static(id="models-remark", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Read the library."""
        self._table.focus()
        self._list(self._host.current_model)

    @work(exclusive=True, group="list")
    async def _list(self, select: str | None = None) -> None:
        entries = await in_background(list_models)
        # The screen may have been left meanwhile.
        with contextlib.suppress(NoMatches):
            self._table.show(entries, self._host.current_model, select)
            self._remark(self._table.entry)

    @on(DataTable.RowHighlighted)
    def _moved(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._remark(self._table.entry)

    @on(DataTable.RowSelected)
    def _use(self) -> None:
        """Let the model under the cursor suggest."""
        entry = self._sound_entry()
        if entry is not None:
            choose_model(self.app, entry.name)
            self._list(entry.name)

    def action_card(self) -> None:
        """Show the whole card."""
        entry = self._sound_entry()
        if entry is not None and entry.card is not None:
            self.app.push_screen(CardView(entry.card))

    @work(exclusive=True, group="dialog")
    async def action_rename(self) -> None:
        """Ask for another name."""
        entry = self._table.entry
        if entry is None:
            return
        question = f"New name of the model {entry.name}:"
        name = await self.app.push_screen_wait(NameDialog(question, entry.name))
        if name is None or name == entry.name:
            return
        path = await self._try(lambda: rename_model(entry.name, name))
        if path is None:
            return
        if entry.name == self._host.current_model:
            choose_model(self.app, path.name)
        self._list(path.name)

    @work(exclusive=True, group="dialog")
    async def action_remove(self) -> None:
        """Ask, then delete."""
        entry = self._table.entry
        if entry is None:
            return
        # A shipped model cannot be deleted; the library says so without a question first.
        if not entry.shipped:
            question = Question(f"Delete the model {entry.name} for good?", _DELETE_ANSWERS)
            if await self.app.push_screen_wait(question) != "delete":
                return
        if await self._try(lambda: _remove(entry.name)) is None:
            return
        self.notify(f"{visible(entry.name)} is deleted.", markup=False)
        if entry.name == self._host.current_model:
            # A shipped model of the same name may have been hidden by the one that is gone.
            names = {left.name for left in list_models()}
            fallback = model_for_text(self._host.current_text())
            choose_model(self.app, entry.name if entry.name in names else fallback)
        self._list()

    @work(exclusive=True, group="dialog")
    async def action_import(self) -> None:
        """Ask for an archive or a model's card, and take the model in."""
        kinds = Filters(
            (
                "Models",
                lambda p: p.suffix.lower() == ARCHIVE_SUFFIX or p.name == CARD_FILE,
            ),
        )
        title = f"A .zip, or the {CARD_FILE} of a model"
        path = await self.app.push_screen_wait(OpenFile(self._folder, title, kinds))
        if path is None:
            return
        self._folder = existing_folder(path)
        source = path.parent if path.name == CARD_FILE else path
        entry = await self._try(lambda: import_model(source))
        if entry is not None:
            self.notify(f"{visible(entry.name)} is imported.", markup=False)
            self._list(entry.name)

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        """Ask for a place and copy the model there."""
        entry = self._sound_entry()
        if entry is None:
            return
        dialog = SaveFile(
            self._folder,
            "Export to a .zip or a new folder",
            f"{entry.name}{ARCHIVE_SUFFIX}",
            can_overwrite=False,
        )
        path = await self.app.push_screen_wait(dialog)
        if path is None:
            return
        self._folder = existing_folder(path)
        target = await self._try(lambda: export_model(entry.name, path))
        if target is not None:
            self.notify(f"exported to {visible(str(target))}", markup=False)

    async def _try(self, do: Callable[[], Result]) -> Result | None:
        """Do something slow that may fail; a failure is shown and gives None."""
        try:
            return await in_background(do)
        except LyricistError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
            return None

    def _sound_entry(self) -> ModelEntry | None:
        """The model under the cursor, unless it is damaged."""
        entry = self._table.entry
        if entry is not None and entry.problem is not None:
            text = f"{visible(entry.name)} cannot be used: {visible(entry.problem)}"
            self.notify(text, severity="error", markup=False)
            return None
        return entry

    def _remark(self, entry: ModelEntry | None) -> None:
        remark = _EMPTY
        if entry is not None:
            remark = entry.problem or (entry.card.notes if entry.card else "")
        self.query_one("#models-remark", Static).update(visible(remark))
        # A remark of more lines takes them from the table, which is not always told of it.
        self._table.keep_row_in_view()


def _remove(name: str) -> bool:
    remove_model(name)
    return True
