"""How long a run will take, foretold from counts alone: no torch, and nothing is tried out.

A forecast may well be wrong by a factor of two, since the speeds below are those of a few machines.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path

from lyricist.network.card import ModelCard
from lyricist.network.config import ModelConfig
from lyricist.text.corpus_report import CorpusReport
from lyricist.text.vocabulary import NUM_SPECIAL
from lyricist.training.recipes import recipe_for
from lyricist.training.time_limit import seconds_for

# Forward and backward: two operations a weight, three times.
_OPERATIONS_A_WEIGHT = 6
_LONG_SECONDS = 3600.0
# Fine-tuning reads old songs too: some in every batch, and these characters after each pass and for
# each mixture of old and new weights, to see what is forgotten. Reading alone costs a third.
_REHEARSED = 15_000
_MIXTURES = 10


@dataclass(frozen=True)
class Speed:
    """operations: multiplications and additions a second in training. step_seconds: what one
    character of all rows of a batch costs besides."""

    operations: float
    step_seconds: float


# One core as measured on a Xeon with AMX: fine-tuning a net of 3.9 M weights at 8,200 characters/s.
_CORE_WITH_BF16 = Speed(150e9, 150e-6)
# One core of a laptop with AVX2.
_CORE = Speed(25e9, 150e-6)
_GPU = {"cuda": Speed(10e12, 150e-6), "mps": Speed(1e12, 500e-6)}


@dataclass(frozen=True)
class Forecast:
    """A run that makes all its passes.

    seconds: of the whole run. passes: over the songs. characters: read in one pass. can_stop: it
    ends earlier when the held-out songs get no easier. device: `cpu`, `cuda` or `mps`. limit:
    seconds after which it ends at the latest, None for never.
    """

    seconds: float
    passes: int
    characters: int
    can_stop: bool
    device: str
    limit: float | None = None

    @property
    def characters_per_second(self) -> float:
        """Speed of reading."""
        return self.passes * self.characters / self.seconds

    def sentence(self) -> str:
        """Return the forecast in words."""
        where = {"cpu": "the CPU", "cuda": "a GPU", "mps": "the GPU"}[self.device]
        passes = "1 pass" if self.passes == 1 else f"{self.passes:,} passes"
        is_cut = self.limit is not None and self.seconds > self.limit
        most = "at most " if self.can_stop or is_cut else ""
        seconds = min(self.seconds, self.limit or self.seconds)
        return f"training: about {duration(seconds)} on {where} ({most}{passes})"

    def advice(self) -> list[str]:
        """Return a remark where the run is so long that the writer may want another."""
        if self.seconds < _LONG_SECONDS:
            return []
        seconds = self.limit or 600.0
        read = self.characters_per_second * seconds
        share = min(read / self.characters, 1)
        other = "another" if self.limit else "a"
        return [
            f"this is a lot to learn: in {duration(seconds)} about {round_number(read):,} "
            f"characters are read ({share:.0%} of a pass); set {other} time limit or give fewer "
            "songs"
        ]


def forecast(
    report: CorpusReport,
    recipe: str,
    base: ModelCard | None = None,
    device: str = "auto",
    cores: int | None = None,
) -> Forecast:
    """Foretell a run on a corpus.

    Args:
        report: What the corpus holds.
        recipe: Name of a recipe.
        base: Card of the model that is fine-tuned.
        device: `auto` counts as the CPU, since only torch could tell.
        cores: Of the CPU, all of them if None.

    Raises:
        ModelError: If the base's card makes no sense.
        UsageError: If there is no such recipe.
    """
    chosen = recipe_for(recipe, report.characters, report.distinct_characters, report.songs > 1)
    if base is not None:
        shape = ModelConfig.from_card(base.architecture) if base.architecture else None
        weights = _multiplied(shape) if shape else base.parameters
    else:
        weights = _multiplied(chosen.model_config(report.distinct_characters + NUM_SPECIAL))
    kind = "cpu" if device == "auto" else device
    speed = _GPU.get(kind) or _cpu_speed(cores or os.cpu_count() or 1)
    characters = report.characters
    if chosen.max_characters:
        characters = min(characters, chosen.max_characters)
    # A batch of few rows keeps no machine busy.
    a_character = (
        _OPERATIONS_A_WEIGHT * weights / speed.operations + speed.step_seconds / chosen.batch_size
    )
    read = float(characters * chosen.epochs)
    if base is not None:
        read = read / (1 - chosen.replay) + _REHEARSED * (chosen.epochs + _MIXTURES) / 3
    return Forecast(
        seconds=max(read * a_character, 1.0),
        passes=chosen.epochs,
        characters=characters,
        can_stop=chosen.patience > 0 and report.songs > 1,
        device=kind,
        limit=seconds_for(report.characters) if base is not None else None,
    )


def duration(seconds: float) -> str:
    """Return a rounded duration: `20 s`, `4 min`, `3 h`, `2 days`."""
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{round_number(seconds / size):,} {unit}"
    return f"{round_number(seconds):,} s"


def round_number(number: float) -> int:
    """Return a number with one digit that counts, or two where it begins with 1."""
    digits = len(str(int(number))) - (2 if str(int(number))[0] == "1" else 1)
    size = 10 ** max(digits, 0)
    return max(1, round(number / size) * size)


def _multiplied(shape: ModelConfig) -> int:
    """Weights by which something is multiplied; rows that are looked up cost nothing."""
    looked_up = 0 if shape.tied else shape.vocabulary_size * shape.embedding_size
    if not shape.embedding_size:
        looked_up = shape.shapes["layers.0.weight_xh"][0] * shape.shapes["layers.0.weight_xh"][1]
    return shape.parameters - looked_up


def _cpu_speed(cores: int) -> Speed:
    one = _CORE_WITH_BF16 if _multiplies_bf16() else _CORE
    return Speed(one.operations * cores, one.step_seconds)


@functools.cache
def _multiplies_bf16() -> bool:
    """Whether this CPU has units for it; not, where the system does not tell."""
    try:
        return "amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
