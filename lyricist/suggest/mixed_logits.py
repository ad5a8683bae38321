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
    for row, mixture in zip(mixed, mixtures, strict=True):
        for level in mixture.levels:
            if len(level.counts) <= _FEW:
                scale = level.share / level.counts.total
                for character, count in level.counts.items():
                    index = alphabet.index(character)
                    if index is not None:
                        row[index] += scale * count
            else:
                indices, counts = alphabet.arrays(level.counts)
                row[indices] += counts * np.float32(level.share / level.counts.total)
    with np.errstate(divide="ignore"):
        return np.log(mixed, out=mixed)
