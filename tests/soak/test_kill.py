"""A few rounds of the kill loop."""

from soak.kill import soak


def test_killed_three_times_nothing_is_lost_beyond_a_second():
    outcome = soak(3, 11)
    assert not outcome.losses
    assert outcome.facts["keys"] > 20
