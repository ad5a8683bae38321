"""One mini-batch forwards and backwards: its loss, and the gradients that lower it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lyricist.network.model import CharRNN
from lyricist.training.loss import linear_cross_entropy
from lyricist.training.optimization import clip_gradients, gradient_norm
from lyricist.training.recipes import Recipe


class Computed(NamedTuple):
    """What a mini-batch gave: mean loss in nats, joint norm of all gradients before clipping, and
    the new state (num_layers, parts, batch, hidden)."""

    loss: float
    norm: float
    state: Tensor


def gradients_of(
    model: CharRNN,
    optimizer: torch.optim.Optimizer,
    recipe: Recipe,
    autocast: Callable[[], AbstractContextManager[Any]],
    state: Tensor | None,
    inputs: Tensor,
    targets: Tensor,
) -> Computed:
    """Compute the clipped gradients; changes nothing but them and the random state.

    Args:
        autocast: Decides the precision of matrix products.
        state: Carried from the batch before, None for none.
        inputs: (batch, num_steps).
        targets: (batch, num_steps), one character ahead.
    """
    device = model.device
    inputs, targets = inputs.to(device), targets.to(device)
    if recipe.sampling == "random" or state is None:
        state = model.begin_state(inputs.shape[0])
    elif recipe.state_reset:
        state = state * (torch.rand(inputs.shape[0], 1, device=device) >= recipe.state_reset)
    with autocast():
        in_half_precision = torch.is_autocast_enabled(device.type)
        features, state = model.features(inputs, state)
        features = model.projected(features)
    loss = linear_cross_entropy(
        features.flatten(0, 1),
        model.output_weight,
        model.bias_q,
        targets.flatten(),
        torch.bfloat16 if in_half_precision else torch.float32,
    )
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    parameters = list(model.parameters())
    norm = clip_gradients(parameters, recipe.clip) if recipe.clip else gradient_norm(parameters)
    return Computed(loss.item(), norm.item(), state)
