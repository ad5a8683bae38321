"""Whether ghost text is worth showing, by what this writer took of what was shown before.

Candidates are told apart by their confidence alone, in a few bins; no text is looked at or kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

THRESHOLDS: Mapping[str, float] = {"quiet": 0.35, "normal": 0.03, "eager": 0.0}
"""How likely it must be that the writer takes a ghost, by the setting `eagerness`.

A line may go on in many good ways, so that a fine Chinese suggestion has a confidence of 0.05 to
0.2: `normal` hides what is hopeless, not what is merely one idea among others.
"""

EDGES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7)
"""Confidences at which the next bin begins."""

# As many showings as the confidence itself is worth, before the writer's own habit outweighs it.
_PRIOR_WEIGHT = 20.0
# Beyond this the older half is forgotten: habits change.
_MOST_SHOWN = 400.0
# What is hidden teaches nothing. Its bin slowly forgets, so that it is tried again now and then.
_FADING = 0.99

Counts = tuple[tuple[float, float], ...]
"""(shown, taken) of every bin."""


class Gate:
    """Counts what was shown and taken, and expects the same of what comes.

    Args:
        counts: As they were; those of another number of bins are left out.
    """

    def __init__(self, counts: Sequence[tuple[float, float]] = ()) -> None:
        self._bins = [[0.0, 0.0] for _ in range(len(EDGES) + 1)]
        self.add(counts)

    @property
    def counts(self) -> Counts:
        """What has been counted, to be stored."""
        return tuple((shown, taken) for shown, taken in self._bins)

    def add(self, counts: Sequence[tuple[float, float]]) -> None:
        """Take in what was counted earlier."""
        if len(counts) != len(self._bins):
            return
        for kept, (shown, taken) in zip(self._bins, counts, strict=True):
            kept[0] += shown
            kept[1] += taken
            _forget(kept)

    def forget(self) -> None:
        """Begin counting anew."""
        for kept in self._bins:
            kept[:] = [0.0, 0.0]

    def expected(self, confidence: float) -> float:
        """Return the probability that the writer takes a ghost of this confidence."""
        confidence = _probability(confidence)
        shown, taken = self._bins[_bin_of(confidence)]
        return (taken + _PRIOR_WEIGHT * confidence) / (shown + _PRIOR_WEIGHT)

    def lets_through(self, confidence: float, eagerness: str) -> bool:
        """Whether a ghost of this confidence is worth showing."""
        return self.expected(confidence) >= THRESHOLDS[eagerness]

    def count(self, confidence: float, taken: bool) -> None:
        """A ghost was shown, and the writer took something of it or passed it over."""
        kept = self._bins[_bin_of(_probability(confidence))]
        kept[0] += 1
        kept[1] += taken
        _forget(kept)

    def hid(self, confidence: float) -> None:
        """A ghost was not let through."""
        kept = self._bins[_bin_of(_probability(confidence))]
        kept[:] = [kept[0] * _FADING, kept[1] * _FADING]


def _bin_of(confidence: float) -> int:
    return bisect_right(EDGES, confidence)


def _probability(confidence: float) -> float:
    """Return it within 0 and 1; what is no number is no confidence."""
    return min(max(confidence, 0.0), 1.0) if confidence == confidence else 0.0


def _forget(kept: list[float]) -> None:
    while kept[0] > _MOST_SHOWN:
        kept[:] = [kept[0] / 2, kept[1] / 2]
