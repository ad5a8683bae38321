"""3,000 random byte strings are opened and saved."""

from soak.exact_bytes import soak


def test_random_bytes_come_back_and_one_character_more_is_only_that():
    outcome = soak(3000, 1)
    assert outcome.losses == ()
    assert outcome.facts["opened"] > 1500
