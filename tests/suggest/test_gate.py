"""When ghost text is worth showing: at first by confidence, then by what the writer took."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.library.settings import EAGERNESS, Settings
from lyricist.suggest.gate import EDGES, THRESHOLDS, Gate

PROBABILITIES = st.floats(0, 1)


def test_there_is_a_threshold_for_every_eagerness_in_their_order():
    assert set(THRESHOLDS) == set(EAGERNESS)
    assert Settings().eagerness in THRESHOLDS
    assert THRESHOLDS["quiet"] > THRESHOLDS["normal"] > THRESHOLDS["eager"] == 0


@given(PROBABILITIES)
def test_before_anything_was_shown_the_confidence_is_what_is_expected(confidence):
    assert Gate().expected(confidence) == pytest.approx(confidence)


@pytest.mark.parametrize(
    ("confidence", "shown_by"),
    [
        (0.0, ("eager",)),
        (0.01, ("eager",)),
        (0.05, ("eager", "normal")),
        (0.2, ("eager", "normal")),
        (0.6, ("eager", "normal", "quiet")),
    ],
)
def test_normal_hides_what_is_hopeless_and_quiet_all_that_is_not_likely(confidence, shown_by):
    gate = Gate()
    assert {e for e in THRESHOLDS if gate.lets_through(confidence, e)} == set(shown_by)


def test_the_confidence_has_the_weight_of_twenty_showings():
    gate = Gate()
    for _ in range(20):
        gate.count(0.4, taken=False)
    assert gate.expected(0.4) == pytest.approx(0.2)


def test_what_is_always_passed_over_is_hidden_and_what_is_taken_comes_back():
    gate = Gate()
    for _ in range(60):
        gate.count(0.06, taken=False)
    assert not gate.lets_through(0.06, "normal")
    assert gate.lets_through(0.15, "normal"), "another bin has its own counts"
    for _ in range(5):
        gate.count(0.06, taken=True)
    assert gate.lets_through(0.06, "normal")


def test_a_writer_who_takes_unlikely_words_is_shown_them_even_when_quiet():
    gate = Gate()
    for _ in range(30):
        gate.count(0.1, taken=True)
    assert gate.lets_through(0.1, "quiet")


def test_no_bin_is_silent_for_ever():
    gate = Gate()
    for _ in range(100):
        gate.count(0.1, taken=False)
    hidden = 0
    while not gate.lets_through(0.1, "normal"):
        gate.hid(0.1)
        hidden += 1
    assert 10 < hidden < 300


def test_habits_of_long_ago_give_way():
    gate = Gate()
    for _ in range(5000):
        gate.count(0.1, taken=False)
    for _ in range(400):
        gate.count(0.1, taken=True)
    assert gate.expected(0.1) > 0.5


def test_counts_come_back_and_are_added():
    first = Gate()
    first.count(0.3, taken=True)
    second = Gate(first.counts)
    assert second.counts == first.counts
    second.add(first.counts)
    assert sum(shown for shown, _ in second.counts) == 2


@pytest.mark.parametrize("counts", [(), ((1.0, 1.0),), ((9.0, 3.0),) * 40])
def test_counts_of_other_bins_are_left_out(counts):
    assert Gate(counts).counts == Gate().counts


@given(
    st.lists(st.tuples(st.floats(), st.sampled_from(["taken", "passed", "hid"])), max_size=300),
    st.floats(),
)
def test_whatever_happens_expectations_are_probabilities_and_memory_is_bounded(events, confidence):
    gate = Gate()
    for seen, event in events:
        if event == "hid":
            gate.hid(seen)
        else:
            gate.count(seen, event == "taken")
    assert 0 <= gate.expected(confidence) <= 1
    assert len(gate.counts) == len(EDGES) + 1
    assert all(0 <= taken <= shown <= 400 for shown, taken in gate.counts)
    assert gate.lets_through(confidence, "eager")


def test_what_is_no_number_is_no_confidence():
    assert Gate().expected(math.nan) == 0
