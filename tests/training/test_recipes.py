"""Recipes fit the corpus, what is held out, and the time there is."""

import itertools

import pytest

from lyricist.training.events import Epoch
from lyricist.training.recipes import RECIPES, TUTORIAL, recipe_for
from lyricist.training.run import train
from lyricist.training.run_options import RunOptions


@pytest.mark.parametrize("name", RECIPES)
def test_every_size_has_a_network_that_can_be_built(name):
    sizes, distincts, budgets = (1, 900, 40_000, 4_000_000), (3, 6000), (None, 30.0, 3600.0)
    for characters, distinct, held_out, budget in itertools.product(
        sizes, distincts, (True, False), budgets
    ):
        recipe = recipe_for(name, characters, distinct, held_out, budget)
        assert recipe.name == name
        assert recipe.model_config(distinct + 2).parameters > 0


def test_the_tutorial_is_the_same_for_every_corpus():
    assert recipe_for("tutorial", 4_000_000, 90, False, 10.0) == TUTORIAL


def test_without_held_out_songs_a_short_corpus_is_learnt_by_heart():
    regularized, by_heart = (recipe_for("scratch", 10_000, 90, held) for held in (True, False))
    assert regularized.dropout_out > 0 and regularized.patience
    assert by_heart.dropout_in == by_heart.dropout_out == by_heart.weight_decay == 0
    assert by_heart.schedule == "one-cycle" and not by_heart.patience


def test_a_single_song_gets_the_recipe_that_learns_it_by_heart(tmp_path):
    path = tmp_path / "song.txt"
    lines = [f"{a} {b} over the {c}" for a in "abcde" for b in ("sun", "moon") for c in "xyz"]
    path.write_text("\n".join(lines * 3), encoding="utf-8")
    events = []
    train(RunOptions([str(path)]), events.append)
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert all(event.held_out_perplexity is None for event in epochs)
    assert epochs[-1].train_perplexity < 1.6 < epochs[0].train_perplexity
