"""A training run on disk: everything needed to go on after a kill, in one safetensors file.

Weights, the best and the averaged ones, optimizer moments, carried hidden state and the random
state are tensors; the position is JSON in the metadata. Batches follow from the seed and the
position.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from lyricist.errors import TrainingError
from lyricist.library.atomic import write_bytes
from lyricist.training.trainer import Best, Position, Trainer


def save_run(path: Path, trainer: Trainer, identity: dict[str, Any]) -> None:
    """Write the trainer's whole state to `path` atomically.

    Args:
        identity: What must be equal for the run to be resumed (corpus hash, recipe, base, seed).

    Raises:
        TrainingError: If the disk refuses.
    """
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
    tensors["random"] = torch.get_rng_state()
    metadata = {
        "identity": json.dumps(identity, sort_keys=True),
        "position": json.dumps(asdict(trainer.position)),
        "best": json.dumps(trainer.best.as_dict()),
    }
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_bytes(path, save(contiguous, metadata))
    except OSError as error:
        raise TrainingError(
            f"the checkpoint cannot be written to {path} ({error.strerror or error})",
            "free some space",
        ) from error


def load_run(path: Path, trainer: Trainer, identity: dict[str, Any]) -> None:
    """Put the state in `path` back into a trainer made with the same arguments.

    Raises:
        TrainingError: If there is none, it is damaged, or it belongs to another run.
    """
    if not path.is_file():
        raise TrainingError(
            f"there is no unfinished run at {path.parent.name!r}", "start it without --resume"
        )
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if json.loads(metadata["identity"]) != json.loads(json.dumps(identity)):
            raise TrainingError(
                "the unfinished run used another corpus, recipe, base or seed",
                "give the same options, or start anew without --resume",
            )
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
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise TrainingError(
            f"the checkpoint {path} is damaged ({error})", "start anew without --resume"
        ) from error


def forget_run(path: Path) -> None:
    """Remove a finished run's checkpoint, if it is there."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir() and not any(path.parent.iterdir()):
        os.rmdir(path.parent)


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
