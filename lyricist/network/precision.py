"""Which number type to step with: the quickest that computes what fp32 does, tried at load.

The trial reads characters drawn from the model itself, so that it needs no text. It takes no
times, for the same seed must give the same text on every start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lyricist.network.decoder import Decoder, begin_state, mask_specials
from lyricist.network.numpy_decoder import NumpyDecoder
from lyricist.network.onnx_decoder import OnnxDecoder
from lyricist.network.onnx_graph import PRECISIONS
from lyricist.network.sampler import draw, log_softmax
from lyricist.network.weights import StoredModel
from lyricist.text.vocabulary import BOUNDARY_INDEX

MAX_ERROR = 0.02
_MIN_SAME_FIRST = 0.9
_TRIAL_STEPS = 32
_TRIAL_SEED = 1


@dataclass(frozen=True)
class Trial:
    """How a decoder did beside the reference.

    error: mean absolute difference of next-character log-probabilities in nats, weighted by
    probability. same_first: share of positions with the same likeliest character.
    """

    error: float
    same_first: float

    @property
    def passed(self) -> bool:
        """Few positions are tried, so first choices may differ in some."""
        return self.error <= MAX_ERROR and self.same_first >= _MIN_SAME_FIRST


def quickest_correct(stored: StoredModel, reference: NumpyDecoder) -> Decoder:
    """Return the first decoder of `PRECISIONS` that passes its trial; fp32 needs none."""
    expected, read = _draw_a_text(reference)
    *quantized, full = PRECISIONS
    for precision in quantized:
        decoder = OnnxDecoder(stored.config, stored.weights, precision)
        if compare(expected, _read(decoder, read)).passed:
            return decoder
    return OnnxDecoder(stored.config, stored.weights, full)


def compare(expected: NDArray, found: NDArray) -> Trial:
    """Compare log-probabilities (positions, vocabulary)."""
    if not np.isfinite(found).all():
        return Trial(np.inf, 0.0)
    error = (np.exp(expected) * np.abs(found - expected)).sum(axis=1).mean()
    same = (expected.argmax(axis=1) == found.argmax(axis=1)).mean()
    return Trial(float(error), float(same))


def _draw_a_text(decoder: NumpyDecoder) -> tuple[NDArray, list[int]]:
    """Draw some characters; returns their distributions and the characters."""
    random = np.random.default_rng(_TRIAL_SEED)
    state, index = begin_state(decoder.config), BOUNDARY_INDEX
    read, distributions = [], []
    for _ in range(_TRIAL_STEPS):
        read.append(index)
        state, logits = decoder.advance(np.array([index]), state)
        distributions.append(log_softmax(logits)[0])
        index = int(draw(mask_specials(logits), random=random)[0][0])
    return np.array(distributions), read


def _read(decoder: Decoder, indices: list[int]) -> NDArray:
    """Read characters with another decoder; returns the distributions."""
    state = begin_state(decoder.config)
    distributions = []
    for index in indices:
        state, logits = decoder.advance(np.array([index]), state)
        distributions.append(log_softmax(logits)[0])
    return np.array(distributions)
