"""Cross-entropy of the output layer, exact, without ever holding the logits of a whole batch.

A batch of 6,000 Chinese characters over a vocabulary of 6,000 has logits of 144 MB, read and
written several times; a few hundred rows at a time stay in the cache. Gradients are made on the
way forward, while the probabilities are at hand.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

# Below so many logits they fit the cache at once, and plain autograd is quicker.
_FEW_LOGITS = 2_000_000
_CHUNK_LOGITS = 1_500_000
# A GPU's cache is of no such use, and each of many small products costs it the time of a large one.
_CHUNK_LOGITS_ON_GPU = 100_000_000
# A product of fewer rows leaves the matrix units idle.
_SHORTEST_CHUNK = 256


def linear_cross_entropy(
    features: Tensor, weight: Tensor, bias: Tensor, targets: Tensor, precision: torch.dtype
) -> Tensor:
    """Return the mean cross-entropy in nats of softmax(features times weight transposed plus bias).

    Args:
        features: (characters, width).
        weight: (vocabulary, width).
        bias: (vocabulary,).
        targets: (characters,).
        precision: Type of the matrix products; the softmax is computed in float32.
    """
    if targets.numel() * weight.shape[0] <= _FEW_LOGITS:
        logits = F.linear(features.to(precision), weight.to(precision), bias.to(precision))
        return F.cross_entropy(logits.float(), targets)
    loss: Tensor = _ChunkedCrossEntropy.apply(features, weight, bias, targets, precision)
    return loss


class _ChunkedCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        features: Tensor,
        weight: Tensor,
        bias: Tensor,
        targets: Tensor,
        precision: torch.dtype,
    ) -> Tensor:
        rounded, rounded_bias = weight.to(precision), bias.to(precision)
        grad_features = torch.empty_like(features)
        grad_weight = torch.zeros_like(weight, dtype=torch.float32)
        grad_bias = torch.zeros_like(bias, dtype=torch.float32)
        nats = features.new_zeros((), dtype=torch.float32)
        count = targets.numel()
        chunk_logits = _CHUNK_LOGITS_ON_GPU if weight.is_cuda else _CHUNK_LOGITS
        rows = max(_SHORTEST_CHUNK, chunk_logits // weight.shape[0])
        for chunk in range(0, count, rows):
            inputs = features[chunk : chunk + rows].to(precision)
            wanted = targets[chunk : chunk + rows, None]
            logits = F.linear(inputs, rounded, rounded_bias)
            log_probabilities = torch.log_softmax(logits, dim=-1, dtype=torch.float32)
            nats -= log_probabilities.gather(1, wanted).sum()
            # d nats / d logits = probabilities - one-hot target.
            probabilities = log_probabilities.exp_()
            probabilities.scatter_add_(1, wanted, probabilities.new_full(wanted.shape, -1.0))
            grad_logits = probabilities.to(precision)
            grad_features[chunk : chunk + rows] = grad_logits @ rounded
            grad_weight += grad_logits.t() @ inputs
            grad_bias += probabilities.sum(0)
        ctx.save_for_backward(grad_features, grad_weight, grad_bias)
        ctx.count = count
        return nats / count

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_loss: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        features, weight, bias = ctx.saved_tensors
        scale = grad_loss / ctx.count
        return features * scale.to(features.dtype), weight * scale, bias * scale, None, None
