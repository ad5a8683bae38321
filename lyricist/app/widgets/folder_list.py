"""The names in a folder, to go through and to choose from, whatever they hold and how many.

They are read beside the event loop, and each is a row of known height: a list of Textual's measures
every row by drawing it, which for a few hundred names takes longer than a writer would not notice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.segment import Segment
from textual import work
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, RulesMap, Visual
from textual.worker import get_current_worker
from textual_fspicker.parts import DirectoryNavigation
from textual_fspicker.parts.directory_navigation import DirectoryEntry

from lyricist.app.background import in_background
from lyricist.text.display import visible
from lyricist.text.lines import cell_width, cut_to_cells

# More would hold the screen up each time that the list is drawn.
MOST_NAMES = 300
_FILES_IN_A_TURN = 200
_FOLDER, _FILE = "📁", "📄"


@dataclass(frozen=True)
class Listing:
    """What a folder holds.

    names: those listed, with whether each is a folder's; folders first. is_cut: there are more.
    is_readable: the folder could be read to its end.
    """

    names: tuple[tuple[str, bool], ...]
    is_cut: bool = False
    is_readable: bool = True


def list_folder(
    folder: Path, is_wanted: Callable[[str, bool], bool], is_over: Callable[[], bool]
) -> Listing:
    """Read a folder.

    Args:
        folder: Where.
        is_wanted: Whether a name is listed, told with whether it is a folder's.
        is_over: Asked now and then whether nobody wants the listing any more.
    """
    found: list[tuple[bool, str]] = []
    is_readable = True
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                # The screen has its turn between files, however many there are.
                if number % _FILES_IN_A_TURN == 0:
                    time.sleep(0.001)
                    if is_over():
                        break
                kind = _kind(entry)
                if kind is not None and is_wanted(entry.name, kind == _FOLDER):
                    found.append((kind != _FOLDER, entry.name))
    except OSError:
        is_readable = False
    found.sort()
    names = tuple((name, not is_file) for is_file, name in found[:MOST_NAMES])
    return Listing(names, len(found) > MOST_NAMES, is_readable)


def _kind(entry: os.DirEntry[str]) -> str | None:
    """What an entry is; None for devices, pipes and what cannot be looked at."""
    try:
        return _FOLDER if entry.is_dir() else _FILE if entry.is_file() else None
    except OSError:
        return None


class NameRow(Visual):
    """A sign and a name in one row, cut where there is no room.

    Args:
        sign: Of two cells.
        name: As it is; it is drawn as plain text.
        look: How the name looks, where not like all.
    """

    def __init__(self, sign: str, name: str, look: Style) -> None:
        self._sign, self._name, self._look = sign, visible(name), look

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return 1."""
        return 1

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the cells of the whole row."""
        return cell_width(self._name) + 3

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Return the row, of at most `width` cells."""
        sign, name = f"{self._sign} ", self._name
        room = max(0, width - cell_width(sign))
        if cell_width(name) > room:
            name = cut_to_cells(name, room - 1) + "…" if room else ""
        shown = Segment(name, (style + self._look).rich_style)
        return [Strip([Segment(sign, style.rich_style), shown]).crop(0, width)]


class _Entry(DirectoryEntry):
    """One row of the list."""

    def __init__(self, location: Path, is_folder: bool, look: Style) -> None:
        self._row = NameRow(_FOLDER if is_folder else _FILE, location.name, look)
        super().__init__(location, None)  # type: ignore[arg-type]

    def _as_renderable(self, location: Path) -> Visual:  # type: ignore[override]
        return self._row


class FolderList(DirectoryNavigation):
    """Lists a folder, at most `MOST_NAMES` of it; one that cannot be listed is shown empty.

    Args:
        folder: Where to begin.
        listed: Called when a folder is listed, in the same turn.
        double_click_folders: Whether it takes two clicks to go into a folder.

    Attributes:
        is_cut: Whether the folder holds more than is listed.
    """

    def __init__(
        self, folder: Path | str, listed: Callable[[], object], double_click_folders: bool
    ) -> None:
        super().__init__(folder, double_click_folders)
        self.is_cut = False
        self._listed = listed

    @work(exclusive=True)
    async def _load(self) -> None:
        self.is_cut = False
        folder, worker = self._location, get_current_worker()
        is_wanted = self._wanted_names()
        listing = await in_background(
            lambda: list_folder(folder, is_wanted, lambda: worker.is_cancelled)
        )
        self._show(folder, listing)

    def _wanted_names(self) -> Callable[[str, bool], bool]:
        files, hidden, chosen = self.show_files, self.show_hidden, self.file_filter

        def is_wanted(name: str, is_folder: bool) -> bool:
            if name.startswith(".") and not hidden:
                return False
            return is_folder or (files and (chosen is None or chosen(Path(name))))

        return is_wanted

    def _show(self, folder: Path, listing: Listing) -> None:
        plain = Style()
        hidden = self.get_visual_style("directory-navigation--hidden", partial=True)
        names = listing.names if self.is_root else (("..", True), *listing.names)
        with self.app.batch_update():
            self.clear_options()
            self.add_options(
                _Entry(folder / name, is_folder, hidden if _is_hidden(name) else plain)
                for name, is_folder in names
            )
        self._settle_highlight()
        self.is_cut = listing.is_cut
        self._listed()
        if not listing.is_readable:
            self.post_message(self.PermissionError(self, folder))

    def _repopulate_display(self) -> None:
        """What is listed is chosen where it is read, so that no disk is looked at here."""
        self._load()


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name != ".."
