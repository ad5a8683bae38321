"""Whether one model reads songs better than another, or only seems to: a paired bootstrap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lyricist.evaluation.score import SongScores
from lyricist.text.score import Score

_SAMPLES = 2000
_CONFIDENCE = 0.95
_FEWEST_SONGS, _LINES_A_PIECE = 10, 8


@dataclass(frozen=True)
class PairedRatio:
    """Perplexity of the second model over that of the first, with its interval.

    low, high: bounds of the 95 % interval. pieces: songs, or groups of lines, that were resampled.
    """

    ratio: float
    low: float
    high: float
    pieces: int


def paired_ratio(
    first: Sequence[SongScores], second: Sequence[SongScores], seed: int = 0
) -> PairedRatio:
    """Compare two models on the same songs (Koehn 2004).

    Songs are drawn with replacement, since the lines of one song are not independent; where there
    are few songs, groups of lines.

    Args:
        first: Scores of one model.
        second: Scores of the other, for the same texts.
        seed: Of the resampling.
    """
    one, other = _pieces(first), _pieces(second)
    nats = np.array([[a.nats, b.nats] for a, b in zip(one, other, strict=True)])
    sizes = np.array([piece.characters for piece in one], float)
    random = np.random.default_rng(seed)
    draws = random.integers(len(one), size=(_SAMPLES, len(one)))
    differences = (nats[:, 1] - nats[:, 0])[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.exp(np.quantile(differences, (tail, 1 - tail))).tolist()
    ratio = math.exp((nats[:, 1].sum() - nats[:, 0].sum()) / sizes.sum())
    return PairedRatio(ratio, low, high, len(one))


def _pieces(songs: Sequence[SongScores]) -> list[Score]:
    if len(songs) >= _FEWEST_SONGS:
        scores = [song.score() for song in songs]
    else:
        lines = [score for song in songs for _, score in song.lines()]
        starts = range(0, len(lines), _LINES_A_PIECE)
        scores = [sum(lines[s : s + _LINES_A_PIECE], Score()) for s in starts]
    return [score for score in scores if score.characters]
