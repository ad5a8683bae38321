"""How far a context is to be trusted: mixing weights by the kind of evidence, learned as one reads.

A context of some order either decides the next character or leaves it to the shorter contexts. How
often it should decide is a Bernoulli parameter for each kind of evidence (`Evidence`), estimated
online by the share of each character's probability that the context was responsible for: one step
of expectation maximization a character, beginning at counts from other songs (`PRIOR`). This is
blending of context models as in PPM (Cleary & Witten 1984) with learned escapes, over a neural
network instead of a uniform distribution at its bottom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from lyricist.suggest.ngram_counts import Counts

_MAX_RUN = 3
# What is known of a kind of evidence that no song had: short contexts say little.
_UNHEARD_SHORT, _UNHEARD_LONG = (1.0, 4.0), (1.0, 1.0)
_SHORT = 3

Evidence = tuple[str, int, int, int]
"""Source, order, class of its counts, and how often the longest context was right just before."""

Prior = Mapping[Evidence, tuple[float, float]]
"""Characters that each kind of evidence decided, and left to shorter contexts."""


def evidence(source: str, order: int, counts: Counts, run: int) -> Evidence:
    """Return the kind of evidence that counts are."""
    certainty = counts.certainty if order else min(counts.total.bit_length(), 10)
    return source, order, certainty, run if run < _MAX_RUN else _MAX_RUN


@dataclass(frozen=True)
class Change:
    """What a weight was before it was learned from, so that it can be so again."""

    evidence: Evidence
    before: tuple[float, float] | None


class MixingWeights:
    """Weights of all kinds of evidence.

    Args:
        prior: Counts to begin with; those shipped where not given.
    """

    def __init__(self, prior: Prior | None = None) -> None:
        self._prior = shipped_prior() if prior is None else prior
        self._counts: dict[Evidence, tuple[float, float]] = {}
        # Of what was asked for, so that drawing many lines does not compute them again.
        self._weights: dict[Evidence, float] = {}

    def weight(self, kind: Evidence) -> float:
        """Return the probability, 0 to 1, that evidence of this kind decides."""
        weight = self._weights.get(kind)
        if weight is None:
            decided, left = self._known(kind)
            weight = self._weights[kind] = decided / (decided + left)
        return weight

    def learn(self, kind: Evidence, responsibility: float) -> Change:
        """Count how far, 0 to 1, such evidence was responsible for the character that came."""
        before = self._counts.get(kind)
        decided, left = self._known(kind)
        self._counts[kind] = decided + responsibility, left + 1 - responsibility
        self._weights.pop(kind, None)
        return Change(kind, before)

    def undo(self, change: Change) -> None:
        """Take a lesson back; the latest first."""
        self._weights.pop(change.evidence, None)
        if change.before is None:
            del self._counts[change.evidence]
        else:
            self._counts[change.evidence] = change.before

    def beginning(self, kind: Evidence) -> tuple[float, float]:
        """Return the counts before anything was read."""
        known = self._prior.get(kind)
        if known is None:
            known = _UNHEARD_SHORT if kind[1] <= _SHORT else _UNHEARD_LONG
        return known

    def counts(self) -> dict[Evidence, tuple[float, float]]:
        """Return the counts of all kinds that were met, prior included."""
        return dict(self._counts)

    def _known(self, kind: Evidence) -> tuple[float, float]:
        return self._counts.get(kind) or self.beginning(kind)


_shipped: dict[Evidence, tuple[float, float]] = {}


def shipped_prior() -> Prior:
    """Return the counts that were learned on songs and shipped with the program."""
    if not _shipped:
        text = resources.files("lyricist.suggest").joinpath("mixing_prior.tsv").read_text("utf-8")
        for line in text.splitlines():
            if line and not line.startswith("#"):
                source, order, certainty, run, decided, left = line.split("\t")
                kind = source, int(order), int(certainty), int(run)
                _shipped[kind] = float(decided), float(left)
    return _shipped
