"""The cost of a text under a model: nats, and what people call it per character."""

from __future__ import annotations

import math
from dataclasses import dataclass


def perplexity(nats: float, characters: int) -> float:
    """Return exp(nats / characters), infinite on overflow or where there are no characters."""
    if not characters or not math.isfinite(nats):
        return math.inf
    return math.exp(min(nats / characters, 700.0))


@dataclass(frozen=True)
class Score:
    """characters: all that were scored. unknown: those among them outside the vocabulary, which
    were paid for by their spelling. nats: total cross-entropy."""

    characters: int = 0
    unknown: int = 0
    nats: float = 0.0

    def __add__(self, other: Score) -> Score:
        """Both texts together."""
        return Score(
            self.characters + other.characters,
            self.unknown + other.unknown,
            self.nats + other.nats,
        )

    @property
    def perplexity(self) -> float:
        """Per character; infinite where nothing was scored."""
        return perplexity(self.nats, self.characters)

    @property
    def bits_per_character(self) -> float:
        """Mean cross-entropy in bits; infinite where nothing was scored."""
        return self.nats / self.characters / math.log(2) if self.characters else math.inf
