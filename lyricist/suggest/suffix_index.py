"""What followed any context in a long text that does not change: a suffix array over it.

Sorted are the heads of the text, read backwards, so that all places with the same context before
them stand side by side and a longer context is a part of that range. Sorting doubles the length
looked at in each round (Manber & Myers 1993).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from lyricist.suggest.ngram_counts import LONGEST, ORDERS, Counts

# Shorter contexts are what a network learns by itself; here they would only cost time.
_ORDERS = tuple(order for order in ORDERS if order >= 3)
_MOST_PLACES = 512
_KEPT_RANGES = 4096


class SuffixIndex:
    """Answers as `ngram_counts.Contexts` do, in 4 bytes a character.

    Args:
        text: What to look in.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._backwards = text[::-1]
        self._places = _sorted_suffixes(self._backwards, LONGEST)
        self._ranges: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._text)

    def following(self, history: str) -> Iterator[tuple[int, Counts]]:
        """See `Contexts.following`; a context with very many places is sampled evenly."""
        context = history[-LONGEST:][::-1]
        begin, end = self._range(context[: _ORDERS[0]])
        known = _ORDERS[0]
        for order in _ORDERS:
            if order > len(context):
                return
            while known < order and begin < end:
                begin, end = self._narrowed(begin, end, known, context[known])
                known += 1
            if begin >= end:
                return
            counts = self._counts(begin, end)
            if counts:
                yield order, counts

    def _range(self, context: str) -> tuple[int, int]:
        """Where the places with a short context stand; the last ones are remembered."""
        found = self._ranges.get(context)
        if found is None:
            found = 0, len(self._places)
            for depth, character in enumerate(context):
                found = self._narrowed(*found, depth, character)
            self._ranges[context] = found
            if len(self._ranges) > _KEPT_RANGES:
                self._ranges.popitem(last=False)
        return found

    def _narrowed(self, begin: int, end: int, depth: int, character: str) -> tuple[int, int]:
        """The part of a range whose character at `depth` is `character`."""

        def at_depth(place: int) -> str:
            return self._backwards[place + depth : place + depth + 1]

        found = bisect_left(self._places, character, begin, end, key=at_depth)
        return found, bisect_right(self._places, character, found, end, key=at_depth)

    def _counts(self, begin: int, end: int) -> Counts:
        step = -(-(end - begin) // _MOST_PLACES)
        counts = Counts()
        for place in self._places[begin:end:step].tolist():
            # Backwards, what follows stands before.
            if place:
                counts.count(self._backwards[place - 1])
        return counts


def _sorted_suffixes(text: str, depth: int) -> np.ndarray:
    """Return the positions of `text` ordered by the `depth` characters from there on."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
    rank = np.unique(points, return_inverse=True)[1].astype(np.int64) + 1
    length, places = 1, np.argsort(rank, kind="stable")
    while length < depth and len(rank):
        behind = np.zeros_like(rank)
        behind[:-length] = rank[length:]
        key = rank * (len(rank) + 1) + behind
        places = np.argsort(key, kind="stable")
        ordered = key[places]
        rank[places] = np.cumsum(np.concatenate(([1], ordered[1:] != ordered[:-1])))
        length *= 2
    return places.astype(np.int32)
