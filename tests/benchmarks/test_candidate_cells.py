"""The candidate layers compute what they are named after: whole sequences as step by step."""

import pytest
import torch

from lyricist.cli.bench import find_benchmarks
from lyricist.network.config import ModelConfig

find_benchmarks()

from lyricist.benchmarks.candidate_cells import blend  # noqa: E402
from lyricist.benchmarks.candidate_network import (  # noqa: E402
    Candidate,
    as_large,
    build,
    parameters,
)

CELLS = [("lstm", 1), ("mogrifier", 1), ("mingru", 3), ("mingru-mlp", 2), ("qrnn", 2)]


def network_of(cell, num_layers, **shape):
    torch.manual_seed(0)
    config = ModelConfig(vocabulary_size=30, **{"embedding_size": 16, "hidden_size": 24, **shape})
    return build(Candidate(cell, cell, num_layers), config).eval()


@pytest.mark.parametrize(("cell", "num_layers"), CELLS)
@pytest.mark.parametrize("tied", [False, True])
def test_a_sequence_is_its_steps(cell, num_layers, tied):
    network = network_of(cell, num_layers, tied=tied)
    indices = torch.randint(30, (3, 20))
    state = torch.randn_like(network.begin_state(3)).tanh()
    with torch.inference_mode():
        wanted, wanted_state = network.features(indices, state)
        for t in range(20):
            features, state = network.step(indices[:, t], state)
            torch.testing.assert_close(features, wanted[:, t], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(state, wanted_state, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("cell", "num_layers"), CELLS)
def test_a_sequence_may_be_read_in_pieces(cell, num_layers):
    network = network_of(cell, num_layers)
    indices = torch.randint(30, (2, 20))
    with torch.inference_mode():
        whole, _ = network(indices, network.begin_state(2))
        first, state = network(indices[:, :7], network.begin_state(2))
        second, _ = network(indices[:, 7:], state)
    torch.testing.assert_close(torch.cat((first, second), dim=1), whole, rtol=1e-4, atol=1e-5)


def test_the_scan_is_its_recurrence():
    gate, candidate, start = torch.randn(2, 9, 5), torch.randn(2, 9, 5), torch.randn(2, 5)
    update, hidden = torch.sigmoid(gate), start
    blended = blend(gate, candidate, start)
    for t in range(9):
        hidden = (1 - update[:, t]) * hidden + update[:, t] * candidate[:, t]
        torch.testing.assert_close(blended[:, t], hidden)


def test_the_gradients_of_the_scan_are_right():
    shapes = (2, 6, 3), (2, 6, 3), (2, 3)
    inputs = [torch.randn(shape, dtype=torch.double, requires_grad=True) for shape in shapes]
    assert torch.autograd.gradcheck(blend, inputs)


@pytest.mark.parametrize(("cell", "num_layers"), CELLS)
def test_candidates_are_as_large_as_the_lstm(cell, num_layers):
    config = ModelConfig(vocabulary_size=88, embedding_size=64, hidden_size=256)
    candidate = Candidate(cell, cell, num_layers)
    network = build(candidate, as_large(candidate, config))
    assert parameters(network) == pytest.approx(config.parameters, rel=0.05)


def test_the_mogrifier_learns_as_its_steps_would():
    network = network_of("mogrifier", 1)
    indices, state = torch.randint(30, (3, 9)), network.begin_state(3)
    gradients = []
    for whole in (True, False):
        network.zero_grad()
        outputs, carried = [], state
        if whole:
            outputs = [network.features(indices, state)[0].tanh()]
        else:
            for t in range(9):
                features, carried = network.step(indices[:, t], carried)
                outputs.append(features.tanh())
        sum(output.square().sum() for output in outputs).backward()
        gradients.append([weight.grad.clone() for weight in network.layers[0].parameters()])
    for found, wanted in zip(*gradients, strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)
