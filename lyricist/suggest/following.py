"""How well a line leads into what stands after the cursor, and how well texts fit at it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lyricist.network.decoder import Decoder, State
from lyricist.network.sampler import log_prob_of
from lyricist.text.vocabulary import Vocabulary

_MOST_CHARACTERS = 16
_MOST_FITTED = 32


def what_follows(suffix: str) -> str:
    """Return what has to fit behind a candidate: the rest of the line, or the next line that is
    not blank; empty where there is nothing."""
    rest, _, below = suffix.partition("\n")
    if rest.strip():
        return rest[:_MOST_CHARACTERS]
    for line in below.split("\n"):
        if line.strip():
            return "\n" + line[:_MOST_CHARACTERS]
    return ""


def follow_scores(
    decoder: Decoder,
    vocabulary: Vocabulary,
    state: State,
    lines: Sequence[str],
    following: str,
) -> list[float]:
    """Return the mean log-probability in nats of the characters of `following` after each line.

    Args:
        state: After the text before the cursor, (num_layers, parts, 1, hidden).
    """
    texts = [vocabulary.encode(line + following) for line in lines]
    tail = len(vocabulary.encode(following))
    longest = max(map(len, texts))
    # Rows end together, so that the same steps are scored in all of them; a row that begins later
    # waits with the first state.
    padded = np.array([[-1] * (longest - len(text)) + text for text in texts])
    states = np.repeat(state, len(lines), axis=2)
    totals: NDArray[np.float64] = np.zeros(len(lines))
    for step in range(longest):
        indices = padded[:, step]
        if step >= longest - tail:
            totals += log_prob_of(decoder.logits(states), indices)
        begun = indices >= 0
        if step + 1 < longest:
            states[:, :, begun] = decoder.step(indices[begun], states[:, :, begun])
    return (totals / max(tail, 1)).tolist()


def fit_scores(
    decoder: Decoder, vocabulary: Vocabulary, state: State, texts: Sequence[str]
) -> list[float]:
    """Return the mean log-probability in nats of the characters of each text after a state.

    Args:
        state: (num_layers, parts, 1, hidden).
        texts: Longer ones are judged by their first characters. An empty one scores 0.
    """
    indices = [vocabulary.encode(text)[:_MOST_FITTED] for text in texts]
    totals: NDArray[np.float64] = np.zeros(len(texts))
    states = np.repeat(state, len(texts), axis=2)
    going = np.arange(len(texts))
    for step in range(max(map(len, indices), default=0)):
        going = np.array([row for row in going if len(indices[row]) > step], np.int64)
        own = np.array([indices[row][step] for row in going], np.int64)
        logits = decoder.logits(states[:, :, going])
        totals[going] += log_prob_of(logits, own)
        states[:, :, going] = decoder.step(own, states[:, :, going])
    lengths = np.array([max(len(row), 1) for row in indices])
    return (totals / lengths).tolist()
