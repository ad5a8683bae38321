"""Named settings of a training run: `tutorial`, `scratch`, `finetune`.

`scratch` and `finetune` depend on the size of the corpus; every field can be overridden.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lyricist.errors import UsageError
from lyricist.network.config import ModelConfig
from lyricist.training.choices import OPTIMIZERS, SAMPLINGS, SCHEDULES

RECIPES = ("tutorial", "scratch", "finetune")


def _choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise UsageError(f"{what} {value!r} is unknown", f"use one of {', '.join(choices)}")


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a run, besides corpus, device and seed.

    random_offset: each pass cuts the text at other places. num_steps: characters of
    backpropagation through time. beta1, beta2: of AdamW. clip: θ of gradient clipping by global
    norm, 0 for none. epochs: at most so many passes. patience: evaluations without a lower
    held-out perplexity before the run stops, 0 for never. held_out: share of songs held out.
    min_count: rarer characters become unknown. max_characters: only the first so many, 0 for all.
    state_reset: chance that a carried state is zeroed between two batches. Without it the
    network meets a zero state once an epoch and reads the start of a song badly (Melis, Dyer &
    Blunsom 2018 use 0.01). evaluate_every: characters between evaluations; an epoch at most.
    ema: share of the averaged weights that a step keeps (see `averaging`), 0 for no average.
    replay: share of every batch that is songs the base knows. anchor: decay towards the weights at
    the start, as weight_decay is towards zero.
    """

    name: str
    cell: str = "lstm"
    activation: str = "tanh"
    embedding_size: int = 128
    hidden_size: int = 256
    num_layers: int = 1
    tied: bool = True
    dropout_in: float = 0.0
    dropout_hidden: float = 0.0
    dropout_out: float = 0.0
    weight_drop: float = 0.0
    sampling: str = "consecutive"
    random_offset: bool = True
    num_steps: int = 64
    batch_size: int = 32
    optimizer: str = "adamw"
    lr: float = 3e-3
    weight_decay: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.99
    schedule: str = "plateau"
    clip: float = 1.0
    epochs: int = 50
    patience: int = 3
    held_out: float = 0.05
    min_count: int = 1
    max_characters: int = 0
    newline_as_space: bool = False
    song_boundaries: bool = True
    state_reset: float = 0.05
    evaluate_every: int = 400_000
    ema: float = 0.0
    replay: float = 0.0
    anchor: float = 0.0

    def __post_init__(self) -> None:
        """Raise `UsageError` for settings that cannot be run."""
        _choice("sampling", self.sampling, SAMPLINGS)
        _choice("optimizer", self.optimizer, OPTIMIZERS)
        _choice("schedule", self.schedule, SCHEDULES)
        for name in ("num_steps", "batch_size", "epochs", "min_count", "evaluate_every"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}", "use at least 1")
        if not 0 < self.lr < math.inf:
            raise UsageError(f"the learning rate is {self.lr}", "use a number above 0")
        if not 0 <= self.clip < math.inf:
            raise UsageError(f"the clipping norm is {self.clip}", "use 0 (off) or more")
        for name in ("held_out", "state_reset", "beta1", "beta2", "ema", "replay"):
            if not 0 <= getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}", "use 0 to below 1")

    def model_config(self, vocabulary_size: int) -> ModelConfig:
        """Return the shape of a new network for this recipe."""
        return ModelConfig(
            vocabulary_size=vocabulary_size,
            cell=self.cell,
            activation=self.activation,
            embedding_size=self.embedding_size,
            hidden_size=self.hidden_size,
            num_layers=self.num_layers,
            tied=self.tied and self.embedding_size > 0,
            dropout_in=self.dropout_in,
            dropout_hidden=self.dropout_hidden,
            dropout_out=self.dropout_out,
            weight_drop=self.weight_drop,
        )


# Passes of a fine-tuning over a corpus of at most so many characters.
_FINETUNE_EPOCHS = ((20_000.0, 14), (150_000.0, 8), (400_000.0, 5), (math.inf, 3))

# The settings of the well-known tutorial; weights start Gaussian with deviation 0.01.
TUTORIAL = Recipe(
    name="tutorial",
    cell="rnn",
    embedding_size=0,
    hidden_size=256,
    tied=False,
    sampling="random",
    # Every pass cuts the text at the same places.
    random_offset=False,
    num_steps=35,
    batch_size=32,
    optimizer="sgd",
    lr=100.0,
    weight_decay=0.0,
    schedule="constant",
    clip=0.01,
    epochs=250,
    patience=0,
    held_out=0.0,
    max_characters=10_000,
    newline_as_space=True,
    song_boundaries=False,
    state_reset=0.0,
)


# Fewer characters are a handful of songs; more than the second number are a collection.
_FEW_CHARACTERS = 30_000
_MANY_CHARACTERS = 300_000
# With more distinct characters most weights belong to characters, not to the recurrent layer.
_MANY_DISTINCT = 500
# A wider network is slower to train and better in the end; from here on it comes to that.
LONG_SECONDS = 300.0


def recipe_for(
    name: str,
    characters: int,
    distinct: int,
    has_held_out: bool = True,
    time_budget: float | None = None,
) -> Recipe:
    """Return the recipe `name` for a corpus.

    Args:
        name: One of `RECIPES`.
        characters: Length of the corpus.
        distinct: Different characters in it.
        has_held_out: Whether songs are held out, so that a run can tell learning from memorizing.
        time_budget: Seconds that the run may take, None for no limit.

    Raises:
        UsageError: If there is no such recipe.
    """
    _choice("recipe", name, RECIPES)
    if name == "tutorial":
        return TUTORIAL
    if name == "finetune":
        return _finetune(characters)
    if characters < _FEW_CHARACTERS:
        return _few_songs(distinct) if has_held_out else _by_heart(characters)
    if characters < _MANY_CHARACTERS:
        return _many_songs(distinct)
    return _collection(distinct, time_budget)


def _finetune(characters: int) -> Recipe:
    """Small steps that come down to zero within the run, and songs that the base knows in between.

    Without replay the Chinese base read its own songs 54 % worse after learning 10,000 characters,
    with it 2 % better; the anchor takes a little more off. A higher rate learns no more and forgets
    more.
    """
    epochs = next(n for most, n in _FINETUNE_EPOCHS if characters <= most)
    return Recipe(
        name="finetune",
        dropout_in=0.1,
        dropout_hidden=0.1,
        dropout_out=0.2,
        num_steps=64,
        batch_size=16 if characters < 200_000 else 32,
        lr=5e-4,
        weight_decay=0.0,
        schedule="one-cycle",
        epochs=epochs,
        patience=4,
        replay=0.3,
        anchor=5.0,
    )


def _few_songs(distinct: int) -> Recipe:
    return Recipe(
        name="scratch",
        embedding_size=96,
        hidden_size=192,
        tied=distinct > _MANY_DISTINCT,
        dropout_in=0.2,
        dropout_out=0.4,
        num_steps=48,
        batch_size=8,
        lr=4e-3,
    )


def _by_heart(characters: int) -> Recipe:
    """A few songs and nothing to hold out: all that can be learnt is the text itself.

    Short steps of many rows side by side are what the machine computes fastest. Every batch holds
    a good part of the corpus, so its gradient is hardly noise: a high rate and a short memory of
    past gradients learn it in about twenty passes.
    """
    num_steps = 12
    return Recipe(
        name="scratch",
        embedding_size=128,
        hidden_size=256,
        tied=False,
        num_steps=num_steps,
        batch_size=min(64, max(4, characters // (10 * num_steps))),
        lr=3e-2,
        weight_decay=0.0,
        beta1=0.6,
        beta2=0.8,
        schedule="one-cycle",
        epochs=24,
        patience=0,
        state_reset=0.0,
    )


def _many_songs(distinct: int) -> Recipe:
    return Recipe(
        name="scratch",
        embedding_size=128,
        hidden_size=384,
        tied=distinct > _MANY_DISTINCT,
        dropout_in=0.15,
        dropout_out=0.4,
        batch_size=16,
        lr=3e-3,
    )


def _collection(distinct: int, time_budget: float | None) -> Recipe:
    """The rate falls with the share of the passes or of the time, whichever is further."""
    many = distinct > _MANY_DISTINCT
    longer = time_budget is not None and time_budget >= LONG_SECONDS
    return Recipe(
        name="scratch",
        embedding_size=256 if many else 64,
        hidden_size=768 if longer else 512,
        tied=many,
        dropout_in=0.1 if longer else 0.05,
        dropout_out=0.25 if longer else 0.1,
        num_steps=64,
        batch_size=64,
        lr=4e-3,
        weight_decay=0.05,
        schedule="one-cycle",
        epochs=12 if longer else 8,
        patience=0,
        evaluate_every=1_000_000,
    )
