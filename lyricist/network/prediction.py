"""Predict from a prefix: warm the hidden state up on it, then generate character by character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lyricist.errors import LyricistError, UsageError
from lyricist.network.decoder import Decoder, begin_state, mask_specials
from lyricist.network.sampler import check_sampling, draw
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX, Vocabulary


@dataclass(frozen=True)
class Prediction:
    """A continuation and the mean log-probability of its characters in nats."""

    text: str
    log_prob: float


def check_prefix(prefix: str, vocabulary: Vocabulary) -> None:
    """Refuse a prefix from which nothing can be predicted.

    Raises:
        UsageError: If it is empty.
        LyricistError: If the model knows none of its characters.
    """
    if not prefix:
        raise UsageError("the prefix is empty", "give at least one character")
    if all(index == UNKNOWN_INDEX for index in vocabulary.encode(prefix)):
        raise LyricistError(
            "the model knows none of the prefix's characters",
            "choose another --model or train one on such text",
        )


def predict(
    decoder: Decoder,
    vocabulary: Vocabulary,
    prefix: str,
    length: int = 50,
    count: int = 1,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    seed: int | None = None,
    start_with_boundary: bool = True,
) -> list[Prediction]:
    """Continue `prefix` by `length` characters, `count` times in one batch, best first.

    Args:
        temperature: 0 is greedy.
        seed: Makes the draw reproducible on one kind of machine.
        start_with_boundary: Feed the song boundary before the prefix, as in training.

    Raises:
        UsageError: On an empty prefix or impossible sampling settings.
        LyricistError: If every character of the prefix is unknown to the model.
    """
    check_prefix(prefix, vocabulary)
    check_sampling(temperature, top_k, top_p)
    if length < 1 or count < 1:
        raise UsageError("--length and --count must be at least 1")
    random = np.random.default_rng(seed)
    state = begin_state(decoder.config)
    for index in ([BOUNDARY_INDEX] if start_with_boundary else []) + vocabulary.encode(prefix):
        state = decoder.step(np.array([index]), state)
    state = np.repeat(state, count, axis=2)
    logits = decoder.logits(state)
    drawn, total = [], np.zeros(count)
    for _ in range(length):
        mask_specials(logits)
        indices, log_probs = draw(logits, temperature, top_k, top_p, random)
        total += log_probs
        drawn.append(indices)
        state, logits = decoder.advance(indices, state)
    rows = np.stack(drawn, axis=1).tolist()
    predictions = [
        Prediction(vocabulary.decode(row), mean)
        for row, mean in zip(rows, (total / length).tolist(), strict=True)
    ]
    return sorted(predictions, key=lambda prediction: -prediction.log_prob)
