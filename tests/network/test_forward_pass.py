"""The network computes the equations, whichever way it is asked."""

import equations
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import SHAPES, make

from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN


@pytest.mark.parametrize(("cell", "activation", "embedding", "layers", "tied"), SHAPES)
def test_forward_pass_equals_the_reference_equations(cell, activation, embedding, layers, tied):
    model = make(cell, activation, embedding, layers, tied)
    indices = torch.randint(30, (3, 17))
    logits, _ = model(indices, model.begin_state(3))
    torch.testing.assert_close(logits, equations.forward(model, indices), atol=1e-5, rtol=1e-5)


def test_embedding_lookup_equals_one_hot_times_matrix():
    model = make("rnn", embedding=0)
    layer = model.layers[0]
    indices = torch.randint(30, (50,))
    by_matmul = equations.one_hot(indices, 30) @ layer.weight_xh
    torch.testing.assert_close(layer.project(indices), by_matmul, atol=0, rtol=0)


@given(
    cell=st.sampled_from(["rnn", "gru", "lstm"]),
    embedding=st.sampled_from([0, 12]),
    cut=st.integers(1, 19),
)
@settings(max_examples=40, deadline=None)
def test_splitting_a_sequence_anywhere_changes_nothing(cell, embedding, cut):
    model = make(cell, embedding=embedding, layers=2)
    indices = torch.randint(30, (2, 20), generator=torch.Generator().manual_seed(cut))
    whole, whole_state = model(indices, model.begin_state(2))
    first, state = model(indices[:, :cut], model.begin_state(2))
    second, state = model(indices[:, cut:], state)
    torch.testing.assert_close(torch.cat((first, second), 1), whole, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(state, whole_state, atol=1e-5, rtol=1e-5)


def test_dropout_is_locked_over_time_and_off_in_evaluation():
    torch.manual_seed(3)
    model = CharRNN(ModelConfig(30, embedding_size=12, hidden_size=24, dropout_out=0.5))
    indices = torch.randint(30, (2, 8))
    features, _ = model.train().features(indices, model.begin_state(2))
    dropped = features == 0
    assert dropped.any()
    assert torch.equal(dropped.all(dim=1), dropped.any(dim=1))
    features, _ = model.eval().features(indices, model.begin_state(2))
    assert not (features == 0).any()


@pytest.mark.parametrize(("cell", "activation", "embedding", "layers", "tied"), SHAPES)
def test_parameter_arithmetic_counts_every_weight(cell, activation, embedding, layers, tied):
    model = make(cell, activation, embedding, layers, tied)
    assert model.config.parameters == sum(p.numel() for p in model.parameters())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU on this machine")
def test_gpu_and_cpu_agree():
    model = make("lstm", layers=2)
    indices = torch.randint(30, (3, 17))
    on_cpu, _ = model(indices, model.begin_state(3))
    model = model.cuda()
    on_gpu, _ = model(indices.cuda(), model.begin_state(3))
    torch.testing.assert_close(on_gpu.cpu(), on_cpu, atol=1e-3, rtol=1e-3)
