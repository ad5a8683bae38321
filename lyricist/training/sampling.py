"""Mini-batches from one long stream of characters: random sampling and consecutive sampling.

Random sampling draws subsequences in any order, so the hidden state starts anew with each batch.
Consecutive sampling cuts the stream into `batch_size` parallel tracks; neighbouring batches are
adjacent in each track, so the hidden state is carried (and detached) from batch to batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import torch
from torch import Tensor

from lyricist.text.vocabulary import BOUNDARY_INDEX


def join_songs(songs: Sequence[Sequence[int]], song_boundaries: bool) -> Tensor:
    """Return one stream (characters,), each song led and followed by the boundary if wanted."""
    if not song_boundaries:
        return torch.tensor([index for song in songs for index in song], dtype=torch.long)
    pieces = chain.from_iterable(([BOUNDARY_INDEX], song) for song in songs)
    stream = [index for piece in pieces for index in piece]
    return torch.tensor([*stream, BOUNDARY_INDEX], dtype=torch.long)


def fit_batch_size(num_tokens: int, batch_size: int, num_steps: int) -> tuple[int, int]:
    """Shrink (batch_size, num_steps) until a stream of `num_tokens` fills at least one batch."""
    num_steps = max(1, min(num_steps, (num_tokens - 1) // 2))
    return max(1, min(batch_size, (num_tokens - 1 - num_steps) // num_steps)), num_steps


def random_batches(
    stream: Tensor,
    batch_size: int,
    num_steps: int,
    generator: torch.Generator,
    random_offset: bool = True,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (inputs, targets), each (batch, num_steps); targets are one character ahead.

    The stream is cut from a random offset below num_steps (or from its start) into subsequences,
    which are shuffled.
    """
    offset = _random_offset(stream, num_steps, generator) if random_offset else 0
    count = (len(stream) - 1 - offset) // num_steps
    starts = torch.randperm(count, generator=generator) * num_steps + offset
    steps = torch.arange(num_steps)
    for first in range(0, count - batch_size + 1, batch_size):
        positions = starts[first : first + batch_size, None] + steps
        yield stream[positions], stream[positions + 1]


def consecutive_batches(
    stream: Tensor,
    batch_size: int,
    num_steps: int,
    generator: torch.Generator,
    random_offset: bool = True,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (inputs, targets), each (batch, num_steps); row b of one batch goes on in the next."""
    offset = _random_offset(stream, num_steps, generator) if random_offset else 0
    length = (len(stream) - offset - 1) // batch_size
    inputs = stream[offset : offset + batch_size * length].view(batch_size, length)
    targets = stream[offset + 1 : offset + 1 + batch_size * length].view(batch_size, length)
    for start in range(0, length - num_steps + 1, num_steps):
        yield inputs[:, start : start + num_steps], targets[:, start : start + num_steps]


def num_batches(num_tokens: int, batch_size: int, num_steps: int) -> int:
    """Batches of one pass over the stream, give or take one for the random offset."""
    return max(1, (num_tokens - 1) // (batch_size * num_steps))


def _random_offset(stream: Tensor, num_steps: int, generator: torch.Generator) -> int:
    # A stream that barely fills one batch has nothing to spare for an offset.
    spare = min(num_steps, max(1, (len(stream) - 1) // 8))
    return int(torch.randint(spare, (1,), generator=generator))
