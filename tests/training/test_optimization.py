"""Gradient clipping and learning rates."""

import equations
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.training.optimization import clip_gradients, one_cycle


@given(theta=st.floats(1e-3, 1e3), scale=st.floats(1e-4, 1e4), seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_clipping_is_by_global_norm(theta, scale, seed):
    generator = torch.Generator().manual_seed(seed)
    parameters = [torch.nn.Parameter(torch.zeros(s)) for s in ((3, 4), (5,), (1, 1))]
    for parameter in parameters:
        parameter.grad = torch.randn(parameter.shape, generator=generator) * scale
    before = [p.grad.clone() for p in parameters]
    norm = clip_gradients(parameters, theta)
    for parameter, expected in zip(parameters, equations.clip(before, theta), strict=True):
        torch.testing.assert_close(parameter.grad, expected, rtol=1e-4, atol=1e-9)
    assert norm.item() == pytest.approx(sum((g**2).sum() for g in before).sqrt().item(), rel=1e-4)


def test_a_zero_gradient_stays_zero():
    parameter = torch.nn.Parameter(torch.zeros(3))
    parameter.grad = torch.zeros(3)
    clip_gradients([parameter], 0.01)
    assert torch.equal(parameter.grad, torch.zeros(3))


def test_one_cycle_warms_up_then_falls_to_zero():
    rates = [one_cycle(i / 100) for i in range(101)]
    peak = rates.index(max(rates))
    assert 1 <= peak <= 10
    assert rates[peak] == pytest.approx(1.0)
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(0.0, abs=1e-6)
