"""The equations of a step in fp32 NumPy: what the quick decoders are checked against at load."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lyricist.network.config import ModelConfig
from lyricist.network.decoder import Indices, Logits, State
from lyricist.network.weights import Weights

Array = NDArray[np.float32]


class NumpyDecoder:
    """See `network.decoder.Decoder`.

    Args:
        config: The network's shape.
        weights: By the names of `ModelConfig.shapes`; kept, not copied.
    """

    description = "cpu fp32 (numpy)"

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self.config = config
        self._weights = weights

    def step(self, indices: Indices, state: State) -> State:
        """Feed one character to each row."""
        new = np.empty_like(state)
        inputs: Array = np.empty(0, np.float32)
        for layer in range(self.config.num_layers):
            projected = self._projected(layer, indices, inputs)
            new[layer] = self._cell(layer, projected, state[layer])
            inputs = new[layer, 0]
        return new

    def advance(self, indices: Indices, state: State) -> tuple[State, Logits]:
        """Feed one character to each row; returns the new state and its logits."""
        new = self.step(indices, state)
        return new, self.logits(new)

    def logits(self, state: State) -> Logits:
        """Return next-character logits (batch, vocabulary)."""
        weights, features = self._weights, state[-1, 0]
        if not self.config.tied:
            return features @ weights["weight_hq"].T + weights["bias_q"]
        if "projection.weight" in weights:
            features = features @ weights["projection.weight"].T + weights["projection.bias"]
        return features @ weights["embedding"].T + weights["bias_q"]

    def prepare_some(self) -> bool:
        """There is nothing to prepare."""
        return False

    def _projected(self, layer: int, indices: Indices, inputs: Array) -> Array:
        """Input times W_xh plus its bias, (batch, gates * hidden)."""
        weights = self._weights
        if layer == 0:
            if self.config.embedding_size == 0:
                return weights["layers.0.weight_xh"][indices]
            inputs = weights["embedding"][indices]
        name = f"layers.{layer}"
        return inputs @ weights[f"{name}.weight_ih"].T + weights[f"{name}.bias_ih"]

    def _cell(self, layer: int, projected: Array, state: State) -> Array:
        """The new state (parts, batch, hidden) of one layer; see `network.cells` for sources."""
        name = f"layers.{layer}"
        recurrent = (
            state[0] @ self._weights[f"{name}.weight_hh"].T + self._weights[f"{name}.bias_hh"]
        )
        if self.config.cell == "rnn":
            gates = projected + recurrent
            hidden = np.tanh(gates) if self.config.activation == "tanh" else np.maximum(gates, 0)
            return hidden[None]
        if self.config.cell == "gru":
            x_r, x_z, x_n = np.split(projected, 3, axis=1)
            h_r, h_z, h_n = np.split(recurrent, 3, axis=1)
            reset, update = _sigmoid(x_r + h_r), _sigmoid(x_z + h_z)
            candidate = np.tanh(x_n + reset * h_n)
            return (candidate + update * (state[0] - candidate))[None]
        input_gate, forget_gate, candidate, output_gate = np.split(projected + recurrent, 4, axis=1)
        memory = _sigmoid(forget_gate) * state[1] + _sigmoid(input_gate) * np.tanh(candidate)
        return np.stack((_sigmoid(output_gate) * np.tanh(memory), memory))


def _sigmoid(x: Array) -> Array:
    """Without overflow for any x."""
    return 0.5 * np.tanh(0.5 * x) + 0.5
