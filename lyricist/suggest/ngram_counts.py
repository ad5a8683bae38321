"""What followed which context in a text, for contexts of several lengths: counts, exactly undone.

Counts do not depend on the order in which they were made, so that taking out what was put in
leaves them as if it had never been there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

# Lengths of context in characters; 0 counts the characters themselves. With more lengths the
# mixture predicts no better.
ORDERS = (0, 1, 2, 3, 4, 6, 10, 16)
LONGEST = ORDERS[-1]


class Counts(dict[str, int]):
    """Occurrences of each character; `total` is their sum."""

    __slots__ = ("_certainty", "total")

    def __init__(self) -> None:
        super().__init__()
        self.total = 0
        self._certainty = -1

    @property
    def certainty(self) -> int:
        """A class, 0 to 8, by how often the context was met and how alike it went on."""
        if self._certainty < 0:
            self._certainty = _certainty(self.total, len(self))
        return self._certainty

    def count(self, character: str, times: int = 1) -> None:
        """Add `times` occurrences; with a negative number take them out."""
        self.total += times
        self._certainty = -1
        now = self.get(character, 0) + times
        if now:
            self[character] = now
        else:
            del self[character]


def _certainty(total: int, distinct: int) -> int:
    if distinct <= 1:
        return min(total, 4)
    if distinct == 2:
        return 5 if total < 4 else 6
    return 7 if total < 2 * distinct else 8


class Contexts(Protocol):
    """A text that can say what followed a context in it."""

    def following(self, history: str) -> Iterator[tuple[int, Counts]]:
        """Yield (order, occurrences of each next character), from short contexts to long ones.

        Args:
            history: The text before the character in question; its end is what counts.
        """
        ...


class NgramCounts:
    """Counts that grow and shrink by single characters."""

    def __init__(self) -> None:
        self._following: dict[str, Counts] = {}

    def __len__(self) -> int:
        return len(self._following)

    def following(self, history: str) -> Iterator[tuple[int, Counts]]:
        """See `Contexts.following`; ends at the first context that never occurred."""
        length = len(history)
        for order in ORDERS:
            counts = self._following.get(history[length - order :]) if order <= length else None
            if counts is None:
                return
            yield order, counts

    def add(self, history: str, character: str) -> None:
        """Count one more `character` after `history`."""
        length = len(history)
        for order in ORDERS:
            if order > length:
                return
            context = history[length - order :]
            counts = self._following.get(context)
            if counts is None:
                counts = self._following[context] = Counts()
            counts.count(character)

    def remove(self, history: str, character: str) -> None:
        """Take back what `add` did with the same arguments.

        Raises:
            KeyError: If it was not done.
        """
        length = len(history)
        for order in ORDERS:
            if order > length:
                return
            context = history[length - order :]
            counts = self._following[context]
            counts.count(character, -1)
            if not counts:
                del self._following[context]
