"""The Mogrifier LSTM, for `networks` to measure beside the product's layers.

Source: Melis, Kočiský & Blunsom 2020.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

_ROUNDS = 4
_RANK = 24
# The forget gate is sigmoid(1) at first, as the product's.
_KEEP = 1.0


class _DelayedGradient(torch.autograd.Function):
    """The bias at each of `num_steps` steps, whose gradients are those of the products too.

    A loop that multiplies by a weight at every step would add up as many gradients as large as the
    weight; this makes all of them in one product, once `factors` holds what was multiplied.
    """

    @staticmethod
    def forward(
        ctx: Any, weight: Tensor, bias: Tensor, shape: tuple[int, int], factors: list[Tensor]
    ) -> Tensor:
        ctx.factors = factors
        ctx.weight_type = weight.dtype
        return bias.expand(*shape, -1).clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_offsets: Tensor) -> tuple[Tensor, Tensor, None, None]:
        factors = torch.stack(ctx.factors).flatten(0, 1)
        gradients = grad_offsets.flatten(0, 1)
        grad_weight = gradients.to(factors.dtype).t() @ factors
        return grad_weight.to(ctx.weight_type), gradients.sum(0), None, None


class MogrifierLSTM(nn.Module):
    """An LSTM whose input and state gate each other, in turns, before every step.

    With x and h as they come, in odd rounds x <- 2 sigmoid(Q h) x, in even ones
    h <- 2 sigmoid(R x) h, each of Q and R a product of two matrices of low rank. Nothing can be
    computed before h is known, so a sequence is a loop of steps.

    Args:
        input_size: Width of the inputs.
        width: Of the hidden state.
    """

    parts = 2

    def __init__(self, input_size: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.weight = nn.Parameter(torch.empty(4 * width, input_size + width))
        self.bias = nn.Parameter(torch.empty(4 * width))
        sizes = [
            (input_size, width) if number % 2 == 0 else (width, input_size)
            for number in range(_ROUNDS)
        ]
        self.reading = nn.ParameterList(
            nn.Parameter(torch.empty(_RANK, other)) for _, other in sizes
        )
        self.gating = nn.ParameterList(
            nn.Parameter(torch.empty(gated, _RANK)) for gated, _ in sizes
        )

    def initialize(self) -> None:
        """As the product's LSTM; the rounds start near to changing nothing."""
        bound = 1 / math.sqrt(self.width)
        nn.init.uniform_(self.weight, -bound, bound)
        with torch.no_grad():
            for start in range(0, 4 * self.width, self.width):
                nn.init.orthogonal_(self.weight[start : start + self.width, -self.width :])
        nn.init.zeros_(self.bias)
        nn.init.constant_(self.bias[self.width : 2 * self.width], _KEEP)
        for reading, gating in zip(self.reading, self.gating, strict=True):
            nn.init.normal_(reading, std=reading.shape[1] ** -0.5)
            nn.init.normal_(gating, std=0.1)

    def step(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs (batch, input_size), state (2, batch, width) -> outputs, new state."""
        both = self._mogrified(inputs, state[0])
        hidden, memory = _lstm(F.linear(both, self.weight, self.bias), state[1])
        return hidden, torch.stack((hidden, memory))

    def forward(
        self, inputs: Tensor, state: Tensor, weight_drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Inputs (batch, num_steps, input_size) -> outputs (batch, num_steps, width), new state."""
        hidden, memory = state
        outputs: list[Tensor] = []
        factors: list[Tensor] = []
        shape = inputs.shape[1], inputs.shape[0]
        offsets = _DelayedGradient.apply(self.weight, self.bias, shape, factors)
        weight = self.weight.detach()
        if torch.is_autocast_enabled("cpu"):
            weight = weight.to(torch.get_autocast_dtype("cpu"))
        for piece, offset in zip(inputs.unbind(1), offsets.unbind(0), strict=True):
            both = self._mogrified(piece, hidden).to(weight.dtype)
            factors.append(both.detach())
            hidden, memory = _lstm(F.linear(both, weight).float() + offset, memory)
            outputs.append(hidden)
        return torch.stack(outputs, dim=1), torch.stack((hidden, memory))

    def _mogrified(self, inputs: Tensor, hidden: Tensor) -> Tensor:
        """Inputs and hidden state after the rounds, (batch, input_size + width)."""
        for number, (reading, gating) in enumerate(zip(self.reading, self.gating, strict=True)):
            if number % 2 == 0:
                inputs = 2 * torch.sigmoid(F.linear(F.linear(hidden, reading), gating)) * inputs
            else:
                hidden = 2 * torch.sigmoid(F.linear(F.linear(inputs, reading), gating)) * hidden
        return torch.cat((inputs, hidden), dim=-1)


def _lstm(gates: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
    """The LSTM's equations: gates (batch, 4 * width) -> hidden, memory (batch, width)."""
    input_gate, forget_gate, candidate, output_gate = gates.chunk(4, dim=-1)
    memory = torch.sigmoid(forget_gate) * memory + torch.sigmoid(input_gate) * torch.tanh(candidate)
    return torch.sigmoid(output_gate) * torch.tanh(memory), memory
