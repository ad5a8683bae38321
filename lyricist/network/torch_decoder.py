"""Stepping through torch: for a GPU, and for a model that is being trained.

On CUDA a step with its logits is captured once per batch size as a graph, so that a step is one
launch; where capturing fails, the same operations run one by one.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lyricist.network.decoder import Indices, Logits, State
from lyricist.network.model import CharRNN

_WARM_UP_STEPS = 3
_MAX_GRAPHS = 16


class TorchDecoder:
    """See `network.decoder.Decoder`.

    Args:
        model: Read as it is at each step, on its own device.
    """

    def __init__(self, model: CharRNN) -> None:
        self.config = model.config
        self._model = model
        self._graphs: dict[int, _CapturedStep] = {}
        self._capturing = model.device.type == "cuda"
        self.description = f"{model.device.type} fp32"

    def step(self, indices: Indices, state: State) -> State:
        """Feed one character to each row."""
        return self.advance(indices, state)[0]

    @torch.inference_mode()
    def advance(self, indices: Indices, state: State) -> tuple[State, Logits]:
        """Feed one character to each row; returns the new state and its logits."""
        captured = self._captured(len(indices))
        if captured is not None:
            return captured.advance(indices, state)
        device = self._model.device
        features, new = self._model.step(
            torch.from_numpy(indices).to(device), torch.from_numpy(state).to(device)
        )
        return _to_numpy(new), _to_numpy(self._model.logits(features))

    @torch.inference_mode()
    def logits(self, state: State) -> Logits:
        """Return next-character logits (batch, vocabulary)."""
        features = torch.from_numpy(np.ascontiguousarray(state[-1, 0])).to(self._model.device)
        return _to_numpy(self._model.logits(features))

    def prepare_some(self) -> bool:
        """There is nothing to prepare."""
        return False

    def _captured(self, batch_size: int) -> _CapturedStep | None:
        if not self._capturing:
            return None
        if batch_size not in self._graphs:
            if len(self._graphs) >= _MAX_GRAPHS:
                self._graphs.clear()
            try:
                self._graphs[batch_size] = _CapturedStep(self._model, batch_size)
            except RuntimeError:
                self._capturing = False
                return None
        return self._graphs[batch_size]


class _CapturedStep:
    """A step and its logits of one batch size as a CUDA graph over fixed buffers."""

    def __init__(self, model: CharRNN, batch_size: int) -> None:
        self._model = model
        self._state = model.begin_state(batch_size)
        self._indices = torch.zeros(batch_size, dtype=torch.long, device=model.device)
        # Capturing needs the lazily made workspaces of the libraries to exist.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(_WARM_UP_STEPS):
                self._run()
        torch.cuda.current_stream().wait_stream(side)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._new, self._logits = self._run()

    def advance(self, indices: Indices, state: State) -> tuple[State, Logits]:
        """Replay the graph on other characters and states."""
        self._indices.copy_(torch.from_numpy(indices))
        self._state.copy_(torch.from_numpy(np.ascontiguousarray(state)))
        self._graph.replay()
        return _to_numpy(self._new), _to_numpy(self._logits)

    def _run(self) -> tuple[Tensor, Tensor]:
        features, new = self._model.step(self._indices, self._state)
        return new, self._model.logits(features)


def _to_numpy(tensor: Tensor) -> State:
    array: State = tensor.float().cpu().numpy()
    return array
