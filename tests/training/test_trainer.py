"""The loop: it learns, carries state, keeps the best, stops, resumes."""

import random
from dataclasses import replace

import pytest
import torch
from machine import trains_in_bf16

from lyricist.errors import DeviceError, TrainingError
from lyricist.network.model import CharRNN
from lyricist.training.evaluation import MeasuredSongs, evaluate_songs
from lyricist.training.events import Epoch
from lyricist.training.precision import choose_precision
from lyricist.training.recipes import Recipe
from lyricist.training.run_state import load_run, save_run
from lyricist.training.trainer import Trainer, join_songs

SMALL = Recipe(
    "scratch",
    embedding_size=16,
    hidden_size=32,
    tied=False,
    num_steps=16,
    batch_size=8,
    epochs=12,
    dropout_out=0.1,
    lr=1e-2,
)


def songs(count=40, seed=0):
    """Songs over ten characters in which each character mostly decides the next."""
    source = random.Random(seed)
    result = []
    for _ in range(count):
        song = [source.randrange(2, 12)]
        while len(song) < 60:
            song.append(
                (song[-1] - 1) % 10 + 2 if source.random() < 0.9 else source.randrange(2, 12)
            )
        result.append(song)
    return result


def trainer(recipe=SMALL, seed=0, **arguments):
    torch.manual_seed(seed)
    model = CharRNN(recipe.model_config(12))
    held_out = MeasuredSongs(songs(6, seed=9), novelty=0.0)
    return Trainer(model, songs(), held_out, recipe, seed=seed, **arguments)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("sampling", ["random", "consecutive"])
@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_every_combination_learns(cell, sampling, optimizer):
    lr = 1.0 if optimizer == "sgd" else 1e-2
    recipe = replace(SMALL, cell=cell, sampling=sampling, optimizer=optimizer, lr=lr)
    events = []
    run = trainer(recipe, on_event=events.append)
    run.run()
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert epochs[-1].held_out_perplexity < 0.5 * 10
    assert run.best.held_out_perplexity == min(e.held_out_perplexity for e in epochs)
    assert all(e.train_perplexity > 1 and e.tokens_per_second > 0 for e in epochs)


def test_consecutive_sampling_carries_a_detached_state_and_random_resets_it():
    carried = trainer(replace(SMALL, sampling="consecutive"))
    begun = []
    original = carried.model.begin_state
    carried.model.begin_state = lambda n: begun.append(n) or original(n)
    batches = carried._batches()
    for _ in range(3):
        carried._step(*next(batches)[:2])
        assert carried.state is not None and not carried.state.requires_grad
    assert len(begun) == 1
    fresh = trainer(replace(SMALL, sampling="random"))
    begun.clear()
    original = fresh.model.begin_state
    fresh.model.begin_state = lambda n: begun.append(n) or original(n)
    batches = fresh._batches()
    for _ in range(3):
        fresh._step(*next(batches)[:2])
    assert len(begun) == 3


def test_stops_by_itself_when_held_out_perplexity_no_longer_falls():
    recipe = replace(SMALL, epochs=400, hidden_size=64, lr=2e-2, dropout_out=0.0)
    run = trainer(recipe)
    assert run.run() == "early_stop"
    assert run.position.epoch < 399


def test_the_best_weights_are_the_ones_kept():
    run = trainer(replace(SMALL, lr=0.5, schedule="constant", patience=4))
    run.run()
    for name, tensor in run.model.state_dict().items():
        assert torch.equal(tensor, run.best.weights[name])


def test_a_time_budget_ends_the_run():
    assert trainer(replace(SMALL, epochs=100_000, patience=0), time_budget=0.3).run() == (
        "time_budget"
    )


@pytest.mark.parametrize("schedule", ["plateau", "one-cycle"])
def test_the_learning_rate_has_come_down_when_the_time_is_up(schedule):
    recipe = replace(SMALL, schedule=schedule, epochs=100_000, patience=0)
    events = []
    trainer(recipe, time_budget=1.0, on_event=events.append).run()
    rates = [event.lr for event in events if isinstance(event, Epoch)]
    assert max(rates) > 0.3 * recipe.lr
    assert rates[-1] < 0.1 * max(rates)


def test_cancelling_keeps_what_was_learnt():
    calls = iter(range(1_000_000))
    run = trainer(replace(SMALL, epochs=1000, patience=0), should_stop=lambda: next(calls) > 30)
    assert run.run() == "cancelled"
    assert run.best.weights


def test_a_diverging_run_ends_with_cause_and_mend():
    recipe = replace(SMALL, cell="rnn", activation="relu", optimizer="sgd", lr=1e9, clip=0)
    with pytest.raises(TrainingError, match="loss became") as caught:
        trainer(recipe).run()
    assert "--lr" in caught.value.mend


class Killed(Exception):
    """Stands for the process dying."""


@pytest.mark.parametrize(
    "more",
    [
        {"sampling": "random"},
        {"sampling": "consecutive"},
        {"ema": 0.9},
        {"ema": 0.9, "schedule": "plateau", "lr": 0.1},
        {"replay": 0.3, "anchor": 0.5, "schedule": "one-cycle"},
    ],
    ids=str,
)
def test_a_killed_run_resumes_to_the_same_weights(tmp_path, more):
    recipe = replace(SMALL, **{"epochs": 5, "evaluate_every": 500, "patience": 0, **more})
    known = songs(20, seed=3) if recipe.replay else ()
    straight = trainer(recipe, replay=known)
    path_of_straight = []
    straight.run(lambda e: path_of_straight.append(e.held_out_perplexity))

    evaluations = iter(range(1000))
    file = tmp_path / "run" / "run.safetensors"
    killed = trainer(recipe, replay=known)

    def save_then_die(event):
        save_run(file, killed, {"corpus": "x"})
        if next(evaluations) == 4:
            raise Killed

    with pytest.raises(Killed):
        killed.run(save_then_die)
    resumed = trainer(recipe, replay=known)
    load_run(file, resumed, {"corpus": "x"})
    path_of_resumed = []
    resumed.run(lambda e: path_of_resumed.append(e.held_out_perplexity))
    assert path_of_resumed == path_of_straight[5:]
    for name, tensor in straight.model.state_dict().items():
        assert torch.equal(resumed.model.state_dict()[name], tensor)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_run_is_the_same_twice_in_either_precision(precision):
    if precision == "bf16" and not trains_in_bf16():
        with pytest.raises(DeviceError, match="does not train in bf16"):
            choose_precision("bf16", SMALL, torch.device("cpu"))
        return
    recipe = replace(SMALL, epochs=2)
    runs = []
    for _ in range(2):
        run = trainer(recipe, precision=precision)
        run.run()
        runs.append(run.model.state_dict())
    for name, tensor in runs[0].items():
        assert tensor.dtype == torch.float32
        assert torch.equal(runs[1][name], tensor)


def test_resuming_another_run_or_a_damaged_one_is_refused(tmp_path):
    file = tmp_path / "run.safetensors"
    with pytest.raises(TrainingError, match="no unfinished run"):
        load_run(file, trainer(), {})
    save_run(file, trainer(), {"corpus": "x"})
    with pytest.raises(TrainingError, match="another corpus"):
        load_run(file, trainer(), {"corpus": "y"})
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(TrainingError, match="damaged"):
        load_run(file, trainer(), {"corpus": "x"})


def test_songs_are_joined_with_boundaries_only_where_wanted():
    assert join_songs([[2, 3], [4]], True).tolist() == [1, 2, 3, 1, 4, 1]
    assert join_songs([[2, 3], [4]], False).tolist() == [2, 3, 4]


def test_the_average_is_what_is_evaluated_and_kept():
    run = trainer(replace(SMALL, ema=0.95, epochs=3, lr=0.05))
    seen = []

    def look(event):
        if event.best:
            with run.average.in_place():
                score = evaluate_songs(run.model, run.held_out).perplexity
            seen.append((event.held_out_perplexity, score))
            assert torch.equal(run.best.weights["bias_q"], run.average.weights["bias_q"])
            assert not torch.equal(run.best.weights["bias_q"], run.model.bias_q)

    run.run(look)
    assert seen and all(told == pytest.approx(score, rel=1e-5) for told, score in seen)


def test_a_share_of_every_batch_is_replayed_and_the_epoch_still_covers_the_songs():
    known = [[12] * 50 for _ in range(40)]
    recipe = replace(SMALL, replay=0.25, random_offset=False, epochs=1)
    torch.manual_seed(0)
    model = CharRNN(recipe.model_config(13))
    run = Trainer(model, songs(), None, recipe, replay=known)
    inputs = [batch[0] for batch in run._batches()]
    assert all(batch.shape == (8, 16) for batch in inputs)
    assert all((batch[6:] != 12).float().mean() < 0.1 for batch in inputs)
    own = torch.cat([batch[:6].flatten() for batch in inputs])
    assert not (own == 12).any()
    assert len(own) > 0.9 * len(run.stream)
    assert run.tokens_per_epoch == 8 * 16 * len(inputs)


def test_a_strong_anchor_keeps_the_weights_where_they_were():
    moved = []
    for anchor in (0.0, 50.0):
        run = trainer(replace(SMALL, anchor=anchor, epochs=2, weight_decay=0.0))
        start = run.model.layers[0].weight_hh.detach().clone()
        run.run()
        moved.append((run.model.layers[0].weight_hh.detach() - start).norm().item())
    assert 0 < moved[1] < 0.5 * moved[0]
