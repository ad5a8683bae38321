"""The exponential moving average of the weights along a run: less noise than the last step has.

Source: Polyak & Juditsky 1992 for averaging; with exponential weights as in Morales-Brotons,
Vogels & Hendrikx 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from lyricist.network.model import CharRNN


class WeightAverage:
    """An average of a model's weights that follows them.

    Args:
        model: Whose weights are averaged.
        decay: Share of the old average that a step keeps, from 0 to below 1; smaller in the first
            steps, so that the start is soon forgotten.
    """

    def __init__(self, model: CharRNN, decay: float) -> None:
        self._model = model
        self._decay = decay
        self.steps = 0
        self.weights = {n: t.detach().clone() for n, t in model.state_dict().items()}

    def follow(self) -> None:
        """Take in the weights after a step."""
        self.steps += 1
        decay = min(self._decay, self.steps / (self.steps + 9))
        torch._foreach_lerp_(
            list(self.weights.values()),
            [tensor.detach() for tensor in self._model.state_dict().values()],
            1 - decay,
        )

    def restart(self) -> None:
        """Forget the past: the average is the weights as they are."""
        for name, tensor in self._model.state_dict().items():
            self.weights[name].copy_(tensor)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the model have the averaged weights for a while."""
        current = {name: tensor.detach() for name, tensor in self._model.state_dict().items()}
        kept: dict[str, Tensor] = {name: tensor.clone() for name, tensor in current.items()}
        self._model.load_state_dict(self.weights)
        try:
            yield
        finally:
            self._model.load_state_dict(kept)
