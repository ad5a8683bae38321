"""Lines drawn in one batch from a mixture, also with characters that the network lacks."""

import numpy as np
import pytest

from lyricist.network.decoder import begin_state, mask_specials
from lyricist.suggest.adaptive import AdaptiveModel
from lyricist.suggest.alphabet import Alphabet
from lyricist.suggest.following import follow_scores, what_follows
from lyricist.suggest.line_drawing import LineDrawing
from lyricist.suggest.mixed_logits import mixed_logits, network_probabilities
from lyricist.suggest.protocol import SamplingSettings


def start(decoder):
    state = begin_state(decoder.config)
    return state, mask_specials(decoder.logits(state))


def read(text: str) -> AdaptiveModel:
    model = AdaptiveModel()
    model.move_to(text, lambda position: 0.01)
    return model


def test_mixed_logits_are_the_mixtures_probabilities(decoder, vocabulary):
    model = read("分开雪\n分开雪\n分开")
    alphabet = Alphabet(vocabulary, model.text)
    _, logits = start(decoder)
    network = network_probabilities(logits)
    mixture = model.mixture()
    mixed = np.exp(mixed_logits(network.repeat(2, axis=0), [mixture, mixture], alphabet))
    assert mixed.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    for character in "分雪a":
        index = alphabet.index(character)
        own = float(network[0, index]) if index < network.shape[1] else 0.0
        assert mixed[1, index] == pytest.approx(mixture.probability(character, own), rel=1e-4)


def test_a_character_that_the_network_lacks_is_proposed_from_the_song(decoder, vocabulary):
    model = read("分开雪花\n" * 6 + "分开")
    alphabet = Alphabet(vocabulary, model.text)
    state, logits = start(decoder)
    sampling = SamplingSettings(count=3, temperature=0.5, max_length=4)
    drawing = LineDrawing(decoder, alphabet, model, sampling, np.random.default_rng(0))
    first = drawing.draw(state, logits, lambda: False)[0]
    assert first.text == "雪花" and first.ended
    assert first.mean_sources().song > 0.8


def test_lines_begin_differently_while_there_are_likely_characters(decoder, vocabulary):
    state, logits = start(decoder)
    sampling = SamplingSettings(count=8, temperature=1.0, top_p=1.0, max_length=1)
    drawing = LineDrawing(decoder, Alphabet(vocabulary), None, sampling, np.random.default_rng(0))
    lines = drawing.draw(state, logits, lambda: False)
    assert len({line.text for line in lines}) == 8
    assert all(len(line.text) <= 1 and line.text != "\n" for line in lines)


def test_what_follows_is_the_rest_of_the_line_or_the_next_line():
    assert what_follows("雨里\n下一行") == "雨里"
    assert what_follows("\n\n下一行\n再下") == "\n下一行"
    assert what_follows("  \n\n") == what_follows("") == ""


def test_follow_scores_equal_those_of_each_line_by_itself(decoder, vocabulary):
    state, _ = start(decoder)
    lines = ["分开", "雨夜我们在", "a"]
    together = follow_scores(decoder, vocabulary, state, lines, "\n我们")
    alone = [follow_scores(decoder, vocabulary, state, [line], "\n我们")[0] for line in lines]
    assert together == pytest.approx(alone, abs=1e-4)
    assert len(set(np.round(together, 6))) == 3
