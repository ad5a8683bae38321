"""Perplexity of songs under a model: exp of the mean cross-entropy per known character.

Every song is read from the song boundary with a zero state. Characters outside the vocabulary are
fed as unknown and counted, but not scored, since a closed vocabulary gives them no probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX

_PADDING = -100


@dataclass(frozen=True)
class Evaluation:
    """characters: scored. unknown: read but not scored. nats: total cross-entropy."""

    characters: int
    unknown: int
    nats: float

    @property
    def perplexity(self) -> float:
        """Perplexity per character; infinite when nothing could be scored."""
        return perplexity(self.nats, self.characters)

    @property
    def bits_per_character(self) -> float:
        """Mean cross-entropy in bits."""
        return self.nats / self.characters / math.log(2) if self.characters else math.inf


def perplexity(nats: float, characters: int) -> float:
    """Return exp(nats / characters), infinite on overflow or where there are no characters."""
    if not characters or not math.isfinite(nats):
        return math.inf
    return math.exp(min(nats / characters, 700.0))


@torch.inference_mode()
def evaluate_songs(
    model: CharRNN,
    songs: Sequence[Sequence[int]],
    batch_size: int = 32,
    num_steps: int = 256,
    start_with_boundary: bool = True,
) -> Evaluation:
    """Score encoded songs.

    Args:
        songs: Character indices of each song, without boundaries.
        batch_size: Songs side by side.
        num_steps: Characters per forward pass; state is carried between passes, so the result
            does not depend on it.
        start_with_boundary: Feed the boundary first, so that the first character is scored too;
            otherwise scoring starts with the second.
    """
    was_training = model.training
    model.eval()
    nats, characters, unknown = 0.0, 0, 0
    ordered = sorted((song for song in songs if len(song)), key=len)
    for first in range(0, len(ordered), batch_size):
        inputs, targets = _padded(ordered[first : first + batch_size], start_with_boundary)
        state = model.begin_state(inputs.shape[0])
        for start in range(0, inputs.shape[1], num_steps):
            piece = inputs[:, start : start + num_steps].to(model.device)
            wanted = targets[:, start : start + num_steps].to(model.device)
            logits, state = model(piece, state)
            scored = wanted.masked_fill(wanted == UNKNOWN_INDEX, _PADDING)
            nats += F.cross_entropy(
                logits.flatten(0, 1).float(),
                scored.flatten(),
                ignore_index=_PADDING,
                reduction="sum",
            ).item()
            characters += int((scored != _PADDING).sum())
            unknown += int((wanted == UNKNOWN_INDEX).sum())
    model.train(was_training)
    return Evaluation(characters, unknown, nats)


def _padded(
    songs: Sequence[Sequence[int]], start_with_boundary: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    head = [BOUNDARY_INDEX] if start_with_boundary else []
    width = max(len(song) for song in songs) + len(head) - 1
    inputs = torch.full((len(songs), max(width, 1)), BOUNDARY_INDEX)
    targets = torch.full((len(songs), max(width, 1)), _PADDING)
    for row, song in enumerate(songs):
        sequence = torch.tensor(head + list(song))
        inputs[row, : len(sequence) - 1] = sequence[:-1]
        targets[row, : len(sequence) - 1] = sequence[1:]
    return inputs, targets
