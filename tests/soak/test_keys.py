"""A short day of typing with a service that is killed; the long one is `python -m tests.soak`."""

import sys

import pytest

from soak.keys import soak
from soak.processes import Sample


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_every_key_lands_while_a_training_runs_and_the_service_is_killed():
    outcome = soak(160, seed=3, kill_every=2.0)
    assert outcome.losses == ()
    assert outcome.facts["kills"] >= 1


def test_growth_is_a_loss():
    young = Sample(80.0, 200.0, 20, 5, 2, 0)
    assert Sample(100.0, 220.0, 22, 5, 2, 0).losses_since(young, 30, 2) == []
    old = Sample(120.0, 200.0, 40, 9, 5, 1)
    assert len(old.losses_since(young, 30, 2)) == 5
