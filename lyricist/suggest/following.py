"""How well a line leads into what stands after the cursor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lyricist.network.decoder import Decoder, State
from lyricist.network.sampler import log_prob_of
from lyricist.text.vocabulary import Vocabulary

_MOST_CHARACTERS = 16


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
