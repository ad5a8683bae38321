"""Cancelling waits for nothing, and what was cancelled resumes to the same bits."""

import time
from dataclasses import replace

import pytest
import torch
from test_trainer import SMALL, songs, trainer

from lyricist.network.model import CharRNN
from lyricist.training.evaluation import MeasuredSongs
from lyricist.training.recipes import Recipe
from lyricist.training.run_state import load_run, save_run
from lyricist.training.trainer import Trainer
from lyricist.training.worker import is_work_left_alone

IDENTITY = {"corpus": "x", "recipe": {"name": "scratch"}}


def copies(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def all_finite(weights):
    return all(bool(tensor.isfinite().all()) for tensor in weights.values())


def after_looks(number):
    """Something that says stop once it has been asked so often."""
    looks = iter(range(1_000_000))
    return lambda: next(looks) > number


@pytest.mark.parametrize(
    "more",
    [{}, {"sampling": "random"}, {"ema": 0.9, "schedule": "plateau"}, {"replay": 0.3}],
    ids=str,
)
def test_a_run_cancelled_anywhere_resumes_to_the_same_weights(tmp_path, more):
    recipe = replace(SMALL, epochs=4, patience=0, evaluate_every=700, **more)
    known = songs(20, seed=3) if recipe.replay else ()
    straight, path = trainer(recipe, replay=known), []
    straight.run(lambda epoch: path.append(epoch.held_out_perplexity))
    resumed_path, cancels = [], 0
    for attempt in range(40):
        file = tmp_path / "run.safetensors"
        # Each time a little further; also in the middle of evaluations and of batches.
        run = trainer(recipe, replay=known, should_stop=after_looks(23 + 5 * attempt))
        if file.exists():
            load_run(file, run, IDENTITY)
        reason = run.run(
            lambda epoch: resumed_path.append(epoch.held_out_perplexity),
            on_end=lambda run=run, file=file: save_run(file, run, IDENTITY),
        )
        if reason != "cancelled":
            break
        cancels += 1
        assert all_finite(run.best.weights)
    assert cancels > 2
    assert resumed_path == path
    for name, tensor in straight.model.state_dict().items():
        assert torch.equal(run.model.state_dict()[name], tensor)


def test_a_run_that_had_ended_does_not_go_on_when_it_is_resumed(tmp_path):
    file = tmp_path / "run.safetensors"
    recipe = replace(SMALL, epochs=3)
    run = trainer(recipe)
    run.run(on_end=lambda: save_run(file, run, IDENTITY))
    again = trainer(recipe)
    load_run(file, again, IDENTITY)
    assert again.run(lambda epoch: pytest.fail("it trained on")) == "epochs"
    for name, tensor in run.model.state_dict().items():
        assert torch.equal(again.model.state_dict()[name], tensor)


def test_cancelling_does_not_wait_for_a_batch_that_takes_long():
    recipe = Recipe("scratch", embedding_size=128, hidden_size=512, num_steps=256, batch_size=64)
    model = CharRNN(recipe.model_config(2000))
    stream = torch.randint(2, 2000, (64 * 256 * 2,)).tolist()
    began = time.perf_counter()
    run = Trainer(
        model, [stream], None, recipe, should_stop=lambda: time.perf_counter() - began > 0.2
    )
    before = copies(model)
    assert run.run() == "cancelled"
    seconds = time.perf_counter() - began
    print(f"cancelled after 0.2 s, {seconds - 0.2:.3f} s later it had ended")
    assert seconds < 5
    assert run.position.tokens == 0 and run.position.batch == 0
    for name, tensor in before.items():
        assert torch.equal(model.state_dict()[name], tensor)
    while is_work_left_alone():
        time.sleep(0.05)


def test_an_interrupted_evaluation_leaves_weights_and_average_as_they_were(monkeypatch):
    judged, learnt, ended = [], {}, {}
    run = trainer(replace(SMALL, ema=0.9), should_stop=lambda: len(judged) >= 3)
    run.held_out = MeasuredSongs(songs(300, seed=5), novelty=0.0)
    in_place = run.average.in_place

    def noted_in_place():
        learnt.update(copies(run.model))
        return in_place()

    monkeypatch.setattr(run.average, "in_place", noted_in_place)
    run.model.register_forward_pre_hook(
        lambda model, _: None if model.training else judged.append(copies(model))
    )
    assert run.run(on_end=lambda: ended.update(copies(run.model))) == "cancelled"
    # Stopped between two passes, before all songs were read.
    assert len(judged) == 3
    assert run.position.is_due and run.position.unjudged
    assert any(not torch.equal(judged[0][name], learnt[name]) for name in learnt)
    for name, tensor in learnt.items():
        assert torch.equal(ended[name], tensor)
