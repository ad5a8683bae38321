"""The models that a fine-tuning could keep, measured by one yardstick, and the choice among them.

A candidate that forgets too much of what the base knows is out; of the rest the one that reads the
writer's held-out songs best is kept. The base as it is always stands by, so that nothing worse is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.evaluation import MeasuredSongs, evaluate_songs

FORGETTING_LIMIT = 0.05
# A few held-out songs cannot tell smaller gains from chance.
_LEAST_GAIN = 0.005


@dataclass(frozen=True)
class Candidate:
    """A model that could be kept.

    kind: `base`, `tuned` or `scratch`. held_out_perplexity: on the writer's held-out songs.
    known_perplexity: on held-out songs of what the base knows. Either is None without such songs.
    alpha: share of the tuned weights in the model, see `interpolation`.
    """

    kind: str
    network: CharRNN
    vocabulary: Vocabulary
    novelty: float
    held_out_perplexity: float | None = None
    known_perplexity: float | None = None
    alpha: float | None = None

    def forgets(self, base: Candidate) -> float:
        """Return by which share it reads the known songs worse than `base`; 0 if unmeasured."""
        if self.known_perplexity is None or base.known_perplexity is None:
            return 0.0
        return self.known_perplexity / base.known_perplexity - 1


@dataclass(frozen=True)
class Yardstick:
    """Texts to measure on. held_out: the writer's. known: held-out songs of what the base knows."""

    held_out: Sequence[str] = ()
    known: Sequence[str] = ()

    def measured(
        self,
        kind: str,
        network: CharRNN,
        vocabulary: Vocabulary,
        novelty: float,
        starts_with_boundary: bool = True,
        alpha: float | None = None,
    ) -> Candidate:
        """Measure a model on both texts."""

        def perplexity_of(texts: Sequence[str]) -> float | None:
            if not texts:
                return None
            songs = MeasuredSongs.of(texts, vocabulary, novelty, starts_with_boundary)
            return evaluate_songs(network, songs).perplexity

        return Candidate(
            kind,
            network,
            vocabulary,
            novelty,
            perplexity_of(self.held_out),
            perplexity_of(self.known),
            alpha,
        )


def first_songs(texts: Sequence[str], characters: int) -> list[str]:
    """Return the first of `texts` that come to `characters` or just over: enough to measure on."""
    chosen: list[str] = []
    length = 0
    for text in texts:
        if length >= characters:
            break
        chosen.append(text)
        length += len(text)
    return chosen


def best_of(
    base: Candidate, others: Sequence[Candidate], limit: float = FORGETTING_LIMIT
) -> Candidate:
    """Return the best of all.

    Of equals, or nearly so, it is the base. Without held-out songs nothing tells which is best:
    then it is the one that has learnt most of those that forget little enough.

    Args:
        base: The base as it is.
        others: Tuned models and a new one; the latter owes the base nothing.
        limit: The largest share by which known songs may be read worse; infinite for any.
    """
    allowed = [c for c in others if c.kind == "scratch" or c.forgets(base) <= limit]
    if base.held_out_perplexity is None:
        return max(allowed, key=lambda c: c.alpha or 0.0, default=base)
    best = min(allowed, key=_held_out, default=base)
    return best if _held_out(best) < _held_out(base) * (1 - _LEAST_GAIN) else base


def _held_out(candidate: Candidate) -> float:
    value = candidate.held_out_perplexity
    return math.inf if value is None else value
