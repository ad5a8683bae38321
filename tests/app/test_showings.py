"""What counts as taken and what as passed over."""

import pytest

from lyricist.app.showings import Showings
from lyricist.suggest.gate import Gate


class Writer:
    """A gate, and a clock that the test moves."""

    def __init__(self, eagerness="normal"):
        self.now = 100.0
        self.gate = Gate()
        self.showings = Showings(self.gate, eagerness, clock=lambda: self.now)

    def see(self, confidence=0.4, asked=False, seconds=2.0):
        self.showings.begin(confidence, seen=True, asked=asked)
        self.now += seconds

    @property
    def counted(self):
        """(shown, taken) over all bins."""
        return tuple(map(sum, zip(*self.gate.counts, strict=True)))


def test_taking_counts_once_however_much_is_taken():
    writer = Writer()
    writer.see(seconds=0.01)
    writer.showings.taken()
    writer.showings.taken()
    writer.showings.passed()
    assert writer.counted == (1, 1)


def test_passing_over_counts_once():
    writer = Writer()
    writer.see()
    writer.showings.passed()
    writer.showings.passed()
    assert writer.counted == (1, 0)


def test_typing_something_else_is_passing_over():
    writer = Writer()
    writer.see()
    writer.showings.typed("x", "there")
    assert writer.counted == (1, 0)


def test_what_nobody_had_time_to_read_is_not_passed_over():
    writer = Writer()
    writer.see(seconds=0.2)
    writer.showings.typed("x", "there")
    writer.see(seconds=0.2)
    writer.showings.passed()
    assert writer.counted == (0, 0)
    writer.see(seconds=0.2)
    writer.showings.passed(surely=True)
    assert writer.counted == (1, 0), "but Escape says so"


@pytest.mark.parametrize(
    ("ghost", "keys", "taken"),
    [
        ("there my friend", "there", 1),
        ("there my friend", "ther", 0),
        (" my friend", " m", 0),
        (" my friend", " my", 1),
        ("don't go", "don", 0),
        ("don't go", "don't", 1),
        ("雨夜里", "雨", 0),
        ("雨夜里", "雨夜", 1),
        ("雨 我", "雨", 1),
        ("ok", "ok", 1),
        ("!", "!", 1),
    ],
)
def test_typing_its_first_word_by_hand_is_taking_and_less_is_not(ghost, keys, taken):
    writer = Writer()
    writer.see()
    left = ghost
    for key in keys:
        writer.showings.typed(key, left)
        left = left[1:]
    writer.showings.passed()
    assert writer.counted == (1, taken)


def test_what_was_asked_for_is_not_counted():
    writer = Writer()
    writer.see(0.001, asked=True)
    writer.showings.taken()
    writer.see(0.001, asked=True)
    writer.showings.passed()
    assert writer.counted == (0, 0)


def test_a_hidden_one_counts_only_if_it_is_taken_all_the_same():
    writer = Writer()
    writer.showings.begin(0.01, seen=False, asked=False)
    writer.now += 5
    writer.showings.typed("x", "")
    assert writer.counted == (0, 0)
    writer.showings.begin(0.01, seen=False, asked=False)
    writer.showings.taken()
    assert writer.counted == (1, 1)
    assert writer.showings.is_worth(0.01), "it would have been worth showing"


def test_hiding_lets_the_gate_forget_slowly_but_not_what_had_no_room():
    writer = Writer("quiet")
    for _ in range(10):
        writer.see(0.1)
        writer.showings.passed()
    writer.showings.begin(0.1, seen=False, asked=False)
    assert 9 < writer.counted[0] < 10
    before = writer.counted
    writer.showings.begin(0.9, seen=False, asked=False)
    assert writer.counted == before


def test_each_counts_at_its_own_confidence():
    writer = Writer()
    writer.see(0.9)
    writer.showings.taken()
    writer.see(0.1)
    writer.showings.passed()
    assert writer.gate.expected(0.9) > 0.9
    assert writer.gate.expected(0.1) < 0.1


def test_the_eagerness_is_asked_each_time():
    writer = Writer("quiet")
    assert not writer.showings.is_worth(0.2)
    writer.showings.eagerness = "eager"
    assert writer.showings.is_worth(0.0)
