"""Stepping on the CPU through ONNX Runtime: one call for a step, one for the logits, any batch.

ONNX Runtime (MIT) packs each weight matrix once; torch's own recurrent layers do so at each call.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lyricist.network.config import NUM_GATES, STATE_PARTS, ModelConfig
from lyricist.network.decoder import Indices, Logits, State
from lyricist.network.onnx_graph import Precision, output_graph, step_graph
from lyricist.network.silent_onnxruntime import onnxruntime
from lyricist.network.weights import Weights

_MAX_TABLE_BYTES = 256_000_000
_ROWS_AT_A_TIME = 256
_QUIET = 4


class OnnxDecoder:
    """See `network.decoder.Decoder`.

    Args:
        config: The network's shape.
        weights: By the names of `ModelConfig.shapes`.
        precision: Of the matrix products.
    """

    def __init__(self, config: ModelConfig, weights: Weights, precision: Precision) -> None:
        self.config = config
        self.description = f"cpu {precision.name}"
        self._inputs = _InputRows(config, weights)
        self._step, self._advance = (
            _session(step_graph(config, weights, precision, with_logits))
            for with_logits in (False, True)
        )
        self._output = _session(output_graph(config, weights, precision))
        letters = "hc"[: STATE_PARTS[config.cell]]
        parts = [
            (n, p, f"{letters[p]}{n}")
            for n in range(config.num_layers)
            for p in range(len(letters))
        ]
        self._parts = parts
        self._new = [f"{name}.new" for _, _, name in parts]
        self._new_and_logits = [*self._new, "logits"]

    def step(self, indices: Indices, state: State) -> State:
        """Feed one character to each row."""
        return self._state(self._step.run(self._new, self._fed(indices, state)))

    def advance(self, indices: Indices, state: State) -> tuple[State, Logits]:
        """Feed one character to each row; returns the new state and its logits."""
        *parts, logits = self._advance.run(self._new_and_logits, self._fed(indices, state))
        return self._state(parts), logits

    def logits(self, state: State) -> Logits:
        """Return next-character logits (batch, vocabulary)."""
        logits: Logits = self._output.run(None, {"h": state[-1, 0]})[0]
        return logits

    def _fed(self, indices: Indices, state: State) -> dict[str, NDArray]:
        fed: dict[str, NDArray] = {name: state[layer, part] for layer, part, name in self._parts}
        fed["x"] = self._inputs.rows(indices)
        return fed

    def _state(self, parts: list[NDArray]) -> State:
        """Put the parts of all layers together, (num_layers, parts, batch, hidden)."""
        shape = (self.config.num_layers, -1, *parts[0].shape)
        state: State = np.concatenate(parts).reshape(shape)
        return state

    def prepare_some(self) -> bool:
        """Compute some more of the first layer's inputs; False once all are there."""
        return self._inputs.fill_some()


class _InputRows:
    """The first layer's input of each character, times W_xh plus bias, kept as fp16.

    A step then reads one row instead of W_xh. Rows are computed when first used or when there is
    time; a table beyond `_MAX_TABLE_BYTES` is not kept.
    """

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        width = NUM_GATES[config.cell] * config.hidden_size
        self._next = 0
        self._table: NDArray[np.float16] | None = None
        if config.embedding_size == 0:
            self._table = weights["layers.0.weight_xh"].astype(np.float16)
            self._next = config.vocabulary_size
            self._known = np.ones(config.vocabulary_size, bool)
            return
        self._embedding = weights["embedding"]
        self._weight = np.ascontiguousarray(weights["layers.0.weight_ih"].T)
        self._bias = weights["layers.0.bias_ih"]
        self._known = np.zeros(config.vocabulary_size, bool)
        if config.vocabulary_size * width * 2 <= _MAX_TABLE_BYTES:
            self._table = np.empty((config.vocabulary_size, width), np.float16)

    def rows(self, indices: Indices) -> NDArray[np.float16]:
        """Return (batch, gates * hidden)."""
        if self._table is None:
            return self._computed(indices).astype(np.float16)
        known = self._known[indices]
        if not known.all():
            self._fill(np.unique(indices[~known]))
        return self._table[indices]

    def fill_some(self) -> bool:
        """Compute rows not used yet; False if there are none left."""
        if self._table is None or self._next >= len(self._known):
            return False
        self._fill(np.arange(self._next, min(self._next + _ROWS_AT_A_TIME, len(self._known))))
        self._next += _ROWS_AT_A_TIME
        return True

    def _fill(self, indices: Indices) -> None:
        assert self._table is not None
        self._table[indices] = self._computed(indices)
        self._known[indices] = True

    def _computed(self, indices: Indices) -> NDArray[np.float32]:
        rows: NDArray[np.float32] = self._embedding[indices] @ self._weight + self._bias
        return rows


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _QUIET
    # Denormals slow a CPU by orders of magnitude.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
