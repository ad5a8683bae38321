"""A run's checkpoint that somebody else has written: refused before a tensor is read."""

import json
import struct

import pytest
import torch
from small_model import safetensors

from lyricist.errors import TrainingError
from lyricist.network.model import CharRNN
from lyricist.training.recipes import Recipe
from lyricist.training.run_file import check_run_file
from lyricist.training.run_state import load_run, save_run
from lyricist.training.trainer import Trainer

SMALL = Recipe(
    "scratch", embedding_size=4, hidden_size=6, tied=False, num_steps=4, batch_size=2, epochs=1
)
IDENTITY = {"corpus": "x"}


def trainer(**changes):
    torch.manual_seed(0)
    recipe = Recipe(**{**vars(SMALL), **changes})
    return Trainer(CharRNN(recipe.model_config(7)), [[2, 3, 4, 5, 6] * 4] * 3, None, recipe)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "run" / "run.safetensors"
    run = trainer()
    run.run()
    save_run(path, run, IDENTITY)
    return path


def parts(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


@pytest.mark.parametrize("changes", [{}, {"ema": 0.9}, {"optimizer": "sgd", "lr": 0.5}])
@pytest.mark.parametrize("has_run", [True, False])
def test_what_a_trainer_writes_is_taken_back(tmp_path, changes, has_run):
    run = trainer(**changes)
    if has_run:
        run.run()
    path = tmp_path / "run.safetensors"
    save_run(path, run, IDENTITY)
    check_run_file(path, trainer(**changes))
    load_run(path, trainer(**changes), IDENTITY)


def end_of(header):
    return max(t["data_offsets"][1] for n, t in header.items() if n != "__metadata__")


def one_more(header, body, name="x", dtype="F32", shape=(2,)):
    end = end_of(header)
    added = {"dtype": dtype, "shape": list(shape), "data_offsets": [end, end + 8]}
    return safetensors({**header, name: added}, body + bytes(8))


def without(header, body, name):
    """The same file without one tensor, closed up."""
    gone = header.pop(name)["data_offsets"]
    size = gone[1] - gone[0]
    for key, tensor in header.items():
        if key != "__metadata__" and tensor["data_offsets"][0] >= gone[1]:
            tensor["data_offsets"] = [offset - size for offset in tensor["data_offsets"]]
    return safetensors(header, body[: gone[0]] + body[gone[1] :])


def stating(header, body, **fields):
    position = json.loads(header["__metadata__"]["position"])
    header["__metadata__"]["position"] = json.dumps({**position, **fields})
    return safetensors(header, body)


def reshaped(header, body, name, shape):
    header[name]["shape"] = shape
    return safetensors(header, body)


def retyped(header, body, name, dtype):
    header[name]["dtype"] = dtype
    return safetensors(header, body)


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        (one_more, {}),
        (one_more, {"name": "../../etc/x"}),
        (one_more, {"name": "model.more"}),
        (one_more, {"name": "optimizer.99.exp_avg"}),
        (one_more, {"name": "optimizer.0.more", "shape": (2,)}),
        (one_more, {"name": "best.../x"}),
        (without, {"name": "random"}),
        (without, {"name": "model.bias_q"}),
        (without, {"name": "best.bias_q"}),
        (reshaped, {"name": "model.bias_q", "shape": [1, 7]}),
        (reshaped, {"name": "model.bias_q", "shape": [10**12]}),
        (reshaped, {"name": "random", "shape": [1] * 5000}),
        (retyped, {"name": "random", "dtype": "I8"}),
        (retyped, {"name": "model.bias_q", "dtype": "I32"}),
        (stating, {"batch": -1}),
        (stating, {"batch": 10**30}),
        (stating, {"epoch": 1.5}),
        (stating, {"tokens": "9"}),
        (stating, {"seconds": float("nan")}),
        (stating, {"lr": None}),
        (stating, {"surprise": 1}),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)[:60]),
)
def test_anything_else_is_refused(file, change, arguments):
    file.write_bytes(change(*parts(file), **arguments))
    with pytest.raises(TrainingError, match="damaged"):
        load_run(file, trainer(), IDENTITY)


def test_a_run_of_another_size_or_with_an_average_is_refused_as_damaged(file):
    for changes in ({"hidden_size": 7}, {"ema": 0.5}, {"num_layers": 2}):
        with pytest.raises(TrainingError, match="damaged"):
            load_run(file, trainer(**changes), IDENTITY)


def test_a_cut_or_longer_file_is_refused(file):
    data = file.read_bytes()
    for kept in (0, 7, 8, 100, len(data) - 1):
        file.write_bytes(data[:kept])
        with pytest.raises(TrainingError, match="damaged"):
            load_run(file, trainer(), IDENTITY)
    file.write_bytes(data + b"x")
    with pytest.raises(TrainingError, match="damaged"):
        load_run(file, trainer(), IDENTITY)
