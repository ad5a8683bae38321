"""Optimizers, gradient clipping and learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from lyricist.network.model import CharRNN

_WARM_UP = 0.05
_LANDING = 0.2


def clip_gradients(parameters: Iterable[nn.Parameter], theta: float) -> Tensor:
    """Scale all gradients by min(theta / norm, 1), where norm is their joint L2 norm.

    Returns:
        The norm before clipping (Pascanu, Mikolov & Bengio 2013).
    """
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = _norm(gradients)
    torch._foreach_mul_(gradients, (theta / norm).clamp(max=1.0))
    return norm


def gradient_norm(parameters: Iterable[nn.Parameter]) -> Tensor:
    """Return the joint L2 norm of all gradients."""
    return _norm([p.grad for p in parameters if p.grad is not None])


def _norm(gradients: list[Tensor]) -> Tensor:
    return torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))


def make_optimizer(
    model: CharRNN,
    name: str,
    lr: float,
    weight_decay: float,
    betas: tuple[float, float] = (0.9, 0.99),
) -> torch.optim.Optimizer:
    """Plain SGD, or AdamW (Loshchilov & Hutter 2019) that decays matrices but no bias."""
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=lr)
    matrices = [p for n, p in model.named_parameters() if p.dim() > 1 and n != "embedding"]
    others = [p for n, p in model.named_parameters() if p.dim() <= 1 or n == "embedding"]
    groups = [
        {"params": matrices, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=lr, betas=betas, fused=True)


def one_cycle(fraction: float) -> float:
    """Share of the peak rate at `fraction` of the run: linear warm-up, then a cosine to zero."""
    if fraction < _WARM_UP:
        return max(fraction / _WARM_UP, 0.02)
    progress = (min(fraction, 1.0) - _WARM_UP) / (1 - _WARM_UP)
    return 0.5 * (1 + math.cos(math.pi * progress))


def landing(fraction: float) -> float:
    """Share of the rate at `fraction` of the time: all of it, then linearly to zero.

    A constant rate with such an end is nearly as good as a cosine and needs no planned length
    (Hägele et al. 2024).
    """
    return min(1.0, (1 - min(fraction, 1.0)) / _LANDING)


def set_learning_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Give every parameter group the same rate."""
    for group in optimizer.param_groups:
        group["lr"] = lr
