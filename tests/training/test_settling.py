"""A new network is trained beside a fine-tuning only where it could win, in its share of time."""

from types import SimpleNamespace

import pytest

from lyricist.training.scratch_comparison import MAX_CHARACTERS
from lyricist.training.settling import Beside, plan_beside


def tuning(is_foreign=True, characters=50_000, held_out=("a song",)):
    return SimpleNamespace(is_foreign=is_foreign, characters=characters, held_out=held_out)


@pytest.mark.parametrize(
    ("found", "asked", "wanted"),
    [
        (tuning(), None, True),
        (tuning(is_foreign=False), None, False),
        (tuning(characters=MAX_CHARACTERS + 1), None, False),
        (tuning(is_foreign=False), True, True),
        (tuning(), False, False),
        (tuning(held_out=()), True, False),
    ],
)
def test_it_is_trained_where_it_could_win_or_is_asked_for(found, asked, wanted):
    assert plan_beside(found, asked, 100.0).wanted is wanted


def test_both_together_keep_to_the_time():
    both = Beside(True, 100.0)
    assert both.tuning_seconds + both.seconds_left(both.tuning_seconds) == 100.0
    assert both.seconds_left(10.0) == 90.0, "what the fine-tuning did not need is the other's"
    assert both.seconds_left(500.0) == 40.0
    assert Beside(False, 100.0).tuning_seconds == 100.0


def test_without_a_limit_neither_has_one():
    assert Beside(True, None).tuning_seconds is None
    assert Beside(True, None).seconds_left(10.0) is None
