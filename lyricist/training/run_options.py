"""What the writer asks of a training run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lyricist.text.cleaning import AS_IT_IS, Cleaning


@dataclass(frozen=True)
class RunOptions:
    """What the writer asked for.

    overrides: fields of `Recipe` given on the command line. replay: paths of songs that the base
    knows, in place of the shipped ones. may_forget: the base's own songs need not be remembered.
    compare_scratch: whether a new network is trained beside a fine-tuned one; None where it could
    win.
    """

    corpus: Sequence[str]
    cleaning: Cleaning = AS_IT_IS
    name: str | None = None
    base: str | None = None
    replay: Sequence[str] = ()
    may_forget: bool = False
    compare_scratch: bool | None = None
    recipe: str = "scratch"
    overrides: dict[str, Any] = field(default_factory=dict)
    held_out_file: str | None = None
    prefixes: Sequence[str] = ()
    sample_every: int = 1
    device: str = "auto"
    precision: str = "auto"
    num_threads: int | None = None
    time_budget: float | None = None
    seed: int = 0
    resume: bool = False
    command: str = ""
    licence: str = ""
    notes: str = ""
