"""The mixture of `adaptive` for many rows at once, over all characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lyricist.suggest.adaptive import Mixture
from lyricist.suggest.alphabet import Alphabet

_FEW = 4


def network_probabilities(logits: NDArray) -> NDArray[np.float32]:
    """Return softmax of logits (rows, vocabulary)."""
    probabilities: NDArray[np.float32] = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return probabilities


def mixed_logits(
    network: NDArray[np.float32], mixtures: Sequence[Mixture], alphabet: Alphabet
) -> NDArray[np.float32]:
    """Return log-probabilities (rows, alphabet) of the mixtures.

    Args:
        network: Probabilities (rows, vocabulary).
        mixtures: One for each row.
        alphabet: Which characters have which index.
    """
    rows, size = network.shape
    mixed = np.zeros((rows, len(alphabet)), np.float32)
    shares = np.array([mixture.network for mixture in mixtures], np.float32)
    np.multiply(network, shares[:, None], out=mixed[:, :size])
    places: list[int] = []
    parts: list[float] = []
    index_of = alphabet.index
    for number, (row, mixture) in enumerate(zip(mixed, mixtures, strict=True)):
        begin = number * len(alphabet)
        for _, counts, share in mixture.levels:
            scale = share / counts.total
            if len(counts) <= _FEW:
                for character, count in counts.items():
                    index = index_of(character)
                    if index is not None:
                        places.append(begin + index)
                        parts.append(scale * count)
            else:
                indices, occurrences = alphabet.arrays(counts)
                row[indices] += occurrences * np.float32(scale)
    if places:
        np.add.at(mixed.reshape(-1), places, np.array(parts, np.float32))
    with np.errstate(divide="ignore"):
        return np.log(mixed, out=mixed)
