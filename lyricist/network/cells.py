"""Recurrent layers: vanilla RNN (tanh or relu), GRU and LSTM, one step and a whole sequence.

Every layer keeps its weights in the layout of `torch.nn` (gates stacked along the first axis:
GRU r, z, n; LSTM i, f, g, o), so a whole sequence runs through torch's fused kernels while one
step is written out here.

Sources: Elman 1990 (RNN); Cho et al. 2014 in the form of cuDNN (GRU); Hochreiter & Schmidhuber
1997 with the forget gate of Gers et al. 2000 (LSTM).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lyricist.network.config import NUM_GATES


def step(
    cell: str, activation: str, projected: Tensor, state: Tensor, weight_hh: Tensor, bias_hh: Tensor
) -> Tensor:
    """Advance one layer by one character.

    Args:
        cell: `rnn`, `gru` or `lstm`.
        activation: Of the vanilla RNN, `tanh` or `relu`.
        projected: Input already times W_xh plus its bias, (batch, gates * hidden).
        state: (parts, batch, hidden); parts are H, or H and C for the LSTM.
        weight_hh: (gates * hidden, hidden).
        bias_hh: (gates * hidden,).

    Returns:
        The new state, (parts, batch, hidden).
    """
    if cell == "gru":
        recurrent = F.linear(state[0], weight_hh, bias_hh)
        x_r, x_z, x_n = projected.chunk(3, dim=-1)
        h_r, h_z, h_n = recurrent.chunk(3, dim=-1)
        reset = torch.sigmoid(x_r + h_r)
        update = torch.sigmoid(x_z + h_z)
        candidate = torch.tanh(x_n + reset * h_n)
        return torch.lerp(candidate, state[0], update).unsqueeze(0)
    gates = torch.addmm(projected + bias_hh, state[0], weight_hh.t())
    if cell == "rnn":
        hidden = torch.tanh(gates) if activation == "tanh" else torch.relu(gates)
        return hidden.unsqueeze(0)
    input_gate, forget_gate, candidate, output_gate = gates.chunk(4, dim=-1)
    memory = torch.sigmoid(forget_gate) * state[1] + torch.sigmoid(input_gate) * torch.tanh(
        candidate
    )
    return torch.stack((torch.sigmoid(output_gate) * torch.tanh(memory), memory))


class RecurrentLayer(nn.Module):
    """One recurrent layer fed with dense inputs.

    Args:
        cell: `rnn`, `gru` or `lstm`.
        input_size: Width of the inputs.
        hidden_size: Width of the hidden state.
        activation: Of the vanilla RNN.
    """

    def __init__(
        self, cell: str, input_size: int, hidden_size: int, activation: str = "tanh"
    ) -> None:
        super().__init__()
        self.cell = cell
        self.activation = activation
        self.hidden_size = hidden_size
        width = NUM_GATES[cell] * hidden_size
        self.weight_ih = nn.Parameter(torch.empty(width, input_size))
        self.weight_hh = nn.Parameter(torch.empty(width, hidden_size))
        self.bias_ih = nn.Parameter(torch.empty(width))
        self.bias_hh = nn.Parameter(torch.empty(width))

    def initialize(self) -> None:
        """Uniform input weights, orthogonal recurrent weights, forget-gate bias 1."""
        bound = 1 / math.sqrt(self.hidden_size)
        nn.init.uniform_(self.weight_ih, -bound, bound)
        _orthogonal_gates(self.weight_hh, self.hidden_size)
        _zero_biases(self.cell, self.hidden_size, self.bias_ih, self.bias_hh)

    def project(self, inputs: Tensor) -> Tensor:
        """Return inputs times W_xh plus bias, (..., gates * hidden)."""
        return F.linear(inputs, self.weight_ih, self.bias_ih)

    def forward(
        self, inputs: Tensor, state: Tensor, weight_drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Run a whole sequence.

        Args:
            inputs: (batch, num_steps, input_size).
            state: (parts, batch, hidden).
            weight_drop: Share of the recurrent weights that training leaves out of this sequence.

        Returns:
            Outputs (batch, num_steps, hidden) and the new state (parts, batch, hidden).
        """
        recurrent = F.dropout(self.weight_hh, weight_drop, self.training)
        weights = (self.weight_ih, recurrent, self.bias_ih, self.bias_hh)
        options = (True, 1, 0.0, self.training, False, True)
        if self.cell == "lstm":
            hidden, memory = state[0:1].contiguous(), state[1:2].contiguous()
            outputs, hidden, memory = torch.lstm(inputs, (hidden, memory), weights, *options)
            return outputs, torch.cat((hidden, memory))
        if self.cell == "gru":
            run = torch.gru
        else:
            run = torch.rnn_tanh if self.activation == "tanh" else torch.rnn_relu
        outputs, hidden = run(inputs, state.contiguous(), weights, *options)
        return outputs, hidden


class OneHotLayer(nn.Module):
    """A first layer fed with characters: a one-hot row times W_xh is row x of W_xh.

    Args:
        cell: `rnn`, `gru` or `lstm`.
        vocabulary_size: Rows of W_xh.
        hidden_size: Width of the hidden state.
        activation: Of the vanilla RNN.
    """

    def __init__(
        self, cell: str, vocabulary_size: int, hidden_size: int, activation: str = "tanh"
    ) -> None:
        super().__init__()
        self.cell = cell
        self.activation = activation
        self.hidden_size = hidden_size
        width = NUM_GATES[cell] * hidden_size
        self.weight_xh = nn.Parameter(torch.empty(vocabulary_size, width))
        self.weight_hh = nn.Parameter(torch.empty(width, hidden_size))
        self.bias_hh = nn.Parameter(torch.empty(width))

    def initialize(self) -> None:
        """Gaussian weights with deviation 0.01 and zero biases, as the tutorial has it."""
        nn.init.normal_(self.weight_xh, std=0.01)
        nn.init.normal_(self.weight_hh, std=0.01)
        nn.init.zeros_(self.bias_hh)

    def project(self, indices: Tensor) -> Tensor:
        """Return the rows of W_xh, (..., gates * hidden)."""
        return F.embedding(indices, self.weight_xh)

    def forward(
        self, indices: Tensor, state: Tensor, weight_drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Run a whole sequence of indices (batch, num_steps); see `RecurrentLayer.forward`."""
        projected = self.project(indices)
        recurrent = F.dropout(self.weight_hh, weight_drop, self.training)
        outputs = []
        for t in range(indices.shape[1]):
            state = step(
                self.cell,
                self.activation,
                projected[:, t],
                state,
                recurrent,
                self.bias_hh,
            )
            outputs.append(state[0])
        return torch.stack(outputs, dim=1), state


def _orthogonal_gates(weight: Tensor, hidden_size: int) -> None:
    for start in range(0, weight.shape[0], hidden_size):
        nn.init.orthogonal_(weight[start : start + hidden_size])


def _zero_biases(cell: str, hidden_size: int, bias_ih: Tensor, bias_hh: Tensor) -> None:
    nn.init.zeros_(bias_ih)
    nn.init.zeros_(bias_hh)
    if cell == "lstm":
        with torch.no_grad():
            bias_ih[hidden_size : 2 * hidden_size] = 1.0
