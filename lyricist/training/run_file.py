"""The file of an unfinished run, checked against its trainer before a tensor is read.

Another program may have written it: names, shapes, types and places have to be those that this
trainer would write, so that nothing larger is ever allocated.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from lyricist.errors import ModelError
from lyricist.network.weights_file import places, read_header
from lyricist.text.sources import open_regular_file
from lyricist.training.position import Position
from lyricist.training.trainer import Trainer

# Six tensors for each of the model's, and what the run belongs to: prefixes, names, a recipe.
_MAX_HEADER_BYTES = 4_000_000
_ITEM_BYTES = {"F32": 4, "I64": 8, "U8": 1}
_LARGEST = 2**63
_MOMENTS = ("exp_avg", "exp_avg_sq", "momentum_buffer")


def check_run_file(path: Path, trainer: Trainer) -> None:
    """Make sure that `path` holds what `trainer` would have written.

    Raises:
        OSError: If it cannot be read.
        ValueError: If anything in it is not as it should be.
    """
    try:
        with open_regular_file(path) as file:
            header = read_header(file, "it", _MAX_HEADER_BYTES)
            shapes = _required(trainer)
            optional = _optional(trainer)
            shapes |= {n: shape for n, shape in optional.items() if n in header.tensors}
            for tensor in places(header, "it", shapes, _ITEM_BYTES):
                if tensor.dtype != _type(tensor.name):
                    raise ValueError(f"tensor {tensor.name} is of the wrong type")
    except ModelError as error:
        raise ValueError(error.cause) from error
    kept = [name for name in header.tensors if name.startswith("best.")]
    if len(kept) not in (0, len(trainer.model.state_dict())):
        raise ValueError("some of its best weights are missing")
    _check_position(json.loads(header.metadata.get("position", "null")))


def _required(trainer: Trainer) -> dict[str, tuple[int, ...]]:
    shapes = {f"model.{name}": shape for name, shape in _weights(trainer).items()}
    shapes["random"] = tuple(torch.get_rng_state().shape)
    if trainer.average is not None:
        shapes |= {f"average.{name}": shape for name, shape in _weights(trainer).items()}
        shapes["average_steps"] = ()
    return shapes


def _optional(trainer: Trainer) -> dict[str, tuple[int, ...]]:
    """What is there only after the first step, or evaluation."""
    shapes = {f"best.{name}": shape for name, shape in _weights(trainer).items()}
    groups = trainer.optimizer.param_groups
    for key, parameter in enumerate(p for group in groups for p in group["params"]):
        shapes[f"optimizer.{key}.step"] = ()
        shapes |= {f"optimizer.{key}.{name}": tuple(parameter.shape) for name in _MOMENTS}
    state = trainer.model.begin_state(trainer.own_rows + trainer.replay_rows)
    shapes["state"] = tuple(state.shape)
    return shapes


def _weights(trainer: Trainer) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in trainer.model.state_dict().items()}


def _type(name: str) -> str:
    return {"random": "U8", "average_steps": "I64"}.get(name, "F32")


def _check_position(found: Any) -> None:
    """Where the run stands: numbers of the kinds that they have at its start, none below 0."""
    begin = {field.name: field.default for field in fields(Position)}
    if not isinstance(found, dict) or not set(found) <= set(begin):
        raise ValueError("it does not say where it stands")
    for name, value in found.items():
        kinds = (int, float) if isinstance(begin[name], float) else (type(begin[name]),)
        if type(value) not in kinds:
            raise ValueError(f"its {name} is of the wrong kind")
        if isinstance(value, int | float) and not 0 <= value < _LARGEST:
            raise ValueError(f"its {name} is no count")
