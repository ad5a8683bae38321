"""File dialogs that any file name is safe in: textual-fspicker's, with names shown as plain text.

As they come, a folder called `[/Hook]` ends the app, `[Chorus]` vanishes, and escape sequences in
names reach the terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Select
from textual_fspicker import FileOpen, FileSave, Filters, SelectDirectory
from textual_fspicker.base_dialog import ButtonLabel, Dialog, InputBar
from textual_fspicker.parts import CurrentDirectory

from lyricist.app.screens.in_turns import InTurns
from lyricist.app.widgets.folder_list import MOST_NAMES, FolderList
from lyricist.text.display import visible
from lyricist.text.sources import ARCHIVE_SUFFIX, TEXT_SUFFIXES

_CUT = f"only {MOST_NAMES} of the names are listed: type one that is not"
_Confirm = Input.Submitted | Button.Pressed


def existing_folder(path: Path | str | None = None) -> Path:
    """Return the folder of `path` to start a dialog in, the home folder where it is gone."""
    for folder in (Path(path).parent if path else Path.cwd(), Path.home()):
        if folder.is_dir():
            return folder
    return Path("/")


def song_filters() -> Filters:
    """What a corpus can be made of, then everything."""
    suffixes = (*TEXT_SUFFIXES, ARCHIVE_SUFFIX)
    return Filters(
        ("Songs", lambda path: path.suffix.lower() in suffixes), ("All files", lambda path: True)
    )


class _Location(CurrentDirectory):
    """The current folder as plain text."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def update(self, content: Any = "", *, layout: bool = True) -> None:
        super().update(visible(str(content)), layout=layout)


class _Safe(InTurns):
    """What all dialogs share: plain names, and as much room as there is on a small screen.

    A mixin and no widget, since styles are inherited along the first base that is one.
    """

    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (60, "-normal")]  # noqa: RUF012

    _title: str
    _location: str | Path
    _double_click_directories: bool
    _select_button: ButtonLabel
    _label: Callable[[ButtonLabel, str], str]
    _header_area: Callable[[], ComposeResult]
    _input_bar: Callable[[], ComposeResult]
    query_one: Any

    def compose(self) -> ComposeResult:
        """Lay the dialog out as the library does, with the safe parts."""
        with Dialog() as dialog:
            dialog.border_title = self._title
            yield from self._header_area()
            with Horizontal():
                yield FolderList(self._location, self._set_error, self._double_click_directories)
            with InputBar():
                for widget in self._input_bar():
                    if isinstance(widget, Input | Select):
                        widget.compact = True
                    yield widget
                select = self._label(self._select_button, "Select")
                yield Button(select, id="select", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def _set_error(self, message: str = "") -> None:
        """Where nothing is wrong, it is said that names are missing, for as long as they are."""
        message = message or (_CUT if self.query_one(FolderList).is_cut else "")
        self.query_one(Dialog).border_subtitle = Content(visible(message))

    def _safely(self, confirm: Callable[[_Confirm], None], event: _Confirm) -> None:
        """Names can be too long or hold a NUL, of which the library does not think."""
        event.stop()
        event.prevent_default()
        try:
            confirm(event)
        except (OSError, ValueError) as error:
            self._set_error(getattr(error, "strerror", None) or str(error))


class OpenFile(_Safe, FileOpen):
    """Choose a file that exists; the result is its path, or None."""

    DEFAULT_CSS = """
    OpenFile Dialog { max-width: 100; width: 90%; height: 90%; }
    OpenFile InputBar { padding: 1 1 0 1; }
    OpenFile CurrentDirectory { border: none; height: 1; }
    OpenFile FileFilter { max-width: 14; }
    OpenFile.-narrow Dialog { width: 100%; height: 100%; }
    OpenFile.-narrow FileFilter, OpenFile.-narrow #cancel { display: none; }
    """

    def __init__(self, location: Path, title: str = "Open", filters: Filters | None = None) -> None:
        super().__init__(location, title, filters=filters, suggest_completions=False)

    def _header_area(self) -> ComposeResult:
        yield _Location()

    @on(Input.Submitted)
    @on(Button.Pressed, "#select")
    def _confirm_file(self, event: _Confirm) -> None:
        self._safely(super()._confirm_file, event)


class SaveFile(_Safe, FileSave):
    """Choose a name to write to; the result is its path, or None."""

    DEFAULT_CSS = """
    SaveFile Dialog { max-width: 100; width: 90%; height: 90%; }
    SaveFile InputBar { padding: 1 1 0 1; }
    SaveFile CurrentDirectory { border: none; height: 1; }
    SaveFile FileFilter { max-width: 14; }
    SaveFile.-narrow Dialog { width: 100%; height: 100%; }
    SaveFile.-narrow #cancel { display: none; }
    """

    def __init__(
        self,
        location: Path,
        title: str = "Save as",
        default_file: str | None = None,
        can_overwrite: bool = True,
    ) -> None:
        super().__init__(
            location,
            title,
            default_file=default_file,
            can_overwrite=can_overwrite,
            suggest_completions=False,
        )

    def on_mount(self) -> None:
        """Begin with the name, which is what there is to say; the library begins with the list."""
        self.call_after_refresh(self.query_one(Input).focus)

    def _header_area(self) -> ComposeResult:
        yield _Location()

    @on(Input.Submitted)
    @on(Button.Pressed, "#select")
    def _confirm_file(self, event: _Confirm) -> None:
        self._safely(super()._confirm_file, event)


class ChooseFolder(_Safe, SelectDirectory):
    """Choose a folder; the result is its path, or None."""

    DEFAULT_CSS = """
    ChooseFolder Dialog { max-width: 100; width: 90%; height: 90%; }
    ChooseFolder InputBar { padding: 1 1 0 1; }
    ChooseFolder CurrentDirectory { border: none; height: 1; }
    ChooseFolder FileFilter { max-width: 14; }
    ChooseFolder.-narrow Dialog { width: 100%; height: 100%; }
    ChooseFolder.-narrow #cancel { display: none; }
    """

    def _input_bar(self) -> ComposeResult:
        yield _Location()
