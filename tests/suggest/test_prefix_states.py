"""Cached hidden states: few steps for any change, and the right state once there was time."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lyricist.network.decoder import begin_state
from lyricist.network.sampler import log_softmax
from lyricist.suggest.prefix_states import MAX_STEPS, PrefixStates
from lyricist.text.vocabulary import BOUNDARY_INDEX

ALPHABET = "ab c\n雨夜分☃"
LONG = st.text(alphabet=ALPHABET, min_size=0, max_size=200)
UNLIMITED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def states(decoder, vocabulary):
    return PrefixStates(decoder, vocabulary)


def never():
    return False


def from_scratch(decoder, vocabulary, text):
    state = begin_state(decoder.config)
    scored = []
    for index in [BOUNDARY_INDEX, *vocabulary.encode(text)]:
        scored.append(log_softmax(decoder.logits(state))[0, index])
        state = decoder.step(np.array([index]), state)
    known = [lp for lp, index in zip(scored[1:], vocabulary.encode(text), strict=True) if index]
    return state, (sum(known) / len(known) if known else None)


def assert_exact(states, decoder, vocabulary, text):
    expected, mean = from_scratch(decoder, vocabulary, text)
    np.testing.assert_allclose(states.state, expected, atol=1e-5, rtol=1e-5)
    found = states.mean_log_prob()
    assert (found is None) == (mean is None)
    if mean is not None:
        assert found == pytest.approx(mean, abs=1e-4)


def test_typing_one_character_costs_one_step(states):
    text = "we are here\n我们在雨" * 10
    for end in range(1, len(text) + 1):
        assert states.move_to(text[:end]) == 1
    assert states.steps == len(text)
    assert states.is_exact


def test_backspace_and_moving_back_cost_nothing(states):
    text = "分开 ab cd ef"
    states.move_to(text)
    for end in range(len(text) - 1, -1, -1):
        assert states.move_to(text[:end]) == 0


def test_moving_within_what_was_read_costs_nothing(states):
    text = "abc 我们在雨夜分开\n" * 20
    for end in range(1, len(text) + 1):
        states.move_to(text[:end])
    for end in (30, 200, 7, len(text), 0, len(text)):
        assert states.move_to(text[:end]) == 0
        assert states.is_exact


def test_an_edit_in_the_middle_costs_its_own_characters(states, decoder, vocabulary):
    text = "abcdefgh 我们在雨夜\n" * 20
    for end in range(1, len(text) + 1):
        states.move_to(text[:end])
    assert states.move_to(text[:100] + "X") == 1
    assert states.is_exact
    edited = text[:100] + "X" + text[100:]
    # At the end again: the states there are used as they are, and read anew when there is time.
    assert states.move_to(edited) == 0
    assert not states.is_exact
    assert states.move_to(edited + "a") == 1
    assert states.refine(never)
    assert_exact(states, decoder, vocabulary, edited + "a")


def test_deleting_in_the_middle_and_going_back_to_the_end(states, decoder, vocabulary):
    text = "".join(f"line {number} 我们在雨夜\n" for number in range(40))
    for end in range(1, len(text) + 1):
        states.move_to(text[:end])
    states.move_to(text[:90])
    edited = text[:90] + text[140:]
    assert states.move_to(edited) <= MAX_STEPS
    assert states.refine(never)
    assert_exact(states, decoder, vocabulary, edited)


def test_an_unknown_place_is_read_from_a_few_characters_before_it(states, decoder, vocabulary):
    text = "".join(f"line {number} 雨夜分开\n" for number in range(60))
    assert states.move_to(text) == MAX_STEPS
    expected, _ = from_scratch(decoder, vocabulary, text[-MAX_STEPS:])
    np.testing.assert_allclose(states.state, expected, atol=1e-5)
    assert not states.is_exact
    assert states.mean_log_prob() is not None
    assert states.refine(never)
    assert_exact(states, decoder, vocabulary, text)


@given(texts=st.lists(LONG, min_size=1, max_size=6))
@UNLIMITED
def test_any_texts_cost_few_steps_and_are_read_exactly_in_time(decoder, vocabulary, texts):
    states = PrefixStates(decoder, vocabulary)
    for text in texts:
        assert states.move_to(text) <= MAX_STEPS
        assert len(states) == len(text)
    assert states.refine(never)
    assert_exact(states, decoder, vocabulary, texts[-1])


@given(
    text=st.text(alphabet=ALPHABET, min_size=150, max_size=300),
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 90), st.text(alphabet=ALPHABET, max_size=90)),
        max_size=8,
    ),
    patience=st.integers(0, 40),
)
@UNLIMITED
def test_edits_anywhere_with_any_interruptions(decoder, vocabulary, text, edits, patience):
    states = PrefixStates(decoder, vocabulary)
    for place, deleted, inserted in edits:
        at = int(place * len(text))
        text = text[:at] + inserted + text[at + deleted :]
        for prefix in (text[: at + len(inserted)], text):
            left = iter([False] * patience)
            moved = states.move_to(prefix, lambda left=left: next(left, True))
            if moved is None:
                assert states.move_to(prefix) <= MAX_STEPS
        left = iter([False] * patience)
        states.refine(lambda left=left: next(left, True))
    assert states.move_to(text) <= MAX_STEPS
    assert states.refine(never)
    assert_exact(states, decoder, vocabulary, text)


def test_an_abandoned_move_keeps_its_work(states, decoder, vocabulary):
    answers = iter([False] * 4 + [True] * 10)
    assert states.move_to("abcdefghij", is_stale=lambda: next(answers)) is None
    assert len(states) == 4
    assert states.move_to("abcdefghij") == 6
    assert_exact(states, decoder, vocabulary, "abcdefghij")


def test_refining_stops_for_news_and_goes_on_later(states, decoder, vocabulary):
    text = "ab 雨夜分开\n" * 30
    states.move_to(text)
    answers = iter([False] * 5 + [True])
    before = states.steps
    assert not states.refine(lambda: next(answers))
    assert states.steps == before + 5
    assert states.refine(never)
    assert_exact(states, decoder, vocabulary, text)


def test_a_window_that_moves_on_keeps_its_states(states):
    text = "".join(f"line {number}\n" for number in range(60))
    for end in range(1, len(text) + 1):
        states.move_to(text[:end])
    assert states.move_to(text[100:] + "a") == 1
    assert states.is_exact
    # Back at the beginning nothing is left of it.
    assert states.move_to(text[:50]) == 50


def test_another_place_is_not_read_with_the_memory_of_the_old_one(states, decoder, vocabulary):
    text = "".join(f"line {number}\n" for number in range(60))
    for end in range(1, len(text) + 1):
        states.move_to(text[:end])
    states.move_to(text[100:])
    other = "雨夜分开" * 50
    assert states.move_to(other) <= MAX_STEPS
    assert states.refine(never)
    assert_exact(states, decoder, vocabulary, other)


def test_what_is_kept_is_bounded(states):
    text = "abcdefgh\n" * 300
    states.move_to(text[:1000])
    for start in range(0, len(text) - 1000, 9):
        states.move_to(text[start : start + 1000] + "x")
        states.move_to(text[start : start + 500])
    assert len(states._states) <= 1000 + 2048 + 2
