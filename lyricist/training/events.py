"""What a training run reports: one event a JSON line, the contract between trainer and screens."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Started:
    """The run begins. `corpus` is the corpus report as plain fields; `total_epochs` an upper bound.

    `warnings` are one-line remarks for the writer (tiny corpus, guessed encoding, ...).
    """

    name: str
    recipe: str
    device: str
    parameters: int
    vocabulary_size: int
    total_epochs: int
    tokens_per_epoch: int
    corpus: dict[str, Any]
    base: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Epoch:
    """One pass (or one evaluation interval) is done.

    epoch: passes over the corpus so far, fractional inside a pass. tokens: characters seen so far.
    seconds: since the start. eta_seconds: at most this long still, None if unknown.
    held_out_perplexity: None when there is no held-out text.
    """

    epoch: float
    tokens: int
    seconds: float
    train_perplexity: float
    held_out_perplexity: float | None
    tokens_per_second: float
    lr: float = 0.0
    eta_seconds: float | None = None
    best: bool = False


@dataclass(frozen=True)
class Progress:
    """A sign of life between evaluations: share of the whole run done, 0 to 1."""

    epoch: float
    tokens: int
    seconds: float
    train_perplexity: float
    tokens_per_second: float
    fraction: float
    eta_seconds: float | None = None


@dataclass(frozen=True)
class Sample:
    """A continuation of one of the writer's prefixes by the network as it is now."""

    epoch: float
    prefix: str
    text: str


@dataclass(frozen=True)
class Checkpoint:
    """The run's state is on disk; `--resume` goes on from here."""

    epoch: float
    path: str
    held_out_perplexity: float | None


@dataclass(frozen=True)
class Finished:
    """The best model is in the library. `best` holds its epoch and perplexities.

    After a fine-tuning `best["kept"]` is `tuned`, `base` or `scratch`: which model was best.
    reason: early_stop, epochs, time_budget. remark: one line on what was kept and why.
    """

    model: str
    path: str
    best: dict[str, Any]
    seconds: float
    reason: str
    remark: str = ""


@dataclass(frozen=True)
class Cancelled:
    """Stopped by the writer; `model` is None when no checkpoint had been kept yet."""

    model: str | None
    path: str | None
    best: dict[str, Any]
    seconds: float


@dataclass(frozen=True)
class Failed:
    """The run ended without a model: cause and mend in one line."""

    message: str


Event = Started | Epoch | Progress | Sample | Checkpoint | Finished | Cancelled | Failed

_KINDS: dict[str, type] = {
    "started": Started,
    "epoch": Epoch,
    "progress": Progress,
    "sample": Sample,
    "checkpoint": Checkpoint,
    "finished": Finished,
    "cancelled": Cancelled,
    "failed": Failed,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_line(event: Event) -> str:
    """Return `event` as one line of JSON with its kind under `event`, newline included."""
    return json.dumps({"event": _NAMES[type(event)], **asdict(event)}) + "\n"


def from_line(line: str | bytes) -> Event:
    """Parse one line.

    Raises:
        ValueError: If the line is not an event.
    """
    try:
        fields: dict[str, Any] = json.loads(line)
        kind = _KINDS[fields.pop("event")]
        if kind is Started:
            fields["warnings"] = tuple(fields.get("warnings", ()))
        event: Event = kind(**fields)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"not a training event: {error}") from error
    return event
