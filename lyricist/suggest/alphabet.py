"""The characters that can be proposed: those of the network, and others that the song brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from lyricist.text.vocabulary import UNKNOWN_INDEX, Vocabulary

_MOST_EXTRA = 256


class Alphabet:
    """Indices of characters: the vocabulary's own first, then those it lacks.

    Args:
        vocabulary: Of the network.
        text: Where characters that it lacks may come from.
    """

    def __init__(self, vocabulary: Vocabulary, text: Iterable[str] = "") -> None:
        self.vocabulary = vocabulary
        extra = dict.fromkeys(c for c in text if c not in vocabulary and c.isprintable())
        self._extra = list(extra)[:_MOST_EXTRA]
        self._index = {c: i for i, c in enumerate(self._extra, len(vocabulary))}
        self._of_vocabulary = vocabulary.index
        # The counts are kept beside their arrays, so that no other counts take their place.
        self._arrays: dict[int, tuple[Mapping[str, int], NDArray[np.int64], NDArray]] = {}

    def __len__(self) -> int:
        return len(self.vocabulary) + len(self._extra)

    def index(self, character: str) -> int | None:
        """Return the index of a character, None where it cannot be proposed."""
        return self._of_vocabulary(character) or self._index.get(character)

    def character(self, index: int) -> str:
        """Return the character of an index; special ones yield nothing."""
        beyond = index - len(self.vocabulary)
        return self._extra[beyond] if beyond >= 0 else self.vocabulary.decode([index])

    def fed(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return indices as the network takes them: what it lacks is unknown to it."""
        return np.where(indices < len(self.vocabulary), indices, UNKNOWN_INDEX)

    def arrays(self, counts: Mapping[str, int]) -> tuple[NDArray[np.int64], NDArray]:
        """Return the indices of counted characters and their counts; kept while counts stay."""
        kept = self._arrays.get(id(counts))
        if kept is None:
            found = [(i, n) for c, n in counts.items() if (i := self.index(c)) is not None]
            indices = np.array([i for i, _ in found], np.int64)
            kept = counts, indices, np.array([n for _, n in found], np.float32)
            self._arrays[id(counts)] = kept
        return kept[1], kept[2]
