"""Counting characters is a model like any other."""

import math

import pytest

from lyricist.text.spelling import spelling_nats
from lyricist.training.unigram import unigram_perplexity


def test_a_character_is_as_likely_as_it_is_frequent():
    found = unigram_perplexity(["aaab" * 250], ["ab"])
    assert found == pytest.approx(math.exp(-(math.log(0.75) + math.log(0.25)) / 2), rel=0.01)


def test_a_new_character_is_spelled():
    novelty = 1 / 1001
    found = unigram_perplexity(["ab" * 500], ["é"])
    assert found == pytest.approx(math.exp(spelling_nats("é") - math.log(novelty)), rel=1e-6)


def test_nothing_to_read_is_infinitely_perplexing():
    assert unigram_perplexity(["ab"], []) == math.inf
