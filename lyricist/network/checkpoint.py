"""Models on disk: a folder of `model.safetensors` and `model.toml`, checked before it is used.

Nothing is allocated or loaded before the card's numbers, the header and the file size agree, and
nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from lyricist.errors import ModelError
from lyricist.network.card import WEIGHTS_FILE, ModelCard, read_card, write_card
from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary

_MAX_HEADER_BYTES = 65_536
_BYTES = {"F16": 2, "BF16": 2, "F32": 4}
_MEND = "take another model (`lyricist models list`) or train a new one"


def load_model(
    folder: Path, device: torch.device | str = "cpu"
) -> tuple[CharRNN, Vocabulary, ModelCard]:
    """Load a model folder for inference (fp32, evaluation mode).

    Raises:
        ModelError: If any part is missing, truncated, foreign, oversized or not finite.
    """
    card = read_card(folder)
    config = ModelConfig.from_card(card.architecture)
    vocabulary = Vocabulary(card.characters)
    if len(vocabulary) != config.vocabulary_size:
        raise ModelError(
            f"{folder}: the card lists {len(vocabulary):,} characters but states a vocabulary of "
            f"{config.vocabulary_size:,}",
            _MEND,
        )
    weights = _load_weights(folder / WEIGHTS_FILE, expected_shapes(config))
    with torch.device("meta"):
        model = CharRNN(config, initialize=False)
    model.load_state_dict(weights, assign=True)
    return model.to(device).eval(), vocabulary, card


def save_model(
    folder: Path,
    model: CharRNN,
    vocabulary: Vocabulary,
    card: ModelCard,
    dtype: torch.dtype = torch.float16,
) -> ModelCard:
    """Write a model folder so that it is whole or absent at every moment; replaces an old one.

    The card's architecture, vocabulary, parameter count and hash are filled in here.

    Raises:
        ModelError: If a weight is not finite or does not fit `dtype`, or the disk refuses.
    """
    weights = {}
    for name, tensor in model.state_dict().items():
        weights[name] = tensor.detach().to("cpu", dtype).contiguous()
        if not bool(torch.isfinite(weights[name]).all()):
            raise ModelError(f"the weights {name} are not finite", "train again with a lower --lr")
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            save_file(weights, staging / WEIGHTS_FILE)
            digest = hashlib.sha256((staging / WEIGHTS_FILE).read_bytes()).hexdigest()
            card = replace(
                card,
                architecture=asdict(model.config),
                characters=vocabulary.characters,
                weights_sha256=digest,
                training={**card.training, "parameters": model.config.parameters},
            )
            write_card(staging, card)
            _publish(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"the model cannot be written to {folder} ({error.strerror or error})",
            "free some space or choose another folder",
        ) from error
    return card


def expected_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor that a network of this shape has."""
    with torch.device("meta"):
        model = CharRNN(config, initialize=False)
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


def _load_weights(path: Path, expected: dict[str, tuple[int, ...]]) -> dict[str, Tensor]:
    _check_file(path, expected)
    try:
        weights = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be loaded ({error})", _MEND) from error
    for name, tensor in weights.items():
        weights[name] = tensor.float()
        if not bool(torch.isfinite(weights[name]).all()):
            raise ModelError(f"{path}: the weights {name} are not finite", _MEND)
    return weights


def _check_file(path: Path, expected: dict[str, tuple[int, ...]]) -> None:
    try:
        if not path.is_file():
            raise ModelError(f"{path.parent} is not a model: it has no {WEIGHTS_FILE}", _MEND)
        size = path.stat().st_size
        with path.open("rb") as file:
            prefix = file.read(8)
            length = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else 0
            if not 2 <= length <= min(_MAX_HEADER_BYTES, size - 8):
                raise ModelError(f"{path} is truncated or not a safetensors file", _MEND)
            header = json.loads(file.read(length))
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror})", _MEND) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} has no readable header", _MEND) from error
    if not isinstance(header, dict):
        raise ModelError(f"{path} has no readable header", _MEND)
    header.pop("__metadata__", None)
    if set(header) != set(expected):
        odd = sorted(set(header) ^ set(expected))[0]
        raise ModelError(f"{path} does not match its card: tensor {odd!r}", _MEND)
    total = 0
    for name, shape in expected.items():
        entry = header[name]
        if not isinstance(entry, dict) or entry.get("dtype") not in _BYTES:
            raise ModelError(f"{path}: tensor {name!r} is of an unknown type", _MEND)
        if entry.get("shape") != list(shape):
            raise ModelError(
                f"{path}: tensor {name!r} has shape {entry.get('shape')}, "
                f"the card asks for {list(shape)}",
                _MEND,
            )
        total += _BYTES[entry["dtype"]] * _product(shape)
    if size != 8 + length + total:
        raise ModelError(f"{path} is truncated or has trailing data", _MEND)


def _product(shape: tuple[int, ...]) -> int:
    product = 1
    for extent in shape:
        product *= extent
    return product


def _publish(staging: Path, folder: Path) -> None:
    """Move a finished folder into place; an older model is moved aside first, then deleted."""
    for file in staging.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
        file.chmod(0o600)
    retired = None
    if folder.exists():
        retired = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        os.replace(folder, retired)
    os.replace(staging, folder)
    _sync_folder(folder.parent)
    if retired is not None:
        shutil.rmtree(retired, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
