"""Candidates: one line each, distinct, ranked, stable while the writer types along."""

import math

import numpy as np
import pytest
import torch

from lyricist.network.decoder import mask_specials
from lyricist.network.sampler import log_softmax
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.protocol import Request, SamplingSettings
from lyricist.suggest.suffix_index import SuffixIndex


@pytest.fixture
def engine(decoder, vocabulary):
    return SuggestionEngine(decoder, vocabulary)


def ask(engine, prefix, revision=1, adapt=True, **settings):
    sampling = SamplingSettings(**{"seed": 3, "temperature": 1.0, "top_p": 1.0, **settings})
    return engine.answer(Request(revision, prefix, sampling, asked=True, adapt=adapt))


def test_candidates_are_distinct_single_lines(engine):
    answer = ask(engine, "我们在", count=5)
    texts = [candidate.text for candidate in answer.candidates]
    assert len(texts) == len(set(texts)) == 5
    assert all(text.strip() and "\n" not in text for text in texts)
    means = [candidate.log_prob for candidate in answer.candidates]
    assert all(mean < 0 for mean in means)


def test_a_seed_makes_candidates_reproducible(decoder, vocabulary):
    answers = [ask(SuggestionEngine(decoder, vocabulary), "ab") for _ in range(2)]
    assert answers[0].candidates == answers[1].candidates
    assert ask(SuggestionEngine(decoder, vocabulary), "ab", seed=4).candidates != (
        answers[0].candidates
    )


def test_greedy_gives_the_one_likeliest_line(engine, decoder, vocabulary):
    answer = ask(engine, "ab", temperature=0, max_length=6)
    assert len(answer.candidates) == 1
    first = answer.candidates[0].text[0]
    best = next(n for n in answer.next_characters if n.character != "\n")
    assert first == best.character


def test_log_prob_is_the_mean_over_the_drawn_characters(engine, decoder, vocabulary):
    answer = ask(engine, "ab", count=3, max_length=200, adapt=False)
    candidate = next(c for c in answer.candidates if c.text == c.text.strip())
    state = engine.states.state
    logits = mask_specials(decoder.logits(state))
    logits[:, vocabulary.newline_index] = -np.inf
    total = 0.0
    drawn = vocabulary.encode(candidate.text + "\n")
    for index in drawn:
        total += log_softmax(logits)[0, index].item()
        state = decoder.step(np.array([index]), state)
        logits = mask_specials(decoder.logits(state))
    assert candidate.log_prob == pytest.approx(total / len(drawn), abs=1e-4)


def test_what_the_writer_types_along_stays_first(engine):
    first = ask(engine, "ab").candidates[0].text
    follow = ask(engine, "ab" + first[0], revision=2, seed=99)
    assert follow.candidates[0].text == first[1:].rstrip()
    assert follow.steps == 1


def test_next_characters_are_probabilities_of_real_characters(engine):
    shown = ask(engine, "ab").next_characters
    assert len(shown) == 10
    assert all(len(n.character) == 1 and 0 < n.probability < 1 for n in shown)
    values = [n.probability for n in shown]
    assert values == sorted(values, reverse=True)
    assert sum(values) < 1


def test_perplexity_of_the_song_is_shown_and_none_without_text(engine):
    assert ask(engine, "").perplexity is None
    assert ask(engine, "ab").perplexity == pytest.approx(
        math.exp(-engine.states.mean_log_prob()), rel=1e-6
    )


def test_an_unknown_prefix_gives_no_candidates_and_no_crash(engine):
    answer = ask(engine, "☃☃雪")
    assert answer.candidates == ()
    assert answer.perplexity is None


def test_a_superseded_request_is_abandoned(engine):
    request = Request(1, "abcdef", SamplingSettings())
    assert engine.answer(request, is_stale=lambda: True) is None
    calls = iter(range(1000))
    assert engine.answer(request, is_stale=lambda: next(calls) > 8) is None


def test_a_finished_line_is_left_alone_until_asked(decoder, vocabulary, model):
    bias = model.bias_q.detach().clone()
    try:
        with torch.no_grad():
            model.bias_q[vocabulary.newline_index] = 40.0
        engine = SuggestionEngine(decoder, vocabulary)
        quiet = engine.answer(Request(1, "ab", SamplingSettings()))
        assert quiet.line_complete
        assert quiet.candidates == ()
        assert engine.answer(Request(2, "ab", SamplingSettings(), asked=True)).candidates
        assert engine.answer(Request(3, "ab\n", SamplingSettings())).candidates
    finally:
        with torch.no_grad():
            model.bias_q.copy_(bias)


VERSE = "分开雨夜\n我们在\n"


def test_a_line_of_the_song_is_proposed_again_and_said_to_come_from_it(engine):
    answer = ask(engine, VERSE * 4 + "分开", temperature=0.5)
    first = answer.candidates[0]
    assert first.text == "雨夜" and first.confidence > 0.5
    assert first.sources.song > 0.8
    assert sum((first.sources.network, first.sources.writer, first.sources.song)) == pytest.approx(
        1
    )
    assert answer.next_characters[0].character == "雨"


def test_without_adaptation_the_song_teaches_nothing(engine):
    answer = ask(engine, VERSE * 4 + "分开", temperature=0.5, adapt=False)
    assert all(candidate.sources.network == 1 for candidate in answer.candidates)
    assert answer.candidates[0].confidence < 0.5


def test_a_deleted_verse_is_no_longer_proposed(engine, decoder, vocabulary):
    ask(engine, VERSE * 4 + "分开")
    found = ask(engine, "分开")
    fresh = ask(SuggestionEngine(decoder, vocabulary), "分开")
    assert found.candidates == fresh.candidates
    assert found.next_characters == fresh.next_characters


def test_a_character_that_the_network_lacks_comes_from_the_song(engine):
    answer = ask(engine, "ab雪花\n" * 6 + "ab", temperature=0.5)
    assert answer.candidates[0].text == "雪花"


def test_what_stands_behind_the_cursor_counts(engine):
    sampling = SamplingSettings(seed=3, temperature=0.5)
    without = engine.answer(Request(1, "ab\n分", sampling, asked=True))
    suffix = "\n" + "分开雨夜\n" * 5
    known = engine.answer(Request(2, "ab\n分", sampling, asked=True, suffix=suffix))
    assert without.candidates[0].text != "开雨夜"
    assert known.candidates[0].text == "开雨夜"


def test_the_writers_other_songs_are_proposed(engine):
    engine.know_songs(SuffixIndex("分开雨夜我们在\n" * 5))
    first = ask(engine, "分开雨", temperature=0.5).candidates[0]
    assert first.text == "夜我们在" and first.sources.writer > 0.8


def test_lines_are_no_longer_than_those_of_the_song(engine):
    answer = ask(engine, "ab\n" * 5, max_length=200, adapt=False)
    assert max(len(candidate.text) for candidate in answer.candidates) <= 12
