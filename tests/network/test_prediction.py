"""Predicting from a prefix, and drawing characters."""

import numpy as np
import pytest
import torch

from lyricist.errors import LyricistError, UsageError
from lyricist.network.config import ModelConfig
from lyricist.network.decoder import begin_state, mask_specials
from lyricist.network.model import CharRNN
from lyricist.network.prediction import predict
from lyricist.network.torch_decoder import TorchDecoder
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX, Vocabulary

VOCABULARY = Vocabulary("\nabcdefgh分开")


@pytest.fixture(scope="module")
def decoder():
    torch.manual_seed(5)
    model = CharRNN(ModelConfig(len(VOCABULARY), hidden_size=32, embedding_size=16))
    with torch.no_grad():
        # Left to itself this network would propose nothing but the two special indices.
        model.bias_q[UNKNOWN_INDEX] = model.bias_q[BOUNDARY_INDEX] = 50.0
    return TorchDecoder(model.eval())


def test_greedy_prediction_takes_the_likeliest_character_each_time(decoder):
    text = predict(decoder, VOCABULARY, "ab", length=12, temperature=0)[0].text
    state = begin_state(decoder.config)
    for index in [BOUNDARY_INDEX, *VOCABULARY.encode("ab")]:
        state = decoder.step(np.array([index]), state)
    for character in text:
        logits = mask_specials(decoder.logits(state))
        index = int(logits.argmax())
        assert VOCABULARY.decode([index]) == character
        state = decoder.step(np.array([index]), state)


def test_same_seed_same_text_other_seed_other_text(decoder):
    texts = [predict(decoder, VOCABULARY, "ab", 40, seed=s)[0].text for s in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_unknown_and_boundary_are_never_proposed(decoder):
    for prediction in predict(decoder, VOCABULARY, "ab", length=200, count=4, seed=0):
        assert len(prediction.text) == 200


def test_unknown_characters_in_a_prefix_are_fed_and_harmless(decoder):
    plain = predict(decoder, VOCABULARY, "ab", 20, temperature=0)[0].text
    spoiled = predict(decoder, VOCABULARY, "a\x00☃b", 20, temperature=0)[0]
    assert len(spoiled.text) == 20
    assert spoiled.text != plain or spoiled.log_prob != 0


def test_candidates_come_best_first(decoder):
    means = [p.log_prob for p in predict(decoder, VOCABULARY, "ab", 20, count=6, seed=0)]
    assert means == sorted(means, reverse=True)


def test_impossible_requests_say_so(decoder):
    with pytest.raises(UsageError, match="prefix is empty"):
        predict(decoder, VOCABULARY, "")
    with pytest.raises(LyricistError, match="none of the prefix"):
        predict(decoder, VOCABULARY, "雪☃")
    for bad in ({"temperature": -1}, {"top_p": 0}, {"top_k": -2}, {"length": 0}):
        with pytest.raises(UsageError):
            predict(decoder, VOCABULARY, "a", **bad)
