"""Layers that multiply a whole sequence at once, for `networks` to measure beside the product's.

Each reads a whole sequence for training and one step for writing, as the product's layers do.

Sources: Feng et al. 2024 (minGRU, here in its plain form, not in logarithms); Bradbury et al. 2017
(QRNN with fo-pooling).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

_WIDER = 2
# What is kept at first is sigmoid(1) of the memory, as with the LSTM's forget gate.
_KEEP = 1.0


class _Blend(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, gate: Tensor, candidate: Tensor, start: Tensor) -> Tensor:
        update = torch.sigmoid(_exact(gate))
        new = _exact(candidate)
        outputs = torch.empty_like(update)
        hidden = start
        for t in range(new.shape[1]):
            hidden = torch.lerp(hidden, new[:, t], update[:, t], out=outputs[:, t])
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
        grad_start = kept[:, 0] * gradient[:, 0]
        grad_gate = candidate - torch.cat((start.unsqueeze(1), outputs[:, :-1]), dim=1)
        grad_gate.mul_(gradient).mul_(update).mul_(kept)
        grad_candidate = gradient.mul_(update)
        return grad_gate.to(candidate.dtype), grad_candidate.to(candidate.dtype), grad_start


def blend(gate: Tensor, candidate: Tensor, start: Tensor) -> Tensor:
    """Return all h_t = (1 - z_t) h_{t-1} + z_t candidate_t, where z = sigmoid(gate).

    One step after the other, in float32 or better; the steps hold no matrix product.

    Args:
        gate: (batch, num_steps, width).
        candidate: Of the same shape and type.
        start: h before the first step, (batch, width).

    Returns:
        h, (batch, num_steps, width).
    """
    blended: Tensor = _Blend.apply(gate, candidate, start)
    return blended


def _exact(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.dtype is torch.bfloat16 else tensor


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
        self.norm = nn.LayerNorm(width, bias=False)
        self.gates = nn.Linear(width, 2 * width)
        self.mlp = (
            nn.Sequential(
                nn.LayerNorm(width, bias=False),
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
        inputs, gate, candidate = self._gated(inputs)
        hidden = torch.lerp(state[0], candidate, torch.sigmoid(gate))
        return self._finished(inputs, hidden), hidden.unsqueeze(0)

    def forward(
        self, inputs: Tensor, state: Tensor, weight_drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Inputs (batch, num_steps, input_size) -> outputs (batch, num_steps, width), new state."""
        inputs, gate, candidate = self._gated(inputs)
        hidden = blend(gate, candidate, state[0])
        return self._finished(inputs, hidden), hidden[:, -1].unsqueeze(0)

    def _gated(self, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        inputs = self.entrance(inputs)
        gate, candidate = self.gates(self.norm(inputs)).chunk(2, dim=-1)
        return inputs, gate, candidate

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
        gate, candidate, output_gate = self._gated(inputs, state[1])
        memory = torch.lerp(state[0], candidate, torch.sigmoid(gate))
        return output_gate * memory, torch.stack((memory, inputs))

    def forward(
        self, inputs: Tensor, state: Tensor, weight_drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Inputs (batch, num_steps, input_size) -> outputs (batch, num_steps, width), new state."""
        inputs = self.entrance(inputs).float()
        before = torch.cat((state[1].unsqueeze(1), inputs[:, :-1]), dim=1)
        gate, candidate, output_gate = self._gated(inputs, before)
        memory = blend(gate, candidate, state[0])
        return output_gate * memory, torch.stack((memory[:, -1], inputs[:, -1]))

    def _gated(self, inputs: Tensor, before: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        gates = self.gates(torch.cat((before, inputs), dim=-1))
        gate, candidate, output_gate = gates.chunk(3, dim=-1)
        return gate, torch.tanh(candidate), torch.sigmoid(output_gate)


def _entrance(input_size: int, width: int) -> nn.Module:
    return nn.Identity() if input_size == width else nn.Linear(input_size, width)


def _initialize_linear(layer: nn.Module) -> None:
    for module in layer.modules():
        if isinstance(module, nn.Linear | nn.LayerNorm):
            module.reset_parameters()
