"""Networks of equal size: the product's own, and the same around a candidate layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import torch
from lyricist.benchmarks.candidate_cells import QRNN, MinGRU
from lyricist.benchmarks.mogrifier import MogrifierLSTM
from torch import Tensor, nn
from torch.nn import functional as F

from lyricist.network.config import NUM_GATES, ModelConfig
from lyricist.network.model import CharRNN

_CELLS: dict[str, Callable[[int, int], nn.Module]] = {
    "mogrifier": MogrifierLSTM,
    "mingru": MinGRU,
    "mingru-mlp": partial(MinGRU, with_mlp=True),
    "qrnn": QRNN,
}
_WIDTH_STEP = 8


@dataclass(frozen=True)
class Candidate:
    """cell: one of the product's or of `candidate_cells`. rate: times the learning rate of all."""

    title: str
    cell: str
    num_layers: int = 1
    rate: float = 1.0


class CandidateNetwork(CharRNN):
    """A `CharRNN` with other layers.

    Args:
        config: Its shape, the cell apart.
        cell: The kind of layers.
        initialize: False leaves the weights unset.
    """

    def __init__(self, config: ModelConfig, cell: str, initialize: bool = True) -> None:
        super().__init__(config, initialize=False)
        hidden = config.hidden_size
        sizes = [config.embedding_size, *[hidden] * (config.num_layers - 1)]
        self.layers = nn.ModuleList([_CELLS[cell](size, hidden) for size in sizes])
        if initialize:
            self.initialize()

    def begin_state(self, batch_size: int) -> Tensor:
        """Return the zero state (num_layers, parts, batch, hidden)."""
        parts = int(self.layers[0].parts)  # type: ignore[arg-type]
        shape = (self.config.num_layers, parts, batch_size, self.config.hidden_size)
        return torch.zeros(shape, device=self.device)

    def step(self, indices: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Advance by one character each: indices (batch,) -> features (batch, hidden), state."""
        assert self.embedding is not None
        inputs = F.embedding(indices, self.embedding)
        new_states = []
        for number, layer in enumerate(self.layers):
            inputs, new = layer.step(inputs, state[number])  # type: ignore[operator]
            new_states.append(new)
        return inputs, torch.stack(new_states)


def build(candidate: Candidate, config: ModelConfig, initialize: bool = True) -> CharRNN:
    """Return a network of this shape, but of the candidate's layers."""
    config = replace(config, num_layers=candidate.num_layers)
    if candidate.cell in NUM_GATES:
        return CharRNN(replace(config, cell=candidate.cell), initialize)
    return CandidateNetwork(replace(config, cell="rnn"), candidate.cell, initialize)


def as_large(candidate: Candidate, config: ModelConfig) -> ModelConfig:
    """Return `config` with the width that gives the candidate about as many weights."""
    wanted, width = config.parameters, _WIDTH_STEP
    sizes: dict[int, int] = {}
    while not sizes or max(sizes.values()) < wanted:
        wide = replace(config, hidden_size=width)
        with torch.device("meta"):
            sizes[width] = parameters(build(candidate, wide, initialize=False))
        width += _WIDTH_STEP
    nearest = min(sizes, key=lambda width: abs(sizes[width] - wanted))
    return replace(config, hidden_size=nearest)


def parameters(network: nn.Module) -> int:
    """Number of weights."""
    return sum(parameter.numel() for parameter in network.parameters())
