"""A model's weights as NumPy arrays, read without torch and checked before anything is allocated.

Names and layouts are those of `network.model.CharRNN`: gates stacked along the first axis (GRU r,
z, n; LSTM i, f, g, o), matrices (outputs, inputs).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from lyricist.errors import ModelError
from lyricist.network.card import MEND, WEIGHTS_FILE, ModelCard, read_card
from lyricist.network.config import ModelConfig
from lyricist.network.weights_file import (
    StoredTensor,
    checked_architecture,
    open_weights,
    read_layout,
)
from lyricist.text.display import visible
from lyricist.text.vocabulary import Vocabulary

Weights = dict[str, NDArray[np.float32]]

_TYPES = {"F16": np.dtype("<f2"), "BF16": np.dtype(ml_dtypes.bfloat16), "F32": np.dtype("<f4")}


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
    config, vocabulary = checked_architecture(card, visible(str(folder)))
    return StoredModel(card, config, vocabulary, read_weights(folder, config))


def read_weights(folder: Path, config: ModelConfig) -> Weights:
    """Read `model.safetensors` in a model folder as fp32.

    Raises:
        ModelError: If it is missing, truncated, foreign, not as `config` has it or not finite.
    """
    shown = visible(str(folder / WEIGHTS_FILE))
    weights: Weights = {}
    try:
        with open_weights(folder) as file:
            for tensor in read_layout(file, shown, config.shapes):
                weights[tensor.name] = _read(file, tensor)
    except (OSError, ValueError) as error:
        raise ModelError(f"{shown} cannot be read ({error})", MEND) from error
    except MemoryError as error:
        raise ModelError(
            f"{shown} does not fit into memory", "close programs or use a smaller model"
        ) from error
    for name, array in weights.items():
        if not np.isfinite(array).all():
            raise ModelError(f"{shown}: the weights {name} are not finite", MEND)
    return weights


def _read(file: IO[bytes], tensor: StoredTensor) -> NDArray[np.float32]:
    """Read one tensor.

    Raises:
        ValueError: If the file has become shorter meanwhile.
    """
    file.seek(tensor.offset)
    data = file.read(tensor.size)
    if len(data) != tensor.size:
        raise ValueError("it is truncated")
    return np.frombuffer(data, _TYPES[tensor.dtype]).astype(np.float32).reshape(tensor.shape)
