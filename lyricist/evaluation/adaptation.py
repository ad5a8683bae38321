"""Scores of songs as the suggestions see them: the network mixed with what was read before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lyricist.evaluation.score import SongScores
from lyricist.suggest.adaptive import AdaptiveModel
from lyricist.suggest.mixing_weights import Prior
from lyricist.suggest.suffix_index import SuffixIndex

# Between two songs; no context reaches across it.
_BREAK = "\n\n\n"
_SMALLEST_GROWTH, _GROWTH = 2000, 0.03
# A longer song goes into the index piece by piece: single counts take much memory.
_LONGEST_PIECE = 100_000


def adapted(
    songs: Iterable[SongScores],
    known: str = "",
    remember: bool = True,
    prior: Prior | None = None,
) -> Iterator[SongScores]:
    """Yield the songs with the mixture's scores instead of the network's.

    Args:
        songs: In the order in which they are read.
        known: Text that the writer has written before.
        remember: Whether finished songs count as such text too; otherwise each song is read as if
            it were the first.
        prior: Of the mixing weights.
    """
    memory = _Memory(known)
    model = AdaptiveModel(memory.index, prior)
    for song in songs:
        log_probs: list[float] = []
        for character, log_prob in zip(song.text, song.log_probs, strict=True):
            probability = model.read(character, math.exp(log_prob))
            assert probability is not None
            log_probs.append(math.log(probability))
            if len(model) >= _LONGEST_PIECE:
                memory.keep(model.text)
                model = AdaptiveModel(memory.index, prior, model.weights)
        yield replace(song, log_probs=log_probs)
        if remember:
            for character in _BREAK:
                model.read(character, None)
            if len(model) >= memory.enough:
                memory.keep(model.text)
                model = AdaptiveModel(memory.index, prior, model.weights)
        else:
            model = AdaptiveModel(memory.index, prior)


class _Memory:
    """What was read and indexed; the songs since then are still in the model's own counts."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.index = SuffixIndex(text) if text else None

    @property
    def enough(self) -> int:
        """Characters for which a new index is worth its time."""
        return max(_SMALLEST_GROWTH, int(_GROWTH * len(self._text)))

    def keep(self, text: str) -> None:
        """Index `text` too."""
        self._text += text
        self.index = SuffixIndex(self._text)
