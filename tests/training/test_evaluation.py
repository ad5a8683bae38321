"""Perplexity is exp of the mean cross-entropy, whatever the batching."""

import math

import pytest
import torch

from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX
from lyricist.training.evaluation import evaluate_songs, perplexity


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return CharRNN(ModelConfig(20, hidden_size=16, embedding_size=8)).eval()


SONGS = [[2, 3, 4, 5, 6], [7, 8], [9] * 31, [10, 11, 12]]


def test_uniform_predictions_have_the_vocabulary_size_as_perplexity():
    uniform = CharRNN(ModelConfig(37, hidden_size=8, embedding_size=8))
    with torch.no_grad():
        for parameter in uniform.parameters():
            parameter.zero_()
    assert evaluate_songs(uniform, SONGS).perplexity == pytest.approx(37, rel=1e-5)


def test_perplexity_equals_a_character_by_character_computation(model):
    nats = 0.0
    for song in SONGS:
        state = model.begin_state(1)
        previous = BOUNDARY_INDEX
        for index in song:
            logits, state = model(torch.tensor([[previous]]), state)
            nats -= logits[0, 0].log_softmax(-1)[index].item()
            previous = index
    count = sum(len(song) for song in SONGS)
    result = evaluate_songs(model, SONGS)
    assert result.characters == count
    assert result.perplexity == pytest.approx(math.exp(nats / count), rel=1e-4)
    assert result.bits_per_character == pytest.approx(nats / count / math.log(2), rel=1e-4)


@pytest.mark.parametrize(("batch_size", "num_steps"), [(1, 1), (2, 3), (4, 7), (32, 1000)])
def test_batching_and_chunking_change_nothing(model, batch_size, num_steps):
    reference = evaluate_songs(model, SONGS)
    other = evaluate_songs(model, SONGS, batch_size, num_steps)
    assert other.characters == reference.characters
    assert other.nats == pytest.approx(reference.nats, rel=1e-5)


def test_unknown_characters_are_counted_and_not_scored(model):
    result = evaluate_songs(model, [[2, UNKNOWN_INDEX, 3, UNKNOWN_INDEX]])
    assert (result.characters, result.unknown) == (2, 2)


def test_without_boundary_the_first_character_is_context_only(model):
    assert evaluate_songs(model, [[2, 3, 4]], start_with_boundary=False).characters == 2


def test_nothing_scored_is_infinitely_perplexing(model):
    assert perplexity(0.0, 0) == math.inf
    assert evaluate_songs(model, []).perplexity == math.inf
