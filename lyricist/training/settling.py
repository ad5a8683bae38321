"""The end of a run: which network goes into the library, with what numbers and what remark.

After a fine-tuning that is the best of the base as it is, the tuned one, and a new network where
that could win.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from lyricist.errors import TrainingError
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.candidates import Candidate
from lyricist.training.events import Event, Remark, Stopping
from lyricist.training.finetuning import FineTuning
from lyricist.training.recipes import Recipe, recipe_for
from lyricist.training.scratch_comparison import MAX_CHARACTERS, train_beside
from lyricist.training.trainer import Trainer

# Of the time of a fine-tuning, what a new network may take beside it.
_BESIDE_SHARE = 0.4


@dataclass(frozen=True)
class Outcome:
    """What goes into the library. numbers: for the card and the last event, None if unknown.

    remark: one line for the writer on what is kept and why. cancelled: the writer ended the run.
    """

    network: CharRNN
    vocabulary: Vocabulary
    recipe: Recipe
    numbers: dict[str, Any]
    remark: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class Beside:
    """Whether a new network is trained beside a fine-tuning, and the seconds of both together."""

    wanted: bool
    seconds: float | None

    @property
    def tuning_seconds(self) -> float | None:
        """What the fine-tuning may take."""
        return self.seconds and self.seconds * (1 - _BESIDE_SHARE if self.wanted else 1)

    def seconds_left(self, used: float) -> float | None:
        """What the new network may take after so many seconds."""
        return self.seconds and max(self.seconds * _BESIDE_SHARE, self.seconds - used)


def plan_beside(tuning: FineTuning, asked: bool | None, seconds: float | None) -> Beside:
    """Train a new network too if it is asked for, or where the base is of no use.

    Args:
        tuning: The fine-tuning.
        asked: Whether the writer wants it, None to decide here.
        seconds: For everything, None for no limit.
    """
    could_win = tuning.is_foreign and tuning.characters <= MAX_CHARACTERS
    return Beside(bool(tuning.held_out) and (could_win if asked is None else asked), seconds)


def settle(
    tuning: FineTuning,
    trainer: Trainer,
    vocabulary: Vocabulary,
    start: Mapping[str, Tensor],
    cancelled: bool,
    beside: Beside,
    on_event: Callable[[Event], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Return the best of what a fine-tuning leads to.

    Args:
        tuning: The fine-tuning.
        trainer: That of the tuned network, after its run.
        vocabulary: Of the tuned network.
        start: Weights before training.
        cancelled: The writer has ended the run and waits.
        beside: Whether to train a new network, and how long.
        on_event: Told of the new network's progress.
        should_stop: Asked between two of its batches.
    """
    new_network = None
    if beside.wanted and not cancelled:
        try:
            new_network = _new_network(tuning, trainer, beside, on_event, should_stop)
            cancelled = new_network is None
            if cancelled:
                on_event(Stopping())
        except TrainingError as error:
            # The other models can still be compared.
            on_event(Remark(f"no new network beside the tuned one: {error.cause}"))
    tuned = trainer.best.weights or trainer.model.state_dict()
    kept = tuning.choose(vocabulary, start, tuned, trainer.model, new_network, cancelled)
    learnt = trainer.best.as_dict() if kept.kind == "tuned" else {}
    numbers = {
        "epoch": learnt.get("epoch"),
        "train_perplexity": learnt.get("train_perplexity"),
        "held_out_perplexity": kept.held_out_perplexity,
        "novelty": kept.novelty,
        "kept": kept.kind,
        "alpha": kept.alpha,
        "base_held_out_perplexity": tuning.as_is.held_out_perplexity,
        "scratch_held_out_perplexity": new_network and new_network.held_out_perplexity,
        "unigram_perplexity": tuning.unigram,
        "forgotten": kept.forgets(tuning.as_is) if kept.known_perplexity else None,
    }
    recipe = _scratch_recipe(tuning) if kept.kind == "scratch" else trainer.recipe
    return Outcome(kept.network, kept.vocabulary, recipe, numbers, tuning.remark(kept), cancelled)


def _new_network(
    tuning: FineTuning,
    trainer: Trainer,
    beside: Beside,
    on_event: Callable[[Event], None],
    should_stop: Callable[[], bool],
) -> Candidate | None:
    """A network from fresh weights, measured like the others; None if the writer cancelled."""
    found = train_beside(
        tuning.training,
        tuning.held_out,
        _scratch_recipe(tuning),
        trainer.model.device,
        seed=trainer.seed,
        time_budget=beside.seconds_left(trainer.position.seconds),
        precision=trainer.precision,
        tokens_before=trainer.position.tokens,
        on_event=on_event,
        should_stop=should_stop,
    )
    return found and tuning.measured("scratch", found.network, found.vocabulary, found.novelty)


def _scratch_recipe(tuning: FineTuning) -> Recipe:
    distinct = len(set().union(*tuning.training))
    recipe = recipe_for("scratch", tuning.characters, distinct)
    return replace(recipe, song_boundaries=tuning.base.card.has_boundaries)
