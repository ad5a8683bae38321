"""Cached hidden states: an edit costs its own steps, and the state is always the right one."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lyricist.suggest.prefix_states import PrefixStates
from lyricist.text.vocabulary import BOUNDARY_INDEX

TEXTS = st.text(alphabet="ab c\n雨夜分☃", max_size=30)


@pytest.fixture
def states(decoder):
    return PrefixStates(decoder)


def from_scratch(decoder, indices):
    state = decoder.begin_state(1)
    log_probs = []
    for index in [BOUNDARY_INDEX, *indices]:
        log_probs.append(decoder.logits(state).log_softmax(-1)[0, index].item())
        state = decoder.step(torch.tensor([index]), state)
    scored = [lp for index, lp in zip(indices, log_probs[1:], strict=True) if index]
    return state, (sum(scored) / len(scored) if scored else None)


def test_typing_one_character_costs_one_step(states, vocabulary):
    text = "we are here\n我们在雨"
    for end in range(1, len(text) + 1):
        assert states.move_to(vocabulary.encode(text[:end])) == 1
    assert states.steps == len(text)


def test_backspace_and_moving_back_cost_nothing(states, vocabulary):
    text = vocabulary.encode("分开 ab cd ef")
    states.move_to(text)
    for end in range(len(text) - 1, -1, -1):
        assert states.move_to(text[:end]) == 0


def test_an_edit_in_the_middle_costs_what_follows_it(states, vocabulary):
    states.move_to(vocabulary.encode("abcdefgh"))
    assert states.move_to(vocabulary.encode("abcXefgh")) == 5


def test_a_paste_costs_its_length_and_undoing_it_nothing(states, vocabulary):
    states.move_to(vocabulary.encode("abc"))
    assert states.move_to(vocabulary.encode("abc" + "我们在" * 50)) == 150
    assert states.move_to(vocabulary.encode("abc")) == 0


@given(edits=st.lists(TEXTS, min_size=1, max_size=8))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_edits_state_and_score_equal_reading_from_scratch(decoder, vocabulary, edits):
    states = PrefixStates(decoder)
    for text in edits:
        indices = vocabulary.encode(text)
        states.move_to(indices)
        expected, mean = from_scratch(decoder, indices)
        torch.testing.assert_close(states.state, expected, atol=1e-5, rtol=1e-5)
        found = states.mean_log_prob()
        assert (found is None) == (mean is None)
        if mean is not None:
            assert found == pytest.approx(mean, abs=1e-4)


def test_an_abandoned_move_keeps_its_work(states, decoder, vocabulary):
    indices = vocabulary.encode("abcdefghij")
    answers = iter([False] * 4 + [True] * 10)
    assert states.move_to(indices, is_stale=lambda: next(answers)) is None
    assert len(states) == 4
    assert states.move_to(indices) == 6
    expected, _ = from_scratch(decoder, indices)
    torch.testing.assert_close(states.state, expected, atol=1e-5, rtol=1e-5)


def test_a_window_that_moves_on_keeps_its_states(states, vocabulary):
    text = vocabulary.encode("abcdefgh" * 40)
    states.move_to(text)
    assert states.move_to([*text[100:], 5], offset=100) == 1
    assert states.move_to(text[:50], offset=0) == 50


def test_another_document_at_a_later_offset_is_read_anew(states, vocabulary):
    states.move_to(vocabulary.encode("abcdefgh" * 40))
    other = vocabulary.encode("雨夜分开" * 30)
    assert states.move_to(other, offset=160) == len(other)
