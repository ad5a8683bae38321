"""Drawing characters follows the distribution that the settings describe."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.network.sampler import draw, draw_distinct, log_prob_of, log_softmax

ROWS = 20_000


def described(logits, temperature, top_k, top_p):
    """The distribution by the textbook: sort, keep, renormalize."""
    weights = np.exp((logits - logits.max()) / temperature)
    if top_k:
        weights[weights < np.sort(weights)[-top_k]] = 0
    weights /= weights.sum()
    order = np.argsort(-weights)
    before = np.cumsum(weights[order]) - weights[order]
    weights[order[before >= top_p]] = 0
    return weights / weights.sum()


@pytest.mark.parametrize("size", [3, 64, 65, 300])
@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p"),
    [(1.0, 0, 1.0), (0.7, 0, 1.0), (1.0, 0, 0.6), (1.0, 2, 1.0), (1.5, 3, 0.8), (1.0, 0, 0.01)],
)
def test_draws_follow_the_described_distribution(size, temperature, top_k, top_p):
    random = np.random.default_rng(size)
    logits = random.standard_normal(size).astype(np.float32) * 2
    logits[1] = -np.inf
    drawn, log_probs = draw(np.tile(logits, (ROWS, 1)), temperature, top_k, top_p, random)
    np.testing.assert_allclose(log_probs, log_softmax(logits)[drawn], rtol=1e-4)
    shares = np.bincount(drawn, minlength=size) / ROWS
    wanted = described(logits.astype(float), temperature, top_k, top_p)
    assert shares[wanted == 0].sum() == 0
    # Half the absolute difference of two such samples is about the square root of size / rows.
    assert np.abs(shares - wanted).sum() / 2 < np.sqrt(size / ROWS) + 0.005


def test_greedy_takes_the_likeliest():
    logits = np.array([[0.0, 3.0, 1.0], [2.0, -np.inf, 1.0]], np.float32)
    assert draw(logits, temperature=0)[0].tolist() == [1, 0]
    assert draw(logits, top_k=1)[0].tolist() == [1, 0]


def test_rows_are_drawn_each_for_itself():
    logits = np.full((70, 70), -np.inf, np.float32)
    np.fill_diagonal(logits, -400.0)
    assert draw(logits, top_p=0.5)[0].tolist() == list(range(70))


@given(st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_what_has_no_probability_is_never_drawn(seed):
    random = np.random.default_rng(seed)
    logits = (random.standard_normal((4, 130)) * 30).astype(np.float32)
    logits[random.random((4, 130)) < 0.9] = -np.inf
    logits[:, 129] = -90.0
    drawn, _ = draw(logits, 1.0, 0, 0.9, random)
    assert np.isfinite(logits[np.arange(4), drawn]).all()


def test_log_probabilities_are_those_of_softmax():
    logits = np.array([[1.0, 2.0, 3.0, -np.inf], [1000.0, 0.0, 1000.0, 0.0]], np.float32)
    whole = log_softmax(logits)
    np.testing.assert_allclose(np.exp(whole).sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(whole[1, 0], np.log(0.5), rtol=1e-6)
    indices = np.array([2, 0])
    np.testing.assert_allclose(log_prob_of(logits, indices), whole[[0, 1], indices], rtol=1e-6)


def test_distinct_draws_begin_with_the_likeliest_and_repeat_none():
    logits = np.log(np.array([0.05, 0.4, 0.25, 0.2, 0.1]))
    random = np.random.default_rng(0)
    indices, log_probs = draw_distinct(logits, 4, 1.0, 0, 1.0, random)
    assert indices[0] == 1 and len(set(indices.tolist())) == 4
    assert log_probs == pytest.approx(logits[indices])


def test_distinct_draws_keep_to_what_is_likely_and_then_repeat():
    logits = np.log(np.array([0.9, 0.0999, 0.00005, 0.00005]))
    indices, _ = draw_distinct(logits, 6, 1.0, 0, 0.5, np.random.default_rng(0))
    assert set(indices.tolist()) == {0, 1}
    only, _ = draw_distinct(logits, 6, 1.0, 1, 1.0, np.random.default_rng(0))
    assert set(only.tolist()) == {0}


def test_distinct_draws_come_as_often_as_they_are_likely():
    logits = np.log(np.array([0.5, 0.3, 0.15, 0.05]))
    random = np.random.default_rng(1)
    seconds = [draw_distinct(logits, 2, 1.0, 0, 1.0, random)[0][1] for _ in range(2000)]
    shares = np.bincount(seconds, minlength=4) / 2000
    assert shares == pytest.approx([0, 0.6, 0.3, 0.1], abs=0.04)
