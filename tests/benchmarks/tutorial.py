"""The tutorial's own way, as the baseline: one-hot rows, a loop over steps, the prefix read anew.

`H_t = tanh(X_t W_xh + H_{t-1} W_hh + b_h)`, `O_t = H_t W_hq + b_q`; 256 hidden units, a vocabulary
of 1,027 characters, one character at a time, always the likeliest.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

VOCABULARY_SIZE = 1027
NUM_HIDDENS = 256


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
