"""The short version of the long run."""

from soak.train_cancel import soak

SMALL = ("--hidden-size", "256", "--batch-size", "64", "--num-steps", "128", "--threads", "1")


def test_a_cancelled_training_says_so_at_once():
    outcome = soak(runs=2, seed=5, settings=SMALL)
    print(outcome.line("train_cancel", 0))
    assert not outcome.losses
