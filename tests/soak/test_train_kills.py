"""The short version of the long run."""

import os

import pytest

from soak.train_kills import soak


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts trainings by fork")
def test_killed_trainings_come_to_the_same_weights():
    outcome = soak(runs=2, seed=3, kinds=["new"])
    assert not outcome.losses
    assert outcome.runs == 2 and outcome.facts["resumed"] >= 1
