"""Gradient clipping and learning rates."""

import equations
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.training.optimization import clip_gradients, landing, make_optimizer, one_cycle


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


def test_landing_keeps_the_rate_and_then_brings_it_down_to_zero():
    rates = [landing(i / 100) for i in range(111)]
    assert rates[:80] == [1.0] * 80
    assert rates[80:] == sorted(rates[80:], reverse=True)
    assert rates[90] == pytest.approx(0.5)
    assert rates[100] == rates[110] == 0.0


def test_adamw_decays_matrices_but_neither_biases_nor_the_embedding():
    model = CharRNN(ModelConfig(12, embedding_size=8, hidden_size=8))
    optimizer = make_optimizer(model, "adamw", 1e-3, 0.3, betas=(0.6, 0.8))
    groups = optimizer.param_groups
    decay = {id(p): group["weight_decay"] for group in groups for p in group["params"]}
    for name, parameter in model.named_parameters():
        decayed = parameter.dim() > 1 and name != "embedding"
        assert decay[id(parameter)] == (0.3 if decayed else 0.0)
    assert all(group["betas"] == (0.6, 0.8) for group in groups)
