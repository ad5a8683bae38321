"""Perplexity of songs under a model: exp of the mean cost per character, unknown ones included.

Every song is read from the song boundary with a zero state. A character outside the vocabulary is
fed as unknown and charged for by `text.spelling`, so that models of any two vocabularies compare.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from lyricist.network.model import CharRNN
from lyricist.text.score import Score
from lyricist.text.spelling import spelling_nats
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX, Vocabulary, normalize
from lyricist.training.worker import Stopped

_PADDING = -100


@dataclass(frozen=True)
class MeasuredSongs:
    """Songs as one model sees them, and what its vocabulary makes them cost besides.

    songs: character indices of each song, without boundaries. novelty: as in `text.spelling`.
    spelling_nats: to spell all unknown characters that are scored. starts_with_boundary: whether
    the boundary is fed first, so that the first character of a song is scored too; otherwise it is
    context only.
    """

    songs: Sequence[Sequence[int]]
    novelty: float
    spelling_nats: float = 0.0
    starts_with_boundary: bool = True

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        vocabulary: Vocabulary,
        novelty: float,
        starts_with_boundary: bool = True,
    ) -> MeasuredSongs:
        """Encode `texts` for a model of this vocabulary."""
        normal = [normalize(text) for text in texts]
        scored_from = 0 if starts_with_boundary else 1
        spelling = sum(
            spelling_nats(character)
            for text in normal
            for character in text[scored_from:]
            if character not in vocabulary
        )
        encoded = [vocabulary.encode_normalized(text) for text in normal]
        return cls(encoded, novelty, spelling, starts_with_boundary)


@torch.inference_mode()
def evaluate_songs(
    model: CharRNN,
    measured: MeasuredSongs,
    batch_size: int = 32,
    num_steps: int = 256,
    should_stop: Callable[[], bool] = lambda: False,
) -> Score:
    """Score songs.

    Args:
        model: Its training mode is left as it was.
        measured: The songs, encoded for this model.
        batch_size: Songs side by side.
        num_steps: Characters per forward pass; state is carried between passes, so the result
            does not depend on it.
        should_stop: Asked between two forward passes.

    Raises:
        Stopped: If it is to stop.
    """
    was_training = model.training
    model.eval()
    try:
        score = _score(model, measured, batch_size, num_steps, should_stop)
    finally:
        model.train(was_training)
    return score


def _score(
    model: CharRNN,
    measured: MeasuredSongs,
    batch_size: int,
    num_steps: int,
    should_stop: Callable[[], bool],
) -> Score:
    nats, characters, unknown = 0.0, 0, 0
    ordered = sorted((song for song in measured.songs if len(song)), key=len)
    for first in range(0, len(ordered), batch_size):
        rows = ordered[first : first + batch_size]
        inputs, targets = _padded(rows, measured.starts_with_boundary)
        state = model.begin_state(inputs.shape[0])
        for start in range(0, inputs.shape[1], num_steps):
            if should_stop():
                raise Stopped
            piece = inputs[:, start : start + num_steps].to(model.device)
            wanted = targets[:, start : start + num_steps].to(model.device)
            logits, state = model(piece, state)
            scored = wanted != _PADDING
            log_probs = -F.cross_entropy(logits[scored].float(), wanted[scored], reduction="none")
            is_unknown = wanted[scored] == UNKNOWN_INDEX
            nats -= float(_charged(log_probs, is_unknown, measured.novelty).sum())
            characters += len(log_probs)
            unknown += int(is_unknown.sum())
    return Score(characters, unknown, nats + (measured.spelling_nats if unknown else 0.0))


def _charged(log_probs: Tensor, is_unknown: Tensor, novelty: float) -> Tensor:
    """`text.spelling.Spelling` for many characters at once, the spelling itself left out."""
    known = log_probs + math.log1p(-novelty)
    return torch.where(is_unknown, known.exp().add(novelty).log(), known)


def _padded(songs: Sequence[Sequence[int]], starts_with_boundary: bool) -> tuple[Tensor, Tensor]:
    head = [BOUNDARY_INDEX] if starts_with_boundary else []
    width = max(len(song) for song in songs) + len(head) - 1
    inputs = torch.full((len(songs), max(width, 1)), BOUNDARY_INDEX)
    targets = torch.full((len(songs), max(width, 1)), _PADDING)
    for row, song in enumerate(songs):
        sequence = torch.tensor(head + list(song))
        inputs[row, : len(sequence) - 1] = sequence[:-1]
        targets[row, : len(sequence) - 1] = sequence[1:]
    return inputs, targets
