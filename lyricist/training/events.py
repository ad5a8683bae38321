"""What a training run reports: one event a JSON line, the contract between trainer and screens."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from lyricist.text.display import visible

# In the environment of a run that the editor started: the number of the editor's process.
PARENT_VARIABLE = "LYRICIST_PARENT"
_MAX_CHARACTERS = 1000
_MAX_ITEMS = 100
_MAX_NUMBER = 10**15


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
class Remark:
    """Something that the writer should know; the run goes on."""

    message: str


@dataclass(frozen=True)
class Alive:
    """The process is there, whatever it is doing; told to the editor only, every few seconds."""


@dataclass(frozen=True)
class Stopping:
    """Cancelled: no more is learnt from here on, and the best is put away."""


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
    """The run went wrong: cause and mend in one line.

    model: the best before that, where there was one to keep.
    """

    message: str
    model: str | None = None


Event = (
    Started
    | Epoch
    | Progress
    | Sample
    | Checkpoint
    | Remark
    | Alive
    | Stopping
    | Finished
    | Cancelled
    | Failed
)

_KINDS: dict[str, type] = {
    "started": Started,
    "epoch": Epoch,
    "progress": Progress,
    "sample": Sample,
    "checkpoint": Checkpoint,
    "remark": Remark,
    "alive": Alive,
    "stopping": Stopping,
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

    Long texts are cut: what is shown is a line or two of them.

    Raises:
        ValueError: If the line is not an event, or a field of it is not what it should be.
    """
    try:
        fields: dict[str, Any] = json.loads(line)
        kind = _KINDS[fields.pop("event")]
        event: Event = kind(**{name: _cut(value) for name, value in fields.items()})
    except (KeyError, TypeError, AttributeError, RecursionError, ValueError) as error:
        raise ValueError(f"not a training event: {visible(str(error))[:100]}") from error
    for name, type_name in _FIELDS[kind].items():
        if not _CHECKS[type_name](getattr(event, name)):
            raise ValueError(f"not a training event: {name} is no {type_name}")
    return event


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_MAX_CHARACTERS]
    if isinstance(value, list):
        return tuple(_cut(item) for item in value[:_MAX_ITEMS])
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MAX_NUMBER


def _is_number(value: object) -> bool:
    """Infinity is one: a perplexity may be."""
    if isinstance(value, float):
        return value == value
    return _is_whole(value)


def _is_corpus(value: object) -> bool:
    """The counts that are shown are whole numbers; the rest is not looked at."""
    counts = ("songs", "held_out_songs")
    return isinstance(value, dict) and all(_is_whole(value.get(name, 0)) for name in counts)


_CHECKS: dict[str, Callable[[object], bool]] = {
    "str": _is_text,
    "str | None": lambda value: value is None or _is_text(value),
    "int": _is_whole,
    "float": _is_number,
    "float | None": lambda value: value is None or _is_number(value),
    "bool": lambda value: isinstance(value, bool),
    "tuple[str, ...]": lambda value: isinstance(value, tuple) and all(map(_is_text, value)),
    "dict[str, Any]": _is_corpus,
}
_FIELDS = {
    kind: {field.name: str(field.type) for field in dataclasses.fields(kind)}
    for kind in _KINDS.values()
}
