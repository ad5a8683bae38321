"""Full disks, damaged checkpoints and models that were written wrong."""

import contextlib
import os
import resource
from dataclasses import replace

import pytest
import torch
from test_trainer import SMALL, trainer

from lyricist.errors import ModelError, TrainingError
from lyricist.network.card import ModelCard
from lyricist.network.checkpoint import load_model, save_model
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.acceptance import check_written
from lyricist.training.events import Checkpoint, Remark
from lyricist.training.recipes import Recipe
from lyricist.training.reporter import Reporter
from lyricist.training.run_state import forget_run, load_run, save_run, stored_recipe

IDENTITY = {"corpus": "x", "recipe": {"name": "scratch"}}


@contextlib.contextmanager
def files_no_longer_than(size):
    """The disk is full: a real refusal of the kernel, for this process only."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def saved_twice(file):
    """A run with two checkpoints; returns its held-out path up to each."""
    recipe = replace(SMALL, epochs=3, patience=0)
    run, path = trainer(recipe), []

    def save(epoch):
        path.append(epoch.held_out_perplexity)
        if len(path) <= 2:
            save_run(file, run, IDENTITY)

    run.run(save)
    return recipe, path


DAMAGES = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "zeros": lambda data: bytes(len(data)),
    "one bit": lambda data: data[:-700] + bytes([data[-700] ^ 1]) + data[-699:],
    "foreign": lambda data: b"PK\x03\x04" + data,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint_falls_back_to_the_one_before(tmp_path, damage):
    file = tmp_path / "run.safetensors"
    recipe, path = saved_twice(file)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    resumed, rest = trainer(recipe), []
    remark = load_run(file, resumed, IDENTITY)
    assert "damaged" in remark and "one before" in remark
    assert stored_recipe(file) == {"name": "scratch"}
    resumed.run(lambda epoch: rest.append(epoch.held_out_perplexity))
    assert rest == path[1:]


def test_two_damaged_checkpoints_are_an_error_and_a_missing_newest_is_none(tmp_path):
    file = tmp_path / "run.safetensors"
    recipe, path = saved_twice(file)
    file.unlink()
    assert load_run(file, trainer(recipe), IDENTITY) == ""
    (tmp_path / "previous-run.safetensors").write_bytes(b"x")
    file.write_bytes(b"x")
    with pytest.raises(TrainingError, match="damaged"):
        load_run(file, trainer(recipe), IDENTITY)
    assert stored_recipe(file) is None


def test_a_full_disk_leaves_both_checkpoints_and_no_litter_and_the_run_goes_on(tmp_path):
    file = tmp_path / "run.safetensors"
    recipe, _ = saved_twice(file)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    run, events = trainer(recipe), []
    vocabulary = Vocabulary("abcdefghij")
    reporter = Reporter(
        run, vocabulary, (), 1, file, IDENTITY, events.append, should_stop=lambda: False
    )
    run._step(*next(run._batches())[:2])
    with files_no_longer_than(5_000):
        for _ in range(3):
            reporter.ended()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (remark,) = [event for event in events if isinstance(event, Remark)]
    assert "cannot be written" in remark.message and "free some space" in remark.message
    reporter.ended()
    assert isinstance(events[-1], Checkpoint)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "previous-run.safetensors",
        "run.safetensors",
    ]
    load_run(file, trainer(recipe), IDENTITY)


def test_what_a_kill_while_writing_left_is_removed(tmp_path):
    folder = tmp_path / "run"
    saved_twice(folder / "run.safetensors")
    (folder / ".lyricist-abc.tmp").write_bytes(b"half")
    saved_twice(folder / "run.safetensors")
    assert len(list(folder.iterdir())) == 2
    (folder / ".lyricist-abc.tmp").write_bytes(b"half")
    forget_run(folder / "run.safetensors")
    assert not folder.exists()


VOCABULARY = Vocabulary("abcdefgh")


def small_model():
    torch.manual_seed(0)
    return CharRNN(
        Recipe("scratch", embedding_size=8, hidden_size=16).model_config(len(VOCABULARY))
    )


def test_a_full_disk_keeps_the_old_model(tmp_path):
    save_model(tmp_path / "m", small_model(), VOCABULARY, ModelCard("m", {}, ""))
    before = {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()}
    with files_no_longer_than(1_000), pytest.raises(ModelError, match="cannot be written"):
        save_model(tmp_path / "m", small_model(), VOCABULARY, ModelCard("m", {}, ""))
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()} == before


def test_a_model_takes_its_place_only_once_it_reads_songs_as_the_trained_one_does(tmp_path):
    model = small_model()
    other = small_model()
    with torch.no_grad():
        other.bias_q[2:] += torch.linspace(-2, 2, len(VOCABULARY) - 2)
    songs = ["abcabdefgh" * 30]

    def check(written):
        check_written(written, other, VOCABULARY, 0.01, songs)

    card = ModelCard("m", {}, "", notes="right")
    save_model(tmp_path / "m", other, VOCABULARY, card, check=check)
    with pytest.raises(ModelError, match="as trained"):
        save_model(tmp_path / "m", model, VOCABULARY, ModelCard("m", {}, ""), check=check)
    assert load_model(tmp_path / "m")[2].notes == "right"
    assert os.listdir(tmp_path) == ["m"]
