"""Which letters of a word stand for which of its phonemes, by expectation maximization.

Each letter stands for no phoneme, one or two; the likeliest alignment of every word (Viterbi 1967)
gives the counts that the next round's probabilities come from, as pronunciation by analogy needs it
(Damper et al. 2005, "Aligning text and phonemes for speech technology applications").
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

Costs = dict[tuple[str, str], float]
"""-ln of the probability of a letter's phonemes (joined by a space), given the letter."""

_UNSEEN = 12.0


def _plain(phonemes: Iterable[str]) -> str:
    return " ".join(p.rstrip("012") for p in phonemes)


def align(letters: str, phonemes: tuple[str, ...], costs: Costs) -> list[tuple[str, ...]] | None:
    """Return the phonemes of each letter, or None where there are more than two a letter."""
    if len(phonemes) > 2 * len(letters):
        return None
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for position, letter in enumerate(letters):
        row: dict[int, tuple[float, int]] = {}
        left = len(letters) - position - 1
        for start, (cost, _) in best[-1].items():
            for taken in range(min(3, len(phonemes) - start + 1)):
                end = start + taken
                if len(phonemes) - end > 2 * left:
                    continue
                step = costs.get((letter, _plain(phonemes[start:end])), _UNSEEN + 4 * taken)
                if end not in row or cost + step < row[end][0]:
                    row[end] = (cost + step, start)
        best.append(row)
    end, parts = len(phonemes), []
    for row in reversed(best[1:]):
        start = row[end][1]
        parts.append(phonemes[start:end])
        end = start
    return parts[::-1]


def first_costs(words: list[tuple[str, tuple[str, ...]]]) -> Costs:
    """Return costs from how often a letter and a phoneme are about as far into their words."""
    counts: Counter[tuple[str, str]] = Counter()
    for letters, phonemes in words:
        for position, letter in enumerate(letters):
            middle = (position + 0.5) * len(phonemes) / len(letters)
            for at in {int(middle - 0.5), int(middle), int(middle + 0.5)}:
                if 0 <= at < len(phonemes):
                    counts[letter, _plain(phonemes[at : at + 1])] += 1
            counts[letter, ""] += 1
    return _costs(counts)


def improved(words: list[tuple[str, tuple[str, ...]]], costs: Costs) -> Costs:
    """Return the costs after one more round."""
    counts: Counter[tuple[str, str]] = Counter()
    for letters, phonemes in words:
        for letter, part in zip(letters, align(letters, phonemes, costs) or [], strict=False):
            counts[letter, _plain(part)] += 1
    return _costs(counts)


def _costs(counts: Counter[tuple[str, str]]) -> Costs:
    totals: Counter[str] = Counter()
    for (letter, _), count in counts.items():
        totals[letter] += count
    return {pair: -math.log(count / totals[pair[0]]) for pair, count in counts.items()}
