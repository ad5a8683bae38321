"""Where the writer wants no ghost: places in a song at which one was dismissed, in this session."""

from __future__ import annotations

from textual.document._document import Location

from lyricist.app.context import Lines

# A place is told by so many characters of its two lines, and what is before blank lines counts
# only this near.
_REACH = 200
_BLANK_LINES = 8

Place = tuple[str, str]
"""The end of the line before, and of the cursor's line up to the cursor."""


class Silence:
    """Remembers dismissed places, the newest of them; asking there lifts the silence.

    Args:
        limit: How many are remembered.
    """

    def __init__(self, limit: int = 500) -> None:
        self._limit = limit
        self._places: dict[Place, None] = {}

    def keep(self, place: Place) -> None:
        """A ghost was dismissed at `place`."""
        self._places.pop(place, None)
        self._places[place] = None
        if len(self._places) > self._limit:
            del self._places[next(iter(self._places))]

    def lift(self, place: Place) -> None:
        """The writer has asked for suggestions at `place`."""
        self._places.pop(place, None)

    def holds(self, place: Place) -> bool:
        """Whether no ghost is to be shown at `place`."""
        return place in self._places


def place_at(document: Lines, location: Location) -> Place:
    """Return the place of a cursor: it is the same wherever in a song its two lines stand.

    Blank lines between do not count, or a ghost dismissed at the start of one stanza would be
    missed at the start of all.
    """
    row, column = location
    start = document.get_line(row)[max(column - _REACH, 0) : column]
    for above in range(row - 1, max(row - 1 - _BLANK_LINES, -1), -1):
        if line := document.get_line(above).strip():
            return line[-_REACH:], start
    return "", start
