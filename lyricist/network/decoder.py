"""A trained network laid out for stepping: one joined matrix a layer, no autograd, any batch.

The training model keeps input and recurrent weights apart for torch's sequence kernels; here they
are joined, so that a step of a layer is one matrix product.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from lyricist.network.cells import OneHotLayer, RecurrentLayer
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX


class Decoder:
    """Next-character logits from a state that the caller keeps.

    Args:
        model: Its weights are read once, on the model's device.
    """

    def __init__(self, model: CharRNN) -> None:
        self.config = model.config
        self.device = model.device
        self._layers = [_LayerWeights(layer) for layer in model.layers]
        self._embedding = None if model.embedding is None else model.embedding.detach()
        output = model.weight_hq if model.weight_hq is not None else model.embedding
        assert output is not None
        self._output = _laid_out(output)
        self._output_bias = model.bias_q.detach()
        if model.projection is None:
            self._projection = None
        else:
            self._projection = (
                model.projection.bias.detach(),
                _laid_out(model.projection.weight),
            )
        self._zero = model.begin_state(1)
        # Neither may ever be proposed to a writer.
        self._never = torch.tensor([UNKNOWN_INDEX, BOUNDARY_INDEX], device=self.device)

    def begin_state(self, batch_size: int = 1) -> Tensor:
        """Return the zero state (num_layers, parts, batch, hidden)."""
        return self._zero.expand(-1, -1, batch_size, -1).clone()

    @torch.inference_mode()
    def step(self, indices: Tensor, state: Tensor) -> Tensor:
        """Feed one character to each row.

        Args:
            indices: (batch,).
            state: (num_layers, parts, batch, hidden); not changed.

        Returns:
            The new state.
        """
        inputs = indices if self._embedding is None else F.embedding(indices, self._embedding)
        states = []
        for layer, old in zip(self._layers, state, strict=True):
            new = layer.step(inputs, old)
            inputs = new[0]
            states.append(new)
        return torch.stack(states)

    @torch.inference_mode()
    def logits(self, state: Tensor) -> Tensor:
        """Return next-character logits (batch, vocabulary) of a state."""
        features = state[-1, 0]
        if self._projection is not None:
            bias, weight = self._projection
            features = torch.addmm(bias, features, weight)
        return torch.addmm(self._output_bias, features, self._output)

    def mask_specials(self, logits: Tensor) -> Tensor:
        """Return `logits` with the unknown character and the song boundary ruled out."""
        return logits.index_fill(-1, self._never, float("-inf"))


def _laid_out(weight: Tensor) -> Tensor:
    """Return (inputs, outputs), the layout that a product of a few rows reads straight through:
    measured at 10 rows it takes half the time of torch's own (outputs, inputs)."""
    return weight.detach().t().contiguous()


class _LayerWeights:
    """The joined weights of one layer."""

    def __init__(self, layer: torch.nn.Module) -> None:
        assert isinstance(layer, RecurrentLayer | OneHotLayer)
        self.cell = layer.cell
        self.activation = layer.activation
        self.one_hot = isinstance(layer, OneHotLayer)
        weight_hh, bias_hh = layer.weight_hh.detach(), layer.bias_hh.detach()
        if isinstance(layer, OneHotLayer):
            self.table = layer.weight_xh.detach()
            self.weight, self.bias = _laid_out(weight_hh), bias_hh
        elif self.cell == "gru":
            # The reset gate acts on the recurrent part alone, so the two products stay apart.
            self.weight_ih, self.bias_ih = _laid_out(layer.weight_ih), layer.bias_ih.detach()
            self.weight, self.bias = _laid_out(weight_hh), bias_hh
        else:
            self.weight = _laid_out(torch.cat((layer.weight_ih.detach(), weight_hh), dim=1))
            self.bias = layer.bias_ih.detach() + bias_hh

    def step(self, inputs: Tensor, state: Tensor) -> Tensor:
        """Return the new state (parts, batch, hidden)."""
        hidden = state[0]
        if self.cell == "gru":
            return self._gru_step(inputs, hidden)
        if self.one_hot:
            gates = F.embedding(inputs, self.table) + torch.addmm(self.bias, hidden, self.weight)
        else:
            gates = torch.addmm(self.bias, torch.cat((inputs, hidden), dim=1), self.weight)
        if self.cell == "rnn":
            return (gates.tanh_() if self.activation == "tanh" else gates.relu_()).unsqueeze(0)
        input_gate, forget_gate, candidate, output_gate = gates.chunk(4, dim=1)
        memory = torch.addcmul(
            forget_gate.sigmoid() * state[1], input_gate.sigmoid(), candidate.tanh()
        )
        return torch.stack((output_gate.sigmoid() * memory.tanh(), memory))

    def _gru_step(self, inputs: Tensor, hidden: Tensor) -> Tensor:
        if self.one_hot:
            projected = F.embedding(inputs, self.table)
        else:
            projected = torch.addmm(self.bias_ih, inputs, self.weight_ih)
        recurrent = torch.addmm(self.bias, hidden, self.weight)
        x_r, x_z, x_n = projected.chunk(3, dim=1)
        h_r, h_z, h_n = recurrent.chunk(3, dim=1)
        candidate = torch.tanh(x_n + torch.sigmoid(x_r + h_r) * h_n)
        return torch.lerp(candidate, hidden, torch.sigmoid(x_z + h_z)).unsqueeze(0)
