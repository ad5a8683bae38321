"""Decay towards the weights a run starts from, in place of zero: what was learnt before is only
given up for a gain.

Source: L2-SP of Li, Grandvalet & Davoine 2018, decoupled from the gradient as in AdamW.
"""

from __future__ import annotations

import torch
from torch import Tensor

from lyricist.network.model import CharRNN


class Anchor:
    """Pulls a model back to the weights that it has now.

    Args:
        model: The model in training.
        strength: A step at learning rate lr closes lr * strength of the distance.
    """

    def __init__(self, model: CharRNN, strength: float) -> None:
        self._parameters: list[Tensor] = list(model.parameters())
        self._start = [parameter.detach().clone() for parameter in self._parameters]
        self._strength = strength

    @torch.no_grad()
    def pull(self, lr: float) -> None:
        """Decay after a step that was taken at learning rate `lr`."""
        torch._foreach_lerp_(self._parameters, self._start, min(lr * self._strength, 1.0))
