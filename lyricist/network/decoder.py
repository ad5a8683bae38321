"""A trained network laid out for stepping: what every decoder does, and how one is chosen.

A decoder steps many rows at once from states that the caller keeps, as NumPy arrays. Three kinds
do the same arithmetic: `OnnxDecoder` (CPU, int8 or fp32), `NumpyDecoder` (fp32, the reference and
the way where ONNX Runtime is missing) and `TorchDecoder` (GPU, or a model in training).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lyricist.errors import ModelError
from lyricist.network.config import STATE_PARTS, ModelConfig
from lyricist.network.weights import StoredModel, read_model
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX

State = NDArray[np.float32]
Logits = NDArray[np.float32]
Indices = NDArray[np.int64]


class Decoder(Protocol):
    """Next-character logits from a state that the caller keeps.

    config: the network's shape. description: device and number type, for the writer to see.
    """

    config: ModelConfig
    description: str

    def step(self, indices: Indices, state: State) -> State:
        """Feed one character to each row.

        Args:
            indices: (batch,).
            state: (num_layers, parts, batch, hidden); not changed.

        Returns:
            The new state.
        """

    def advance(self, indices: Indices, state: State) -> tuple[State, Logits]:
        """Feed one character to each row; returns the new state and its logits, in one go."""

    def logits(self, state: State) -> Logits:
        """Return next-character logits (batch, vocabulary) of a state; the caller owns them."""

    def prepare_some(self) -> bool:
        """Do a few milliseconds of work that makes later steps quicker; False once all is done."""


def begin_state(config: ModelConfig, batch_size: int = 1) -> State:
    """Return the zero state (num_layers, parts, batch, hidden); parts are H, or H and C (LSTM)."""
    shape = (config.num_layers, STATE_PARTS[config.cell], batch_size, config.hidden_size)
    return np.zeros(shape, np.float32)


def mask_specials(logits: Logits) -> Logits:
    """Rule out, in place, what may never be proposed: the unknown character and the boundary."""
    logits[:, (UNKNOWN_INDEX, BOUNDARY_INDEX)] = -np.inf
    return logits


def load_decoder(folder: Path, device: str = "cpu") -> tuple[Decoder, StoredModel]:
    """Return the quickest decoder of a model folder that computes correctly on this machine.

    Args:
        folder: The model.
        device: `cpu` needs no torch; any other name of `network.config.DEVICES` does.

    Raises:
        ModelError: If the model is damaged or does not fit into memory.
        DeviceError: If the device is not there.
    """
    try:
        stored = read_model(folder)
        return (_on_cpu(stored) if device == "cpu" else _on_device(stored, device)), stored
    except MemoryError as error:
        raise ModelError(
            f"the model {folder.name} does not fit into memory",
            "close programs or use a smaller one",
        ) from error


def _on_cpu(stored: StoredModel) -> Decoder:
    from lyricist.network.numpy_decoder import NumpyDecoder

    reference = NumpyDecoder(stored.config, stored.weights)
    try:
        from lyricist.network.precision import quickest_correct
    except ImportError:
        # ONNX Runtime has no build for some machines.
        return reference
    return quickest_correct(stored, reference)


def _on_device(stored: StoredModel, device: str) -> Decoder:
    from lyricist.network.checkpoint import model_of
    from lyricist.network.device import choose_device
    from lyricist.network.torch_decoder import TorchDecoder

    chosen = choose_device(device)
    return _on_cpu(stored) if chosen.type == "cpu" else TorchDecoder(model_of(stored, chosen))
