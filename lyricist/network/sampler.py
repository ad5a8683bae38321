"""Drawing the next character from logits: temperature, top-k, top-p, greedy.

Sources: top-k, Fan et al. 2018; nucleus (top-p) sampling, Holtzman et al. 2020.
"""

from __future__ import annotations

import torch
from torch import Tensor

from lyricist.errors import UsageError


def check_sampling(temperature: float, top_k: int, top_p: float) -> None:
    """Raise `UsageError` for settings that no distribution can follow."""
    if not 0 <= temperature <= 10:
        raise UsageError(f"temperature {temperature} is out of range", "use 0 (greedy) to 10")
    if top_k < 0:
        raise UsageError(f"top-k {top_k} is negative", "use 0 (all) or a count")
    if not 0 < top_p <= 1:
        raise UsageError(f"top-p {top_p} is out of range", "use a share above 0, up to 1")


def draw(
    logits: Tensor,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Draw one index per row.

    Args:
        logits: (batch, vocabulary); minus infinity marks what must not be drawn.
        temperature: Divides the logits; 0 takes the likeliest.
        top_k: Draw among the k likeliest only; 0 means all.
        top_p: Draw among the fewest likeliest whose probabilities reach this sum.
        generator: Source of randomness.

    Returns:
        (batch,) indices.
    """
    if temperature == 0 or top_k == 1:
        return logits.argmax(dim=-1)
    logits = logits / temperature
    if top_k or top_p < 1:
        # Beyond a few hundred candidates the tail holds next to nothing; sorting it all is waste.
        width = min(top_k or 512, logits.shape[-1])
        values, indices = logits.topk(width, dim=-1)
        probabilities = values.softmax(dim=-1)
        if top_p < 1:
            total = logits.logsumexp(dim=-1, keepdim=True)
            mass = (values - (values.logsumexp(-1, keepdim=True) if top_k else total)).exp()
            before = mass.cumsum(dim=-1) - mass
            probabilities = probabilities.masked_fill(before >= top_p, 0.0)
        chosen = torch.multinomial(probabilities, 1, generator=generator)
        return indices.gather(-1, chosen).squeeze(-1)
    return torch.multinomial(logits.softmax(dim=-1), 1, generator=generator).squeeze(-1)
