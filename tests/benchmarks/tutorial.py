"""The tutorial's own way, as the baseline: one-hot rows, a loop over steps, the prefix read anew.

`H_t = tanh(X_t W_xh + H_{t-1} W_hh + b_h)`, `O_t = H_t W_hq + b_q`; 256 hidden units, a vocabulary
of 1,027 characters, one character at a time, always the likeliest.
"""

from __future__ import annotations

import time

import torch
from torch import Tensor
from torch.nn import functional as F

VOCABULARY_SIZE = 1027
NUM_HIDDENS = 256
NUM_STEPS = 35
BATCH_SIZE = 32
NUM_EPOCHS = 250
_LR = 100.0
_THETA = 0.01


def get_params() -> list[Tensor]:
    """W_xh, W_hh, b_h, W_hq, b_q; a prediction takes the same time with any weights."""
    shapes = (
        (VOCABULARY_SIZE, NUM_HIDDENS),
        (NUM_HIDDENS, NUM_HIDDENS),
        (NUM_HIDDENS,),
        (NUM_HIDDENS, VOCABULARY_SIZE),
        (VOCABULARY_SIZE,),
    )
    return [torch.randn(shape) * 0.01 for shape in shapes]


def predict(prefix: list[int], num_chars: int, params: list[Tensor]) -> list[int]:
    """Continue a prefix greedily, as the tutorial does: each character is one step of the loop."""
    w_xh, w_hh, b_h, w_hq, b_q = params
    state = torch.zeros(1, NUM_HIDDENS)
    output = [prefix[0]]
    for t in range(num_chars + len(prefix) - 1):
        inputs = F.one_hot(torch.tensor([output[-1]]), VOCABULARY_SIZE).float()
        state = torch.tanh(inputs @ w_xh + state @ w_hh + b_h)
        logits = state @ w_hq + b_q
        output.append(prefix[t + 1] if t < len(prefix) - 1 else int(logits.argmax(dim=1)))
    return output


def seconds_to_train(corpus: list[int], timed_epochs: int = 4) -> float:
    """Seconds of the tutorial's 250 epochs on a corpus of indices; all take as long as the few
    that are timed."""
    params = [param.requires_grad_() for param in get_params()]
    started = time.perf_counter()
    for epoch in range(timed_epochs + 1):
        if epoch == 1:
            started = time.perf_counter()
        _train_epoch(torch.tensor(corpus), params)
    return (time.perf_counter() - started) / timed_epochs * NUM_EPOCHS


def _train_epoch(corpus: Tensor, params: list[Tensor]) -> float:
    """Consecutive batches, truncated backpropagation, clipping by norm, SGD on a loss that is a
    mean; returns the sum of the losses."""
    w_xh, w_hh, b_h, w_hq, b_q = params
    rows = corpus[: len(corpus) // BATCH_SIZE * BATCH_SIZE].view(BATCH_SIZE, -1)
    state, total = torch.zeros(BATCH_SIZE, NUM_HIDDENS), 0.0
    for begin in range(0, rows.shape[1] - NUM_STEPS, NUM_STEPS):
        inputs = F.one_hot(rows[:, begin : begin + NUM_STEPS].T, VOCABULARY_SIZE).float()
        targets = rows[:, begin + 1 : begin + NUM_STEPS + 1].T
        state = state.detach()
        outputs = []
        for step in inputs:
            state = torch.tanh(step @ w_xh + state @ w_hh + b_h)
            outputs.append(state @ w_hq + b_q)
        loss = F.cross_entropy(torch.cat(outputs), targets.flatten())
        for param in params:
            param.grad = None
        loss.backward()
        gradients = [param.grad for param in params if param.grad is not None]
        norm = float(sum((gradient**2).sum() for gradient in gradients)) ** 0.5
        scale = min(1.0, _THETA / norm)
        with torch.no_grad():
            for param, gradient in zip(params, gradients, strict=True):
                param -= _LR * scale * gradient
        total += loss.item()
    return total
