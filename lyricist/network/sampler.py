"""Drawing the next character from logits: temperature, top-k, top-p, greedy.

No vocabulary is ever sorted: a character is drawn from the whole distribution and drawn again if it
lies outside the nucleus, which gives the same distribution at a fraction of the time.

Sources: top-k, Fan et al. 2018; nucleus (top-p) sampling, Holtzman et al. 2020.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lyricist.errors import UsageError

_BLOCK = 64
_MAX_REDRAWS = 64
# Of the likeliest character's probability.
_LIKELY_AT_ALL = 0.01
_ONES = np.ones(_BLOCK, np.float32)


def check_sampling(temperature: float, top_k: int, top_p: float) -> None:
    """Raise `UsageError` for settings that no distribution can follow."""
    if not 0 <= temperature <= 10:
        raise UsageError(f"temperature {temperature} is out of range", "use 0 (greedy) to 10")
    if top_k < 0:
        raise UsageError(f"top-k {top_k} is negative", "use 0 (all) or a count")
    if not 0 < top_p <= 1:
        raise UsageError(f"top-p {top_p} is out of range", "use a share above 0, up to 1")


def log_softmax(logits: NDArray) -> NDArray[np.float32]:
    """Return log-probabilities (batch, vocabulary) in nats."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def log_prob_of(logits: NDArray, indices: NDArray) -> NDArray[np.float32]:
    """Return the log-probability (batch,) of one index per row, in nats."""
    highest = logits.max(axis=-1)
    total = np.exp(logits - highest[:, None]).sum(axis=-1)
    chosen: NDArray[np.float32] = logits[np.arange(len(indices)), indices]
    return chosen - highest - np.log(total)


def draw(
    logits: NDArray,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    random: np.random.Generator | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Draw one index per row.

    Args:
        logits: (batch, vocabulary); minus infinity marks what must not be drawn.
        temperature: Divides the logits; 0 takes the likeliest.
        top_k: Draw among the k likeliest only; 0 means all.
        top_p: Draw among the fewest likeliest whose probabilities reach this sum.
        random: Source of randomness.

    Returns:
        (batch,) indices and their log-probabilities in nats, without temperature, top-k and top-p.
    """
    rows = np.arange(len(logits))
    shifted = _padded(logits)
    total = _block_sums(np.exp(shifted)).sum(axis=1)
    if temperature == 0 or top_k == 1:
        chosen: NDArray[np.int64] = shifted.argmax(axis=1)
    else:
        weights = _weights(shifted, temperature, top_k)
        chosen = _draw_in_nucleus(weights, top_p, random or np.random.default_rng())
    return chosen, shifted[rows, chosen] - np.log(total)


def _padded(logits: NDArray) -> NDArray[np.float32]:
    """Logits with 0 for the likeliest of each row, filled up to whole blocks."""
    batch, size = logits.shape
    padded = np.empty((batch, -(-size // _BLOCK) * _BLOCK), np.float32)
    padded[:, size:] = -np.inf
    np.subtract(logits, logits.max(axis=1, keepdims=True), out=padded[:, :size])
    return padded


def _weights(shifted: NDArray, temperature: float, top_k: int) -> NDArray[np.float32]:
    """Unnormalized probabilities, 1 for the likeliest of each row."""
    weights: NDArray[np.float32] = np.multiply(shifted, np.float32(1 / temperature))
    np.exp(weights, out=weights)
    if 0 < top_k < weights.shape[1]:
        least = np.partition(weights, -top_k, axis=1)[:, -top_k, None]
        weights[weights < least] = 0.0
    return weights


def _draw_in_nucleus(
    weights: NDArray, top_p: float, random: np.random.Generator
) -> NDArray[np.int64]:
    """Draw until what is drawn lies in the nucleus."""
    sums = _block_sums(weights)
    chosen = _draw_in_proportion(weights, sums, random)
    if top_p >= 1:
        return chosen
    wanted = top_p * sums.sum(axis=1)
    outside = np.arange(len(weights))
    for _ in range(_MAX_REDRAWS):
        outside = outside[~_in_nucleus(weights[outside], wanted[outside], chosen[outside])]
        if not len(outside):
            return chosen
        chosen[outside] = _draw_in_proportion(weights[outside], sums[outside], random)
    # A nucleus so small that it is hardly ever met is one of the very likeliest characters.
    chosen[outside] = weights[outside].argmax(axis=1)
    return chosen


def _draw_in_proportion(
    weights: NDArray, sums: NDArray, random: np.random.Generator
) -> NDArray[np.int64]:
    """Invert the cumulative distribution: first among blocks of characters, then within one."""
    rows = np.arange(len(weights))
    ends = sums.cumsum(axis=1)
    aims = random.random((len(weights), 1), np.float32) * ends[:, -1:]
    block = np.minimum((ends <= aims).sum(axis=1), ends.shape[1] - 1)
    before = (ends[rows, block] - sums[rows, block])[:, None]
    within = weights.reshape(len(weights), -1, _BLOCK)[rows, block].cumsum(axis=1)
    chosen = block * _BLOCK + np.minimum((within <= aims - before).sum(axis=1), _BLOCK - 1)
    # Rounding may lead onto a character that must not be drawn.
    lost = weights[rows, chosen] == 0
    if lost.any():
        chosen[lost] = weights[lost].argmax(axis=1)
    return chosen


def _block_sums(weights: NDArray) -> NDArray[np.float32]:
    """Sums of each block, (batch, blocks); a product with ones is quicker than `sum`."""
    sums: NDArray[np.float32] = weights.reshape(-1, _BLOCK) @ _ONES
    return sums.reshape(len(weights), -1)


def _in_nucleus(weights: NDArray, wanted: NDArray, chosen: NDArray) -> NDArray[np.bool_]:
    """Whether what is likelier than the chosen ones adds up to less than is wanted."""
    own = weights[np.arange(len(chosen)), chosen]
    likelier = np.einsum("ij,ij->i", weights, weights > own[:, None])
    inside: NDArray[np.bool_] = likelier < wanted
    return inside


def draw_distinct(
    logits: NDArray,
    count: int,
    temperature: float,
    top_k: int,
    top_p: float,
    random: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Draw `count` indices from one distribution, different ones as far as there are likely ones.

    The first is the likeliest. The others are drawn without replacement by perturbing each
    log-probability with Gumbel noise (Kool, Van Hoof & Welling 2019). A nucleus of fewer than
    `count` is widened by what is a hundredth as likely as the likeliest or more; what is still
    lacking is drawn with replacement.

    Args:
        logits: (vocabulary,); minus infinity marks what must not be drawn.
        count: How many.
        temperature: Above 0.
        top_k: Draw among the k likeliest only; 0 means all.
        top_p: Draw among the fewest likeliest whose probabilities reach this sum.
        random: Source of randomness.

    Returns:
        (count,) indices and their log-probabilities in nats, without temperature, top-k and top-p.
    """
    normalized = log_softmax(logits[None])[0]
    order = np.argsort(-normalized)
    weights = np.exp((normalized[order] - normalized[order[0]]) / temperature)
    ends = np.cumsum(weights)
    size = int(np.searchsorted(ends, top_p * ends[-1])) + 1
    # Where one character stands out, others still have to be tried, if they are likely at all.
    size = max(size, min(count, int((weights >= _LIKELY_AT_ALL).sum())))
    nucleus = order[: min(size, top_k or size)]
    nucleus = nucleus[np.isfinite(normalized[nucleus])]
    keys = normalized[nucleus] / temperature + random.gumbel(size=len(nucleus))
    keys[0] = np.inf
    chosen = nucleus[np.argsort(-keys)[:count]]
    if len(chosen) < count:
        spread = weights[: len(nucleus)].astype(float)
        more = random.choice(nucleus, count - len(chosen), p=spread / spread.sum())
        chosen = np.concatenate((chosen, more))
    return chosen.astype(np.int64), normalized[chosen]
