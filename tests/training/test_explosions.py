"""An exploding run goes on once from its best weights; nothing that is not finite is stored."""

import time
from dataclasses import replace

import pytest
import torch
from test_trainer import SMALL, trainer

from lyricist.errors import TrainingError
from lyricist.training.events import Remark
from lyricist.training.run_state import load_run, save_run

IDENTITY = {"corpus": "x", "recipe": {"name": "scratch"}}


class Killed(Exception):
    """Stands for the process dying."""


def poisoned(run, at):
    """Let the weights of a run be destroyed before the batches of these numbers."""
    step, count = run._step, iter(range(1_000_000))

    def poison_then_step(inputs, targets):
        if next(count) in at:
            with torch.no_grad():
                run.model.bias_q[3] = float("nan")
        return step(inputs, targets)

    run._step = poison_then_step
    return run


def all_finite(weights):
    return all(bool(tensor.isfinite().all()) for tensor in weights.values())


@pytest.mark.parametrize(
    "more", [{}, {"ema": 0.9}, {"schedule": "one-cycle"}, {"sampling": "random"}], ids=str
)
def test_an_exploding_run_goes_on_from_the_best_weights_at_a_lower_rate(more):
    events, rates = [], []
    recipe = replace(SMALL, epochs=4, patience=0, **more)
    run = poisoned(trainer(recipe, on_event=events.append), at={40})
    run.run(lambda epoch: rates.append((epoch.lr, epoch.held_out_perplexity)))
    remarks = [event.message for event in events if isinstance(event, Remark)]
    assert len(remarks) == 1 and "a tenth of the learning rate" in remarks[0]
    assert run.position.rollbacks == 1 and run.position.rate == pytest.approx(0.1)
    assert rates[-1][0] < 0.2 * recipe.lr
    assert rates[-1][1] < 10
    assert all_finite(run.model.state_dict()) and all_finite(run.best.weights)


def test_before_the_first_evaluation_it_goes_back_to_the_start():
    run = poisoned(trainer(replace(SMALL, epochs=3)), at={2})
    run.run()
    assert run.best.held_out_perplexity < 10 and all_finite(run.best.weights)


def test_the_second_explosion_ends_the_run_and_the_best_stays(tmp_path):
    run = poisoned(trainer(replace(SMALL, epochs=8, patience=0)), at={60, 75})
    file = tmp_path / "run.safetensors"
    with pytest.raises(TrainingError, match="did again") as caught:
        run.run(lambda epoch: save_run(file, run, IDENTITY))
    assert "--lr" in caught.value.mend
    assert run.best.held_out_perplexity < 10 and all_finite(run.best.weights)
    with pytest.raises(TrainingError, match="not finite"):
        save_run(file, poisoned_now(run), IDENTITY)
    load_run(file, trainer(replace(SMALL, epochs=8, patience=0)), IDENTITY)


def poisoned_now(run):
    with torch.no_grad():
        run.model.bias_q[3] = float("inf")
    return run


def test_weights_that_are_not_finite_are_never_the_best():
    run = trainer(SMALL)
    run.held_out = None
    run._step(*next(run._batches())[:2])
    assert not poisoned_now(run)._evaluate(time.perf_counter()).best
    assert not run.best.weights


@pytest.mark.parametrize("lr", [1e6, 1e30])
def test_an_absurd_rate_ends_in_an_error_before_anything_is_stored(lr):
    stored = []
    with pytest.raises(TrainingError, match="the loss became"):
        run = trainer(replace(SMALL, lr=lr, epochs=50))
        run.run(stored.append)
    assert not stored and all_finite(run.start)


def test_a_rollback_is_part_of_what_a_resumed_run_repeats(tmp_path):
    recipe = replace(SMALL, epochs=6, patience=0, evaluate_every=500)
    straight = poisoned(trainer(recipe), at={30})
    paths = [[], []]
    straight.run(lambda epoch: paths[0].append(epoch.held_out_perplexity))
    file = tmp_path / "run.safetensors"
    killed = poisoned(trainer(recipe), at={30})

    def save_then_die(epoch):
        paths[1].append(epoch.held_out_perplexity)
        save_run(file, killed, IDENTITY)
        if len(paths[1]) == 12:
            raise Killed

    with pytest.raises(Killed):
        killed.run(save_then_die)
    assert killed.position.rollbacks == 1
    resumed = trainer(recipe)
    load_run(file, resumed, IDENTITY)
    resumed.run(lambda epoch: paths[1].append(epoch.held_out_perplexity))
    assert paths[0] == paths[1]
