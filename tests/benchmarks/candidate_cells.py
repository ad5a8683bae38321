"""Recurrent layers that the product does not have, for `networks` to measure beside its own.

Each reads a whole sequence for training and one step for writing, as the product's layers do.

Sources: Melis, Kočiský & Blunsom 2020 (Mogrifier LSTM); Feng et al. 2024 (minGRU, here in its
plain form, not in logarithms); Bradbury et al. 2017 (QRNN with fo-pooling).
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
_WIDER = 2
# What is kept at first is sigmoid(1) of the memory, as with the LSTM's forget gate.
_KEEP = 1.0


class _Blend(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, update: Tensor, candidate: Tensor, start: Tensor) -> Tensor:
        outputs = torch.empty_like(candidate)
        hidden = start
        for t in range(candidate.shape[1]):
            hidden = torch.lerp(hidden, candidate[:, t], update[:, t], out=outputs[:, t])
        ctx.save_for_backward(update, candidate, start, outputs)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_outputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        update, candidate, start, outputs = ctx.saved_tensors
        kept = 1 - update
        gradient = grad_outputs.clone()
        for t in range(candidate.shape[1] - 1, 0, -1):
            gradient[:, t - 1].addcmul_(kept[:, t], gradient[:, t])
        before = torch.cat((start.unsqueeze(1), outputs[:, :-1]), dim=1)
        grad_start = kept[:, 0] * gradient[:, 0]
        return gradient * (candidate - before), gradient * update, grad_start


def blend(update: Tensor, candidate: Tensor, start: Tensor) -> Tensor:
    """Return all h_t = (1 - update_t) h_{t-1} + update_t candidate_t, (batch, num_steps, width).

    One step after the other: beside the matrix products this takes next to no time on a CPU.

    Args:
        update: (batch, num_steps, width), from 0 to 1.
        candidate: (batch, num_steps, width).
        start: h before the first step, (batch, width).
    """
    blended: Tensor = _Blend.apply(update, candidate, start)
    return blended


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


class MinGRU(nn.Module):
    """One block: normalize, minGRU, add to the inputs; with an MLP, which does likewise, after it.

    z = sigmoid(W_z x), h_t = (1 - z) h_{t-1} + z W_h x: nothing but h depends on the step before,
    so that all products of a sequence are one.

    Args:
        input_size: Width of the inputs; where it is not `width`, they are projected.
        width: Of the hidden state.
        with_mlp: Whether the MLP is there.
    """

    parts = 1

    def __init__(self, input_size: int, width: int, with_mlp: bool = False) -> None:
        super().__init__()
        self.width = width
        self.entrance = _entrance(input_size, width)
        self.norm = nn.RMSNorm(width)
        self.gates = nn.Linear(width, 2 * width)
        self.mlp = (
            nn.Sequential(
                nn.RMSNorm(width),
                nn.Linear(width, _WIDER * width),
                nn.GELU(),
                nn.Linear(_WIDER * width, width),
            )
            if with_mlp
            else None
        )

    def initialize(self) -> None:
        """Torch's defaults, but for the bias of the update gate."""
        _initialize_linear(self)
        nn.init.constant_(self.gates.bias[: self.width], -_KEEP)

    def step(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs (batch, input_size), state (1, batch, width) -> outputs, new state."""
        inputs, update, candidate = self._gated(inputs)
        hidden = torch.lerp(state[0], candidate, update)
        return self._finished(inputs, hidden), hidden.unsqueeze(0)

    def forward(
        self, inputs: Tensor, state: Tensor, weight_drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Inputs (batch, num_steps, input_size) -> outputs (batch, num_steps, width), new state."""
        inputs, update, candidate = self._gated(inputs)
        hidden = blend(update, candidate, state[0])
        return self._finished(inputs, hidden), hidden[:, -1].unsqueeze(0)

    def _gated(self, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        inputs = self.entrance(inputs).float()
        update, candidate = self.gates(self.norm(inputs)).float().chunk(2, dim=-1)
        return inputs, torch.sigmoid(update), candidate

    def _finished(self, inputs: Tensor, hidden: Tensor) -> Tensor:
        outputs = inputs + hidden
        return outputs if self.mlp is None else outputs + self.mlp(outputs)


class QRNN(nn.Module):
    """A convolution over two characters makes all gates; a memory cell pools them over time.

    Args:
        input_size: Width of the inputs; where it is not `width`, they are projected.
        width: Of the hidden state. A state is the memory and the inputs of the step before.
    """

    parts = 2

    def __init__(self, input_size: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.entrance = _entrance(input_size, width)
        self.gates = nn.Linear(2 * width, 3 * width)

    def initialize(self) -> None:
        """Torch's defaults, but for the bias of the forget gate."""
        _initialize_linear(self)
        nn.init.constant_(self.gates.bias[: self.width], -_KEEP)

    def step(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs (batch, input_size), state (2, batch, width) -> outputs, new state."""
        inputs = self.entrance(inputs).float()
        update, candidate, output_gate = self._gated(inputs, state[1])
        memory = torch.lerp(state[0], candidate, update)
        return output_gate * memory, torch.stack((memory, inputs))

    def forward(
        self, inputs: Tensor, state: Tensor, weight_drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Inputs (batch, num_steps, input_size) -> outputs (batch, num_steps, width), new state."""
        inputs = self.entrance(inputs).float()
        before = torch.cat((state[1].unsqueeze(1), inputs[:, :-1]), dim=1)
        update, candidate, output_gate = self._gated(inputs, before)
        memory = blend(update, candidate, state[0])
        return output_gate * memory, torch.stack((memory[:, -1], inputs[:, -1]))

    def _gated(self, inputs: Tensor, before: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        gates = self.gates(torch.cat((before, inputs), dim=-1)).float()
        update, candidate, output_gate = gates.chunk(3, dim=-1)
        return torch.sigmoid(update), torch.tanh(candidate), torch.sigmoid(output_gate)


def _lstm(gates: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
    """The LSTM's equations: gates (batch, 4 * width) -> hidden, memory (batch, width)."""
    input_gate, forget_gate, candidate, output_gate = gates.chunk(4, dim=-1)
    memory = torch.sigmoid(forget_gate) * memory + torch.sigmoid(input_gate) * torch.tanh(candidate)
    return torch.sigmoid(output_gate) * torch.tanh(memory), memory


def _entrance(input_size: int, width: int) -> nn.Module:
    return nn.Identity() if input_size == width else nn.Linear(input_size, width)


def _initialize_linear(layer: nn.Module) -> None:
    for module in layer.modules():
        if isinstance(module, nn.Linear | nn.RMSNorm):
            module.reset_parameters()
    return
