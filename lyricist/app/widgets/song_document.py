"""The editor's document: only line feeds end lines, and control characters have a width.

Textual's own splits at every separator that Unicode knows, which would lose U+2028, NEL, VT and FF,
and measures control characters as nothing, which would put the cursor beside the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from textual.document._document import Document, EditResult, Location

from lyricist.app.widgets.drawn_line import drawn_line


class SongDocument(Document):
    """Lines of a song; every character but the line feed is part of one.

    Attributes:
        length: Characters of the whole text.
        follower: Called after each edit with the first line that was replaced, the last one, and
            the last one that is there instead.
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._newline = "\n"
        self._lines = text.split("\n")
        self._joined: str | None = text
        self.length = len(text)
        self.follower: Callable[[int, int, int], None] | None = None

    @property
    def text(self) -> str:
        """The whole text, joined anew only after a change: for every key it would be too much."""
        if self._joined is None:
            self._joined = "\n".join(self._lines)
        return self._joined

    @property
    def is_empty(self) -> bool:
        """Whether there is no character at all."""
        return self.length == 0

    def get_text_range(self, start: Location, end: Location) -> str:
        """Return what stands between two locations."""
        if start == end:
            return ""
        (top_row, top_column), (bottom_row, bottom_column) = sorted((start, end))
        if top_row == bottom_row:
            return self._lines[top_row][top_column:bottom_column]
        parts = self._lines[top_row : bottom_row + 1]
        parts[0] = parts[0][top_column:]
        if bottom_row < len(self._lines):
            parts[-1] = parts[-1][:bottom_column]
        return "\n".join(parts)

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Put `text` in place of what stands between two locations.

        Deleting a line asks for the start of the next one, which the last line does not have.
        """
        self._joined = None
        top, bottom = sorted((start, end))
        (top_row, top_column), (bottom_row, bottom_column) = (
            min(top, self.end),
            min(bottom, self.end),
        )
        replaced = self.get_text_range((top_row, top_column), (bottom_row, bottom_column))
        before = self._lines[top_row][:top_column]
        after = self._lines[bottom_row][bottom_column:]
        inserted = text.split("\n")
        inserted[0] = before + inserted[0]
        end_location = (top_row + len(inserted) - 1, len(inserted[-1]))
        inserted[-1] += after
        self._lines[top_row : bottom_row + 1] = inserted
        self.length += len(text) - len(replaced)
        if self.follower is not None:
            self.follower(top_row, bottom_row, end_location[0])
        return EditResult(end_location, replaced)


class _DrawnLines(Sequence[str]):
    """Lines as they are drawn, made when they are asked for."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[str]:
        return map(drawn_line, self._lines)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [drawn_line(line) for line in self._lines[index]]
        return drawn_line(self._lines[index])


class DrawnDocument(Document):
    """A view of a document for measuring: the same positions, drawn characters."""

    def __init__(self, document: SongDocument) -> None:
        self._document = document

    @property
    def lines(self) -> list[str]:
        """The lines as drawn."""
        return _DrawnLines(self._document.lines)  # type: ignore[return-value]

    @property
    def line_count(self) -> int:
        """As many as the document has."""
        return self._document.line_count

    def get_line(self, index: int) -> str:
        """Return one line as drawn."""
        return drawn_line(self._document.get_line(index))

    def __getitem__(self, line_index: int | slice) -> str | list[str]:  # type: ignore[override]
        return self.lines[line_index]

    @property
    def end(self) -> Location:
        """The document's own end."""
        return self._document.end
