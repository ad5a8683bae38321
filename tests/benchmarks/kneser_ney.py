"""A character n-gram model with interpolated modified Kneser-Ney smoothing, the classic to beat.

Chen & Goodman 1999: raw counts at the highest order, continuation counts below, three discounts an
order. Characters that the training text does not have are paid for as everywhere (`text.spelling`).

    python tests/benchmarks/kneser_ney.py TRAIN... --held-out VALID [--order 6]
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lyricist.evaluation.score import SongScores, line_scores
from lyricist.text.corpus import read_corpus
from lyricist.text.spelling import Spelling, novelty

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_BOUNDARY = 1


@dataclass(frozen=True)
class _Order:
    """The n-grams of one length: sorted hashes with their counts, and those of their contexts.

    discounts: D1, D2, D3+. contexts: hashes; totals and kinds (N1, N2, N3+) beside them.
    """

    grams: NDArray[np.uint64]
    counts: NDArray[np.int64]
    discounts: NDArray[np.float64]
    contexts: NDArray[np.uint64]
    totals: NDArray[np.int64]
    kinds: NDArray[np.int64]


class KneserNey:
    """Trained on songs, each led by the boundary.

    Args:
        songs: Texts.
        order: Length of the longest n-gram.
    """

    def __init__(self, songs: list[str], order: int = 6) -> None:
        self.order = order
        self.characters = sorted(set("".join(songs)))
        self._index = {c: i for i, c in enumerate(self.characters, _BOUNDARY + 1)}
        stream = self._encode(songs)
        hashes = _hashes(stream, order + 1)
        self._orders = [
            _order(stream, hashes, n, is_highest=n == order) for n in range(1, order + 1)
        ]

    def log_probs(self, songs: list[str]) -> list[NDArray[np.float64]]:
        """Return the log-probability in nats of each character; NaN for unknown ones."""
        stream = self._encode(songs)
        hashes = _hashes(stream, self.order)
        probabilities = np.full(len(stream), 1 / (len(self.characters) + _BOUNDARY))
        for n, table in enumerate(self._orders, 1):
            gram = hashes[n]
            context = hashes[n - 1][: len(stream)]
            # The context of a character ends one place before it.
            context = np.concatenate(([np.uint64(0)], context[:-1]))
            probabilities = _interpolated(table, gram, context, probabilities)
        found, place = [], 0
        for song in songs:
            place += 1
            own = np.log(probabilities[place : place + len(song)])
            own[[c not in self._index for c in song]] = np.nan
            found.append(own)
            place += len(song)
        return found

    def _encode(self, songs: list[str]) -> NDArray[np.uint64]:
        points: list[int] = []
        for song in songs:
            points.append(_BOUNDARY)
            points += [self._index.get(c, 0) for c in song]
        return np.array(points, np.uint64)


def _hashes(stream: NDArray[np.uint64], longest: int) -> list[NDArray[np.uint64]]:
    """hashes[n][i]: of the n characters that end at place i (fewer at the very beginning)."""
    hashes = [np.zeros(len(stream), np.uint64)]
    for n in range(1, longest + 1):
        # One character further back; its power of the prime tells the places apart.
        back = np.zeros(len(stream), np.uint64)
        back[n - 1 :] = stream[: len(stream) - n + 1] + np.uint64(7)
        power = np.uint64(pow(int(_PRIME), n, 1 << 64))
        mixed = (back * power) ^ ((back * power) >> np.uint64(29))
        hashes.append(hashes[-1] + mixed * _MIX)
    return hashes


def _order(
    stream: NDArray[np.uint64], hashes: list[NDArray[np.uint64]], n: int, is_highest: bool
) -> _Order:
    gram, longer = hashes[n][n - 1 :], hashes[n + 1][n:]
    before = np.concatenate(([np.uint64(0)], hashes[n - 1][:-1]))[n - 1 :]
    if is_highest:
        grams, first, counts = np.unique(gram, return_index=True, return_counts=True)
        context = before[first]
    else:
        # How many different characters stand before it.
        _, kept = np.unique(longer, return_index=True)
        tails, contexts = gram[1:][kept], before[1:][kept]
        grams, first, counts = np.unique(tails, return_index=True, return_counts=True)
        context = contexts[first]
    ones, twos, threes, fours = (int((counts == k).sum()) for k in (1, 2, 3, 4))
    y = ones / max(ones + 2 * twos, 1)
    discounts = np.array(
        [
            1 - 2 * y * twos / max(ones, 1),
            2 - 3 * y * threes / max(twos, 1),
            3 - 4 * y * fours / max(threes, 1),
        ]
    )
    names, group = np.unique(context, return_inverse=True)
    totals = np.bincount(group, counts).astype(np.int64)
    kinds = np.stack(
        [np.bincount(group, chosen) for chosen in (counts == 1, counts == 2, counts >= 3)]
    )
    return _Order(grams, counts, np.clip(discounts, 0, [1, 2, 3]), names, totals, kinds)


def _interpolated(
    table: _Order,
    gram: NDArray[np.uint64],
    context: NDArray[np.uint64],
    lower: NDArray[np.float64],
) -> NDArray[np.float64]:
    place = np.minimum(np.searchsorted(table.contexts, context), len(table.contexts) - 1)
    known = table.contexts[place] == context
    total = table.totals[place]
    spared = (table.discounts[:, None] * table.kinds[:, place]).sum(axis=0) / total
    at = np.minimum(np.searchsorted(table.grams, gram), len(table.grams) - 1)
    count = np.where(table.grams[at] == gram, table.counts[at], 0)
    discount = np.where(count > 0, table.discounts[np.clip(count, 1, 3) - 1], 0.0)
    own = (count - discount) / total + spared * lower
    return np.where(known, own, lower)


def scored(train: list[str], held_out: list[str], order: int) -> list[SongScores]:
    """Return the held-out songs' scores, unknown characters paid for."""
    model = KneserNey(train, order)
    spelling = Spelling(novelty(Counter("".join(train))))
    known = set(model.characters)
    songs = []
    for text, log_probs in zip(held_out, model.log_probs(held_out), strict=True):
        unknown = [c not in known for c in text]
        paid = [
            spelling.unknown(-math.inf, c) if is_unknown else spelling.known(p)
            for c, p, is_unknown in zip(text, log_probs.tolist(), unknown, strict=True)
        ]
        songs.append(SongScores(text, paid, unknown))
    return songs


def main() -> None:
    """Print the held-out perplexity."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", nargs="+")
    parser.add_argument("--held-out", required=True)
    parser.add_argument("--order", type=int, default=6)
    options = parser.parse_args()
    train = [song.text for song in read_corpus(options.train).songs]
    held_out = [song.text for song in read_corpus([options.held_out]).songs]
    total = line_scores(scored(train, held_out, options.order)).total
    print(
        f"{options.order}-gram, modified Kneser-Ney: perplexity {total.perplexity:.3f}, "
        f"{total.bits_per_character:.4f} bits per character, {total.unknown} unknown"
    )


if __name__ == "__main__":
    main()
