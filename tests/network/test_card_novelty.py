"""A card says how often its model meets unknown characters; an old card as best can be."""

import pytest

from lyricist.network.card import ModelCard


def novelty(training=(), corpora=()):
    return ModelCard("m", {}, "\n", training=dict(training), corpora=list(corpora)).novelty


def test_what_the_training_found_is_stated():
    assert novelty({"novelty": 0.003}, [{"characters": 50}]) == 0.003


@pytest.mark.parametrize("stated", [None, "much", 0, 1.0, -0.1, float("nan")])
def test_an_old_or_absurd_card_counts_as_one_new_character_in_its_corpus(stated):
    corpora = [{"name": "a"}, {"characters": 40_000}, {"characters": "many"}, "text"]
    assert novelty({"novelty": stated}, corpora) == 1 / 40_000


def test_without_any_numbers_it_is_small_and_not_zero():
    assert 0 < novelty() < 0.001
