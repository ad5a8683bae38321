"""What a character outside a vocabulary costs, so that perplexities of any two models compare.

A closed vocabulary gives such a character no probability at all. Here the model pays twice: for
saying that the next character is one it does not know, and for spelling it by a code that is the
same for every model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# (first, last code point, share): a probability over all code points, uniform within each block.
_BLOCKS = (
    (0x4E00, 0x9FFF, 0.50),  # CJK Unified Ideographs
    (0x0000, 0x024F, 0.25),  # Latin
    (0x0250, 0x4DFF, 0.10),
    (0xA000, 0xFFFF, 0.10),
    (0x10000, 0x10FFFF, 0.05),
)


def spelling_nats(character: str) -> float:
    """Return -ln of the probability that a character is spelled as this one."""
    point = ord(character)
    for first, last, share in _BLOCKS:
        if first <= point <= last:
            return math.log((last - first + 1) / share)
    raise ValueError(f"{character!r} is no code point")


def novelty(counts: Mapping[str, int], known: Iterable[str] = ()) -> float:
    """Return the chance that the next character has never been seen (Good 1953): the share of the
    text that characters seen just once make up, at least as if there were one.

    Args:
        counts: Occurrences of each character in a text.
        known: Characters seen elsewhere before, which are not new in it.
    """
    total = sum(counts.values())
    if not total:
        return 0.5
    seen = set(known)
    once = sum(1 for character, n in counts.items() if n == 1 and character not in seen)
    return min(max(once, 1) / (total + 1), 0.5)


@dataclass(frozen=True)
class Spelling:
    """Log-probabilities in nats of characters under a model with a closed vocabulary.

    novelty: share of the probability that goes to unknown characters whatever the model says; the
    model's own probability of its unknown index counts besides.
    """

    novelty: float

    def known(self, log_prob: float) -> float:
        """Return that of a character of the vocabulary, which the model gives `log_prob`."""
        return log_prob + math.log1p(-self.novelty)

    def unknown(self, log_prob: float, character: str) -> float:
        """Return that of any other character, where the model gives its unknown index
        `log_prob`."""
        probability = (1 - self.novelty) * math.exp(log_prob) + self.novelty
        return math.log(probability) - spelling_nats(character)
