"""A model's weights as NumPy arrays, read without torch and checked before anything is allocated.

Names and layouts are those of `network.model.CharRNN`: gates stacked along the first axis (GRU r,
z, n; LSTM i, f, g, o), matrices (outputs, inputs).
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path

import ml_dtypes
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from lyricist.errors import ModelError
from lyricist.network.card import MEND, WEIGHTS_FILE, ModelCard, read_card
from lyricist.network.config import ModelConfig
from lyricist.text.vocabulary import Vocabulary

Weights = dict[str, NDArray[np.float32]]

_MAX_HEADER_BYTES = 65_536
_TYPES = {"F16": np.dtype(np.float16), "BF16": np.dtype(ml_dtypes.bfloat16), "F32": np.dtype("<f4")}


@dataclass(frozen=True)
class StoredModel:
    """A model folder as it was read: card, shape, characters and fp32 weights by name."""

    card: ModelCard
    config: ModelConfig
    vocabulary: Vocabulary
    weights: Weights


def read_model(folder: Path) -> StoredModel:
    """Read a model folder.

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
            MEND,
        )
    return StoredModel(card, config, vocabulary, read_weights(folder, config))


def read_weights(folder: Path, config: ModelConfig) -> Weights:
    """Read `model.safetensors` in a model folder as fp32.

    Raises:
        ModelError: If it is missing, truncated, foreign, not as `config` has it or not finite.
    """
    path = folder / WEIGHTS_FILE
    _check_file(path, config.shapes)
    weights: Weights = {}
    try:
        # The library checks the layout; the numbers are then taken as they lie in the file.
        with safe_open(path, framework="np"):
            pass
        for name, stored in _stored(path).items():
            weights[name] = stored.astype(np.float32)
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be loaded ({error})", MEND) from error
    for name, array in weights.items():
        if not np.isfinite(array).all():
            raise ModelError(f"{path}: the weights {name} are not finite", MEND)
    return weights


def _stored(path: Path) -> dict[str, NDArray]:
    """Views of the file, which is mapped rather than read."""
    data = np.memmap(path, mode="r")
    length = int(data[:8].view("<u8")[0])
    header = json.loads(bytes(data[8 : 8 + length]))
    header.pop("__metadata__", None)
    views = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        views[name] = data[begin:end].view(_TYPES[entry["dtype"]]).reshape(entry["shape"])
    return views


def _check_file(path: Path, expected: dict[str, tuple[int, ...]]) -> None:
    try:
        if not path.is_file():
            raise ModelError(f"{path.parent} is not a model: it has no {WEIGHTS_FILE}", MEND)
        size = path.stat().st_size
        with path.open("rb") as file:
            prefix = file.read(8)
            length = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else 0
            if not 2 <= length <= min(_MAX_HEADER_BYTES, size - 8):
                raise ModelError(f"{path} is truncated or not a safetensors file", MEND)
            header = json.loads(file.read(length))
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror})", MEND) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} has no readable header", MEND) from error
    if not isinstance(header, dict):
        raise ModelError(f"{path} has no readable header", MEND)
    header.pop("__metadata__", None)
    if set(header) != set(expected):
        odd = sorted(set(header) ^ set(expected))[0]
        raise ModelError(f"{path} does not match its card: tensor {odd!r}", MEND)
    total = 0
    for name, shape in expected.items():
        entry = header[name]
        if not isinstance(entry, dict) or entry.get("dtype") not in _TYPES:
            raise ModelError(f"{path}: tensor {name!r} is of an unknown type", MEND)
        if entry.get("shape") != list(shape):
            raise ModelError(
                f"{path}: tensor {name!r} has shape {entry.get('shape')}, "
                f"the card asks for {list(shape)}",
                MEND,
            )
        total += _TYPES[entry["dtype"]].itemsize * math.prod(shape)
    if size != 8 + length + total:
        raise ModelError(f"{path} is truncated or has trailing data", MEND)
