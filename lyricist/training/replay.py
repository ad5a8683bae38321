"""Songs that a base model knows, read again while it learns the writer's: rehearsal.

Some rows of every batch are theirs. Source: Robins 1995; for fine-tuned language models de Masson
d'Autume et al. 2019.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from lyricist.training.sampling import consecutive_batches


def replayed_rows(batch_size: int, share: float) -> int:
    """Return how many of `batch_size` rows are replayed so that they come to about `share` of them;
    at least one is left to the writer's songs."""
    return min(round(batch_size * share), batch_size - 1)


def replay_batches(
    stream: Tensor, rows: int, num_steps: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (inputs, targets), each (rows, num_steps), without end, from anywhere in the stream on.

    Args:
        stream: All replayed characters; more than rows * (num_steps + 1) of them.
    """
    while True:
        start = int(torch.randint(len(stream), (1,), generator=generator))
        yield from consecutive_batches(stream.roll(-start), rows, num_steps, generator)


def mixed(
    batches: Iterator[tuple[Tensor, Tensor]], replay: Iterator[tuple[Tensor, Tensor]]
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield each batch with rows of replay below its own."""
    for (inputs, targets), (old_inputs, old_targets) in zip(batches, replay, strict=False):
        yield torch.cat((inputs, old_inputs)), torch.cat((targets, old_targets))
