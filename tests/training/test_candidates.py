"""The best of all is kept, and nothing that forgets too much or is worse than the base."""

import math

import pytest
import torch

from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.candidates import Candidate, Yardstick, best_of, first_songs

VOCABULARY = Vocabulary("\nabc")
NETWORK = CharRNN(ModelConfig(len(VOCABULARY), hidden_size=4, embedding_size=4))


def candidate(kind, held_out, known=None, alpha=None):
    return Candidate(kind, NETWORK, VOCABULARY, 1e-3, held_out, known, alpha)


BASE = candidate("base", 10.0, 5.0)


@pytest.mark.parametrize(
    ("others", "kept"),
    [
        ([], BASE),
        ([candidate("tuned", 8.0, 5.1), candidate("tuned", 9.0, 5.0)], ("tuned", 8.0)),
        ([candidate("tuned", 8.0, 5.3), candidate("tuned", 9.0, 5.2)], ("tuned", 9.0)),
        ([candidate("tuned", 8.0, 5.3)], BASE),
        ([candidate("tuned", 10.0, 5.0)], BASE),
        ([candidate("tuned", 9.99, 5.0)], BASE),
        ([candidate("tuned", math.inf, 5.0)], BASE),
        ([candidate("tuned", 9.0, 5.0), candidate("scratch", 7.0, 80.0)], ("scratch", 7.0)),
        ([candidate("tuned", 6.0, 5.0), candidate("scratch", 7.0, 80.0)], ("tuned", 6.0)),
    ],
)
def test_the_lowest_perplexity_that_forgets_little_enough_wins(others, kept):
    found = best_of(BASE, others)
    wanted = kept if isinstance(kept, tuple) else (kept.kind, kept.held_out_perplexity)
    assert (found.kind, found.held_out_perplexity) == wanted


def test_who_may_forget_takes_the_best():
    assert best_of(BASE, [candidate("tuned", 8.0, 50.0)], math.inf).held_out_perplexity == 8.0


def test_without_held_out_songs_the_most_learnt_that_forgets_little_is_kept():
    base = candidate("base", None, 5.0)
    others = [candidate("tuned", None, 5.0 + a, alpha=a) for a in (0.1, 0.2, 0.3)]
    assert best_of(base, others).alpha == 0.2
    assert best_of(base, others[2:]) is base


def test_the_first_songs_are_enough_to_measure_on():
    assert first_songs(["abc", "defg", "hi"], 4) == ["abc", "defg"]
    assert first_songs(["abc"], 1000) == ["abc"]
    assert first_songs([], 10) == []


def test_a_yardstick_measures_what_there_is():
    torch.manual_seed(0)
    found = Yardstick(["abc"], []).measured("tuned", NETWORK, VOCABULARY, 1e-3)
    assert found.held_out_perplexity > 1 and found.known_perplexity is None
    assert found.forgets(BASE) == 0.0
