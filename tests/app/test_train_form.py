import shlex

import click
import pytest

from lyricist.app.train_form import (
    TrainForm,
    last_line,
    parse_prefixes,
    suggested_name,
    train_command,
)
from lyricist.cli.train import parse_time, train
from lyricist.errors import UsageError
from lyricist.text.cleaning import Cleaning

FORM = TrainForm(corpus=("/songs",), name="my-songs", base="zh", recipe="finetune")


def options_of(form):
    """What the real command line understands of the command for `form`."""
    command = train_command(form, program=("lyricist",))
    assert command[:2] == ["lyricist", "train"]
    return train.make_context("train", command[2:]).params


def test_the_command_line_understands_every_field():
    form = TrainForm(
        corpus=("/songs", "/more songs/[Hook].txt"),
        name="new one",
        base="zh",
        recipe="finetune",
        device="cpu",
        time_budget=" 2m ",
        prefixes=("夜里", "the last train"),
        resume=True,
        clean=True,
        script="simplified",
    )
    options = options_of(form)
    assert options["corpus"] == ("/songs", "/more songs/[Hook].txt")
    assert options["name"] == "new-one"
    assert (options["base"], options["from_scratch"]) == ("zh", False)
    assert (options["recipe"], options["device"]) == ("finetune", "cpu")
    assert parse_time(options["time_budget"]) == 120
    assert options["prefixes"] == ("夜里", "the last train")
    assert options["sample_every"] == 1
    assert options["resume"] and options["as_json"]
    assert (options["clean"], options["script"]) == (True, "simplified")
    assert form.cleaning == Cleaning(boilerplate=True, script="simplified")


def test_without_a_base_it_starts_from_scratch():
    options = options_of(TrainForm(corpus=("/songs",), name="x", recipe="scratch"))
    assert (options["base"], options["from_scratch"]) == (None, True)
    assert options["time_budget"] is None
    assert not options["resume"]
    assert (options["clean"], options["script"]) == (False, "keep")


def test_texts_that_begin_with_a_dash_are_no_options():
    form = TrainForm(corpus=("--name=x", "-"), name="y", prefixes=("--resume", "-rf"))
    options = options_of(form)
    assert options["corpus"] == ("--name=x", "-")
    assert options["prefixes"] == ("--resume", "-rf")
    assert options["name"] == "y" and not options["resume"]


def test_a_shell_would_read_the_command_back_unchanged():
    command = train_command(FORM)
    assert shlex.split(shlex.join(command)) == command


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"corpus": ()}, "no songs"),
        ({"name": "  ...  "}, "cannot name"),
        ({"base": None}, "finetune"),
        ({"recipe": "tutorial"}, "finetune"),
        ({"recipe": "magic"}, "magic"),
        ({"time_budget": "soon"}, "soon"),
        ({"time_budget": "0s"}, "0s"),
        ({"time_budget": "-5m"}, "-5m"),
    ],
)
def test_what_cannot_be_is_refused_with_cause_and_mend(change, cause):
    with pytest.raises(UsageError, match=cause) as caught:
        train_command(TrainForm(**{**FORM.__dict__, **change}))
    assert caught.value.mend


@pytest.mark.parametrize("text", ["90", "90s", "2m", "1.5h", "5 min", "0.5m", "10S"])
def test_every_time_that_is_let_through_is_one_for_the_command_line(text):
    options = options_of(TrainForm(**{**FORM.__dict__, "time_budget": text}))
    assert parse_time(options["time_budget"]) > 0


def test_prefixes_are_separated_by_bars():
    assert parse_prefixes(" 夜里 | the last train||夜里 ") == ("夜里", "the last train")
    assert parse_prefixes("  ") == ()
    assert len(parse_prefixes("|".join("abcdefgh"))) == 5


def test_the_last_line_is_one_that_is_sung():
    assert last_line("[Verse]\n夜里风停了\n我还在等\n\n[Chorus]\n  \n") == "我还在等"
    assert last_line("") == ""
    assert last_line("[Hook]") == ""


@pytest.mark.parametrize(
    ("paths", "taken", "name"),
    [
        (["/a/my songs"], [], "my-songs"),
        (["/a/夜.txt"], [], "夜"),
        (["/a/x.txt", "/a/y.txt"], [], "a"),
        (["/a/x.txt", "/b/y.txt"], [], "my-songs"),
        (["/a/x.txt"], ["x", "x-2"], "x-3"),
        (["/"], [], "my-songs"),
        ([], [], "my-songs"),
        (["/a/\x1b]0;x\x07.txt"], [], "0-x"),
    ],
)
def test_the_name_follows_the_songs_and_is_free(paths, taken, name):
    assert suggested_name(paths, taken) == name


def test_the_recipes_and_devices_offered_are_those_of_the_command_line():
    from lyricist.app.train_form import RECIPES
    from lyricist.app.widgets.train_form_view import DEVICES
    from lyricist.text.script import SCRIPTS

    choices = {p.name: p.type for p in train.params if isinstance(p.type, click.Choice)}
    assert set(RECIPES) == set(choices["recipe"].choices)
    assert set(DEVICES) == set(choices["device"].choices)
    assert set(SCRIPTS) == set(choices["script"].choices)
