"""The index of what a run's model has learnt from, whatever of it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lyricist.errors import ModelError
from lyricist.library.models import find_model
from lyricist.network.training_index import TrainingIndex, load_index
from lyricist.training.finetuning import FineTuning


def seen_texts(texts: Iterable[str], tuning: FineTuning | None, kept: str) -> TrainingIndex | None:
    """Return the index for the model that goes into the library.

    A tuned model knows what its base was trained on, what was replayed, and the writer's songs; a
    new network only these; a base that is kept as it is none of them.

    Args:
        texts: The writer's songs that were learnt from.
        tuning: Where the run went on from a base.
        kept: `tuned`, `base` or `scratch`, as `candidates.Candidate.kind` has it.
    """
    if tuning is None or kept == "scratch":
        return TrainingIndex.of(texts)
    base = _index_of(tuning)
    if kept == "base":
        return base
    learnt = [*texts, *tuning.known.training]
    if base is None:
        return replace(TrainingIndex.of(learnt), complete=False)
    return base.extended(learnt)


def _index_of(tuning: FineTuning) -> TrainingIndex | None:
    """The base's index; one that is damaged tells as little as none."""
    try:
        return load_index(find_model(tuning.base.name), tuning.base.card.originality)
    except ModelError:
        return None
