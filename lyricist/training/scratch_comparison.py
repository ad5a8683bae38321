"""A new network beside a fine-tuned one, where it might be the better of the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from lyricist.network.model import CharRNN
from lyricist.text.spelling import novelty
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.candidates import Candidate
from lyricist.training.evaluation import MeasuredSongs
from lyricist.training.events import Event, Progress
from lyricist.training.recipes import Recipe
from lyricist.training.trainer import Trainer

# Beyond that it would take longer than the fine-tuning itself.
MAX_CHARACTERS = 200_000


def train_beside(
    training: Sequence[str],
    held_out: Sequence[str],
    recipe: Recipe,
    device: torch.device,
    *,
    seed: int = 0,
    time_budget: float | None = None,
    precision: str = "fp32",
    tokens_before: int = 0,
    on_event: Callable[[Event], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Candidate | None:
    """Train a network of `recipe` from fresh weights; None if it was stopped.

    Args:
        tokens_before: Characters that the run has read so far; progress is told on top of them.
        on_event: Told of progress only: the evaluations are no part of the run's curve.
    """
    vocabulary = Vocabulary.from_texts(training, recipe.min_count)
    new = novelty(Counter(character for text in training for character in text))
    torch.manual_seed(seed)
    network = CharRNN(recipe.model_config(len(vocabulary))).to(device)

    def tell(event: Event) -> None:
        if isinstance(event, Progress):
            on_event(replace(event, tokens=event.tokens + tokens_before))

    trainer = Trainer(
        network,
        [vocabulary.encode(text) for text in training],
        MeasuredSongs.of(held_out, vocabulary, new, recipe.song_boundaries),
        recipe,
        seed=seed,
        on_event=tell,
        should_stop=should_stop,
        time_budget=time_budget,
        precision=precision,
    )
    if trainer.run() == "cancelled":
        return None
    return Candidate("scratch", trainer.model, vocabulary, new, trainer.best.held_out_perplexity)
