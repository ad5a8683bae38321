"""A training run on disk: everything needed to go on after a kill, in one safetensors file.

Weights, the best and the averaged ones, optimizer moments, carried hidden state and the random
state are tensors; the position is JSON in the metadata. Batches follow from the seed and the
position. The checkpoint before the newest is kept too, for the case that the newest is damaged.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from lyricist.errors import TrainingError
from lyricist.library.atomic import TEMPORARY_PREFIX, write_bytes
from lyricist.library.paths import private_folder
from lyricist.new_files import sync_folder
from lyricist.text.display import visible
from lyricist.training.position import Best, Position
from lyricist.training.run_file import check_run_file
from lyricist.training.trainer import Trainer

_UNREADABLE = (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError)


class _Stored(NamedTuple):
    metadata: dict[str, str]
    tensors: dict[str, Tensor]


def save_run(path: Path, trainer: Trainer, identity: dict[str, Any]) -> None:
    """Write the trainer's whole state to `path` atomically; what was there becomes the one before.

    Args:
        identity: What must be equal for the run to be resumed (corpus hash, recipe, base, seed).

    Raises:
        TrainingError: If the disk refuses or a number is not finite; both old ones stay then.
    """
    tensors = {name: tensor.contiguous() for name, tensor in _tensors(trainer).items()}
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise TrainingError(f"the checkpoint is not written: {name} is not finite")
    metadata = {
        "identity": json.dumps(identity, sort_keys=True),
        "position": json.dumps(asdict(trainer.position)),
        "best": json.dumps(trainer.best.as_dict()),
        "sha256": _digest(tensors),
    }
    newer = path.with_name(f"next-{path.name}")
    try:
        private_folder(path.parent)
        _remove_temporaries(path.parent)
        write_bytes(newer, save(tensors, metadata))
        if path.is_file():
            os.replace(path, _previous(path))
        os.replace(newer, path)
        sync_folder(path.parent)
    except OSError as error:
        raise TrainingError(
            f"the checkpoint cannot be written to {visible(str(path))} ({error.strerror or error})",
            "free some space",
        ) from error


def load_run(path: Path, trainer: Trainer, identity: dict[str, Any]) -> str:
    """Put the state in `path`, or in the one before, back into a trainer made with the same
    arguments.

    Returns:
        A remark for the writer where the newest is damaged, empty otherwise.

    Raises:
        TrainingError: If there is none, all are damaged, or it belongs to another run.
    """
    files = [file for file in (path, _previous(path)) if file.is_file()]
    if not files:
        raise TrainingError(
            f"there is no unfinished run at {visible(repr(path.parent.name))}",
            "start it without --resume",
        )
    remark = ""
    for file in files:
        try:
            check_run_file(file, trainer)
            stored = _read(file)
            if json.loads(stored.metadata["identity"]) != json.loads(json.dumps(identity)):
                raise TrainingError(
                    "the unfinished run used another corpus, recipe, base or seed",
                    "give the same options, or start anew without --resume",
                )
            _put_back(trainer, stored)
            return remark
        except _UNREADABLE as error:
            problem = visible(str(error))
            remark = f"the newest checkpoint is damaged ({problem}): on from the one before it"
    raise TrainingError(
        f"the checkpoint {visible(str(path))} is damaged ({problem})",
        "start anew without --resume",
    )


def stored_recipe(path: Path) -> dict[str, Any] | None:
    """Return the recipe of the run at `path` as plain fields, None if it cannot be read."""
    for file in (path, _previous(path)):
        try:
            with safe_open(file, "pt") as opened:
                recipe = json.loads(opened.metadata()["identity"])["recipe"]
        except (*_UNREADABLE, AttributeError):
            continue
        if isinstance(recipe, dict):
            return recipe
    return None


def forget_run(path: Path) -> None:
    """Remove a finished run's checkpoints, if they are there and the disk lets us."""
    with contextlib.suppress(OSError):
        for file in (path, _previous(path), path.with_name(f"next-{path.name}")):
            file.unlink(missing_ok=True)
        _remove_temporaries(path.parent)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            os.rmdir(path.parent)


def _previous(path: Path) -> Path:
    return path.with_name(f"previous-{path.name}")


def _remove_temporaries(folder: Path) -> None:
    """A run killed while it wrote has left one behind."""
    for file in folder.glob(f"{TEMPORARY_PREFIX}*"):
        file.unlink(missing_ok=True)


def _tensors(trainer: Trainer) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for name, tensor in trainer.model.state_dict().items():
        tensors[f"model.{name}"] = tensor.detach().cpu()
    for name, tensor in trainer.best.weights.items():
        tensors[f"best.{name}"] = tensor
    if trainer.average is not None:
        for name, tensor in trainer.average.weights.items():
            tensors[f"average.{name}"] = tensor.detach().cpu()
        tensors["average_steps"] = torch.tensor(trainer.average.steps)
    for key, moments in trainer.optimizer.state_dict()["state"].items():
        for name, value in moments.items():
            tensors[f"optimizer.{key}.{name}"] = torch.as_tensor(value).detach().cpu()
    if trainer.state is not None:
        tensors["state"] = trainer.state.cpu()
    # A batch that is given up has drawn numbers already.
    tensors["random"] = torch.get_rng_state() if trainer.random is None else trainer.random
    return tensors


def _digest(tensors: dict[str, Tensor]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].numpy().data)
    return digest.hexdigest()


def _read(file: Path) -> _Stored:
    with safe_open(file, "pt") as opened:
        metadata = opened.metadata() or {}
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    if _digest(tensors) != metadata["sha256"]:
        raise ValueError("its content has changed")
    return _Stored(metadata, tensors)


def _put_back(trainer: Trainer, stored: _Stored) -> None:
    metadata, tensors = stored
    trainer.model.load_state_dict(_section(tensors, "model."))
    trainer.best = Best(**_restored(json.loads(metadata["best"])))
    trainer.best.weights = _section(tensors, "best.")
    if trainer.average is not None:
        for name, tensor in _section(tensors, "average.").items():
            trainer.average.weights[name].copy_(tensor)
        trainer.average.steps = int(tensors["average_steps"])
    trainer.position = Position(**json.loads(metadata["position"]))
    trainer.state = tensors.get("state")
    if trainer.state is not None:
        trainer.state = trainer.state.to(trainer.model.device)
    _restore_optimizer(trainer.optimizer, _section(tensors, "optimizer."))
    torch.set_rng_state(tensors["random"])


def _section(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def _restored(best: dict[str, Any]) -> dict[str, Any]:
    if best["train_perplexity"] is None:
        best["train_perplexity"] = float("inf")
    return best


def _restore_optimizer(optimizer: torch.optim.Optimizer, moments: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in moments.items():
        key, _, field = name.partition(".")
        state.setdefault(int(key), {})[field] = tensor
    groups: Iterable[Any] = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
