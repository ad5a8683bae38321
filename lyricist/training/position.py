"""Where a training run stands, as plain numbers, and the best that it has found."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor


@dataclass
class Best:
    """The best evaluation so far and its weights (on the CPU)."""

    epoch: float = 0.0
    train_perplexity: float = math.inf
    held_out_perplexity: float | None = None
    weights: dict[str, Tensor] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """What the run minimizes: held-out perplexity, or training perplexity without one."""
        held_out = self.held_out_perplexity
        return self.train_perplexity if held_out is None else held_out

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers without the weights, infinities as None."""
        return {
            "epoch": self.epoch,
            "train_perplexity": _finite(self.train_perplexity),
            "held_out_perplexity": _finite(self.held_out_perplexity),
        }


@dataclass
class Position:
    """Where a run stands between two batches.

    batch: batches done in this epoch. stagnant: evaluations without gain. nats, scored, unjudged:
    training loss, characters that it is of, and characters since the last evaluation. is_due: the
    next thing to do is to evaluate. rate: factor on the schedule's learning rate. rollbacks: how
    often the loss has exploded. ended: why there is nothing more to do, empty before.
    """

    epoch: int = 0
    batch: int = 0
    tokens: int = 0
    seconds: float = 0.0
    stagnant: int = 0
    lr: float = 0.0
    nats: float = 0.0
    scored: int = 0
    unjudged: int = 0
    is_due: bool = False
    rate: float = 1.0
    rollbacks: int = 0
    ended: str = ""


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
