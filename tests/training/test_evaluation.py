"""Perplexity is exp of the mean cost, whatever the batching, and unknown characters cost too."""

import math

import pytest
import torch

from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.text.score import perplexity
from lyricist.text.spelling import Spelling
from lyricist.text.vocabulary import BOUNDARY_INDEX, Vocabulary
from lyricist.training.evaluation import MeasuredSongs, evaluate_songs


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return CharRNN(ModelConfig(20, hidden_size=16, embedding_size=8)).eval()


SONGS = MeasuredSongs([[2, 3, 4, 5, 6], [7, 8], [9] * 31, [10, 11, 12]], novelty=0.0)


def test_uniform_predictions_have_the_vocabulary_size_as_perplexity():
    uniform = CharRNN(ModelConfig(37, hidden_size=8, embedding_size=8))
    with torch.no_grad():
        for parameter in uniform.parameters():
            parameter.zero_()
    assert evaluate_songs(uniform, SONGS).perplexity == pytest.approx(37, rel=1e-5)


def test_perplexity_equals_a_character_by_character_computation(model):
    nats = 0.0
    for song in SONGS.songs:
        state = model.begin_state(1)
        previous = BOUNDARY_INDEX
        for index in song:
            logits, state = model(torch.tensor([[previous]]), state)
            nats -= logits[0, 0].log_softmax(-1)[index].item()
            previous = index
    count = sum(len(song) for song in SONGS.songs)
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


def log_probs(model, indices):
    """One character after the other, from the boundary on."""
    state, previous, found = model.begin_state(1), BOUNDARY_INDEX, []
    for index in indices:
        logits, state = model(torch.tensor([[previous]]), state)
        found.append(logits[0, 0].log_softmax(-1)[index].item())
        previous = index
    return found


def test_unknown_characters_cost_their_spelling_and_known_ones_the_share_kept_for_them(model):
    vocabulary = Vocabulary("\nabcdefghijklmnopq")
    texts, spelling = ["ab雪c\n雪é", "dd"], Spelling(0.01)
    wanted = 0.0
    for text in texts:
        found = log_probs(model, vocabulary.encode(text))
        for log_prob, character in zip(found, text, strict=True):
            if character in vocabulary:
                wanted -= spelling.known(log_prob)
            else:
                wanted -= spelling.unknown(log_prob, character)
    result = evaluate_songs(model, MeasuredSongs.of(texts, vocabulary, 0.01))
    assert (result.characters, result.unknown) == (9, 3)
    assert result.nats == pytest.approx(wanted, rel=1e-5)


def test_not_knowing_a_character_is_no_way_to_a_lower_perplexity():
    torch.manual_seed(0)
    text = "雪" * 40
    ignorant, knowing = Vocabulary("\na"), Vocabulary("\na雪")
    scores = [
        evaluate_songs(
            CharRNN(ModelConfig(len(v), hidden_size=8, embedding_size=8)),
            MeasuredSongs.of([text], v, 1e-3),
        ).perplexity
        for v in (ignorant, knowing)
    ]
    assert scores[0] > 10 * scores[1]


def test_without_boundary_the_first_character_is_context_only(model):
    vocabulary = Vocabulary("\nabc")
    songs = MeasuredSongs.of(["雪ab", "abc"], vocabulary, 0.01, starts_with_boundary=False)
    result = evaluate_songs(model, songs)
    assert (result.characters, result.unknown, songs.spelling_nats) == (4, 0, 0.0)


def test_nothing_scored_is_infinitely_perplexing(model):
    assert perplexity(0.0, 0) == math.inf
    assert evaluate_songs(model, MeasuredSongs([], 0.0)).perplexity == math.inf
