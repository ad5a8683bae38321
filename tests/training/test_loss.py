"""Computed piece by piece, the cross-entropy and its gradients are those of the whole batch."""

import pytest
import torch
from torch.nn import functional as F

from lyricist.training import loss


def gradients(value, tensors):
    return [value.detach(), *torch.autograd.grad(value, tensors)]


@pytest.mark.parametrize("count", [1, 255, 256, 700])
def test_chunks_equal_the_whole(monkeypatch, count):
    monkeypatch.setattr(loss, "_FEW_LOGITS", 0)
    monkeypatch.setattr(loss, "_CHUNK_LOGITS", 1)
    generator = torch.Generator().manual_seed(count)
    shapes = ((count, 12), (40, 12), (40,))
    tensors = [torch.randn(shape, generator=generator, requires_grad=True) for shape in shapes]
    features, weight, bias = tensors
    targets = torch.randint(40, (count,), generator=generator)
    whole = F.cross_entropy(F.linear(features, weight, bias), targets)
    chunked = loss.linear_cross_entropy(features, weight, bias, targets, torch.float32)
    expected, found = gradients(3 * whole, tensors), gradients(3 * chunked, tensors)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_bfloat16_products_stay_close(monkeypatch):
    monkeypatch.setattr(loss, "_FEW_LOGITS", 0)
    generator = torch.Generator().manual_seed(0)
    features, weight = (torch.randn(s, generator=generator) for s in ((300, 16), (50, 16)))
    bias, targets = torch.zeros(50), torch.randint(50, (300,), generator=generator)
    exact = F.cross_entropy(F.linear(features, weight, bias), targets)
    found = loss.linear_cross_entropy(features, weight, bias, targets, torch.bfloat16)
    assert found.dtype == torch.float32
    assert found.item() == pytest.approx(exact.item(), rel=1e-2)
