"""The character-level recurrent language model: embedding -> recurrent layers -> dense.

State is one tensor (num_layers, parts, batch, hidden): H, or H and C for the LSTM, of each layer.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lyricist.network.cells import OneHotLayer, RecurrentLayer, step
from lyricist.network.config import STATE_PARTS, ModelConfig


class CharRNN(nn.Module):
    """A recurrent network over characters.

    Args:
        config: Its shape.
        initialize: False leaves the weights unset, for loading.
    """

    def __init__(self, config: ModelConfig, initialize: bool = True) -> None:
        super().__init__()
        self.config = config
        vocabulary, hidden = config.vocabulary_size, config.hidden_size
        self.embedding: nn.Parameter | None = None
        first: nn.Module
        if config.embedding_size:
            self.embedding = nn.Parameter(torch.empty(vocabulary, config.embedding_size))
            first = RecurrentLayer(config.cell, config.embedding_size, hidden, config.activation)
        else:
            first = OneHotLayer(config.cell, vocabulary, hidden, config.activation)
        deeper = [
            RecurrentLayer(config.cell, hidden, hidden, config.activation)
            for _ in range(config.num_layers - 1)
        ]
        self.layers = nn.ModuleList([first, *deeper])
        self.projection: nn.Linear | None = None
        self.weight_hq: nn.Parameter | None = None
        if config.tied:
            if hidden != config.embedding_size:
                self.projection = nn.Linear(hidden, config.embedding_size)
        else:
            self.weight_hq = nn.Parameter(torch.empty(vocabulary, hidden))
        self.bias_q = nn.Parameter(torch.empty(vocabulary))
        if initialize:
            self.initialize()

    def initialize(self) -> None:
        """Set all weights; the global torch seed decides them."""
        for layer in self.layers:
            layer.initialize()  # type: ignore[operator]
        nn.init.zeros_(self.bias_q)
        if self.weight_hq is not None:
            deviation = 0.01 if self.embedding is None else self.config.hidden_size**-0.5
            nn.init.normal_(self.weight_hq, std=deviation)
        if self.embedding is not None:
            nn.init.normal_(self.embedding, std=self.config.embedding_size**-0.5)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.bias_q.device

    def begin_state(self, batch_size: int) -> Tensor:
        """Return the zero state (num_layers, parts, batch, hidden)."""
        config = self.config
        shape = (config.num_layers, STATE_PARTS[config.cell], batch_size, config.hidden_size)
        return torch.zeros(shape, device=self.device, dtype=self.bias_q.dtype)

    def features(self, indices: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Return the last layer's hidden states (batch, num_steps, hidden) and the new state.

        Args:
            indices: (batch, num_steps).
            state: (num_layers, parts, batch, hidden).
        """
        config = self.config
        inputs = indices
        if self.embedding is not None:
            inputs = F.embedding(indices, self.embedding)
            inputs = self._locked_dropout(inputs, config.dropout_in)
        new_states = []
        for number, layer in enumerate(self.layers):
            if number:
                inputs = self._locked_dropout(inputs, config.dropout_hidden)
            inputs, new_state = layer(inputs, state[number], config.weight_drop)
            new_states.append(new_state)
        return self._locked_dropout(inputs, config.dropout_out), torch.stack(new_states)

    def logits(self, features: Tensor) -> Tensor:
        """Return unnormalized next-character scores (..., vocabulary)."""
        return F.linear(self.projected(features), self.output_weight, self.bias_q)

    def projected(self, features: Tensor) -> Tensor:
        """Return features (..., hidden) as the output layer takes them: (..., width)."""
        return features if self.projection is None else self.projection(features)

    @property
    def output_weight(self) -> Tensor:
        """Weights of the output layer, (vocabulary, width); the embedding itself where tied."""
        weight = self.embedding if self.weight_hq is None else self.weight_hq
        assert weight is not None
        return weight

    def forward(self, indices: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (batch, num_steps, vocabulary) and the new state."""
        features, state = self.features(indices, state)
        return self.logits(features), state

    def step(self, indices: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Advance by one character each: indices (batch,) -> features (batch, hidden), state."""
        inputs = indices if self.embedding is None else F.embedding(indices, self.embedding)
        new_states = []
        for number, layer in enumerate(self.layers):
            assert isinstance(layer, RecurrentLayer | OneHotLayer)
            new = step(
                layer.cell,
                layer.activation,
                layer.project(inputs),
                state[number],
                layer.weight_hh,
                layer.bias_hh,
            )
            inputs = new[0]
            new_states.append(new)
        return inputs, torch.stack(new_states)

    def _locked_dropout(self, inputs: Tensor, rate: float) -> Tensor:
        """Drop the same units at every step of a sequence (Gal & Ghahramani 2016).

        inputs: (batch, num_steps, width).
        """
        if not self.training or rate == 0:
            return inputs
        keep = inputs.new_empty(inputs.shape[0], 1, inputs.shape[2]).bernoulli_(1 - rate)
        return inputs * keep.div_(1 - rate)
