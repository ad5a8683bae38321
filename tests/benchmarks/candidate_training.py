"""One training loop for all networks of `networks`, with a budget of processor seconds.

It is the product's step (its loss, optimizer, clipping, sampling), but the clock is this process's
own: what else the machine does changes nothing.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count

import torch
from torch import Tensor

from lyricist.network.model import CharRNN
from lyricist.text.corpus import read_corpus
from lyricist.text.spelling import novelty
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.averaging import WeightAverage
from lyricist.training.evaluation import MeasuredSongs, evaluate_songs
from lyricist.training.loss import linear_cross_entropy
from lyricist.training.optimization import (
    clip_gradients,
    make_optimizer,
    one_cycle,
    set_learning_rate,
)
from lyricist.training.recipes import Recipe
from lyricist.training.sampling import consecutive_batches, fit_batch_size
from lyricist.training.trainer import join_songs

# An average is of use once the weights no longer go far.
_AVERAGED_FROM = 0.5


@dataclass(frozen=True)
class Material:
    """What is learnt and what judges it. stream: (characters,) with song boundaries."""

    stream: Tensor
    held_out: MeasuredSongs
    vocabulary_size: int


@dataclass(frozen=True)
class Outcome:
    """characters: all that were trained on. seconds: of the processor, without the evaluation."""

    characters: int
    seconds: float
    bits_per_character: float


def read_material(corpus: str, held_out: str, min_count: int = 1) -> Material:
    """Read two files of songs."""
    texts, judges = (
        [song.text for song in read_corpus([path]).songs] for path in (corpus, held_out)
    )
    vocabulary = Vocabulary.from_texts(texts, min_count)
    new = novelty(Counter(character for text in texts for character in text))
    return Material(
        join_songs([vocabulary.encode(text) for text in texts], True),
        MeasuredSongs.of(judges, vocabulary, new),
        len(vocabulary),
    )


def train(
    network: CharRNN,
    recipe: Recipe,
    material: Material,
    seconds: float,
    precision: torch.dtype,
    seed: int = 0,
) -> Outcome:
    """Train for so many processor seconds, the rate coming down to zero by then, and evaluate.

    Args:
        network: Trained in place.
        recipe: Its settings, but for the schedule and the number of passes.
        material: The songs.
        seconds: Budget.
        precision: Of the matrix products.
        seed: Decides batches and dropout.
    """
    torch.manual_seed(seed)
    betas = recipe.beta1, recipe.beta2
    optimizer = make_optimizer(network, recipe.optimizer, recipe.lr, recipe.weight_decay, betas)
    average: WeightAverage | None = None
    state: Tensor | None = None
    characters, spent = 0, 0.0
    network.train()
    started = time.process_time()
    for inputs, targets, is_first in _passes(material.stream, recipe, seed):
        if state is None or is_first:
            state = network.begin_state(inputs.shape[0])
        elif recipe.state_reset:
            state = state * (torch.rand(inputs.shape[0], 1) >= recipe.state_reset)
        set_learning_rate(optimizer, recipe.lr * one_cycle(spent / seconds))
        with _autocast(precision):
            features, state = network.features(inputs, state)
            features = network.projected(features)
        loss = linear_cross_entropy(
            features.flatten(0, 1),
            network.output_weight,
            network.bias_q,
            targets.flatten(),
            precision,
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if recipe.clip:
            clip_gradients(network.parameters(), recipe.clip)
        if not math.isfinite(loss.item()):
            return Outcome(characters, spent, math.inf)
        optimizer.step()
        if recipe.ema and spent >= _AVERAGED_FROM * seconds:
            average = average or WeightAverage(network, recipe.ema)
            average.follow()
        state = state.detach().float()
        characters += targets.numel()
        spent = time.process_time() - started
        if spent >= seconds:
            break
    with _autocast(precision), average.in_place() if average else nullcontext():
        bits = evaluate_songs(network, material.held_out).bits_per_character
    return Outcome(characters, spent, bits)


def _passes(stream: Tensor, recipe: Recipe, seed: int) -> Iterator[tuple[Tensor, Tensor, bool]]:
    """Yield (inputs, targets, first of its pass) without end."""
    rows, num_steps = fit_batch_size(len(stream), recipe.batch_size, recipe.num_steps)
    for epoch in count():
        generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
        batches = consecutive_batches(stream, rows, num_steps, generator, recipe.random_offset)
        for number, (inputs, targets) in enumerate(batches):
            yield inputs, targets, number == 0


def _autocast(precision: torch.dtype) -> torch.autocast:
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision is torch.bfloat16)
