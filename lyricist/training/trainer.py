"""The training loop: backpropagation through time, clip, step, perplexity, keep the best.

The trainer knows nothing of files or screens: it is given encoded songs, calls back with events,
and hands out and takes back its whole state for resuming.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import torch
from torch import Tensor

from lyricist.errors import TrainingError
from lyricist.network.model import CharRNN
from lyricist.text.score import perplexity
from lyricist.text.vocabulary import BOUNDARY_INDEX
from lyricist.training.anchor import Anchor
from lyricist.training.averaging import WeightAverage
from lyricist.training.evaluation import MeasuredSongs, evaluate_songs
from lyricist.training.events import Epoch, Event, Progress
from lyricist.training.loss import linear_cross_entropy
from lyricist.training.optimization import (
    clip_gradients,
    landing,
    make_optimizer,
    one_cycle,
    set_learning_rate,
)
from lyricist.training.recipes import Recipe
from lyricist.training.replay import mixed, replay_batches, replayed_rows
from lyricist.training.sampling import (
    consecutive_batches,
    fit_batch_size,
    num_batches,
    random_batches,
)

_PROGRESS_SECONDS = 0.5
_PLATEAU_FACTOR = 0.4


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
    """Where a run stands. batch: batches done in this epoch. stagnant: evaluations without gain."""

    epoch: int = 0
    batch: int = 0
    tokens: int = 0
    seconds: float = 0.0
    stagnant: int = 0
    lr: float = 0.0


class Trainer:
    """Trains one model on one corpus.

    Args:
        model: Trained in place, on its own device.
        songs: Encoded training songs.
        held_out: Songs to stop by, None for none.
        recipe: All settings.
        seed: Decides batches and dropout.
        on_event: Called with progress and epoch events.
        should_stop: Asked between two batches; True cancels.
        time_budget: Seconds after which the run ends, None for no limit. The learning rate has
            come down by then.
        precision: `bf16` runs matrix products in bfloat16 where that pays, `fp32` never does.
        replay: Encoded songs of which every batch holds the recipe's share besides.
    """

    def __init__(
        self,
        model: CharRNN,
        songs: Sequence[Sequence[int]],
        held_out: MeasuredSongs | None,
        recipe: Recipe,
        seed: int = 0,
        on_event: Callable[[Event], None] = lambda event: None,
        should_stop: Callable[[], bool] = lambda: False,
        time_budget: float | None = None,
        precision: str = "fp32",
        replay: Sequence[Sequence[int]] = (),
    ) -> None:
        self.model = model
        self.recipe = recipe
        self.held_out = held_out
        self.seed = seed
        self.time_budget = time_budget
        self.precision = precision
        self._on_event = on_event
        self._should_stop = should_stop
        self.stream = join_songs(songs, recipe.song_boundaries)
        if len(self.stream) < 3:
            raise TrainingError("the corpus is too short to train on", "add more text")
        self.replay_stream = join_songs(replay, recipe.song_boundaries)
        share = recipe.replay if replay else 0.0
        own_rows = recipe.batch_size - replayed_rows(recipe.batch_size, share)
        self.own_rows, self.num_steps = fit_batch_size(len(self.stream), own_rows, recipe.num_steps)
        self.replay_rows = min(
            round(self.own_rows * share / (1 - share)),
            max(0, len(self.replay_stream) // (self.num_steps + 1) - 1),
        )
        batches = num_batches(len(self.stream), self.own_rows, self.num_steps)
        self.tokens_per_epoch = batches * (self.own_rows + self.replay_rows) * self.num_steps
        self.average = WeightAverage(model, recipe.ema) if recipe.ema else None
        self._anchor = Anchor(model, recipe.anchor) if recipe.anchor else None
        betas = recipe.beta1, recipe.beta2
        self.optimizer = make_optimizer(
            model, recipe.optimizer, recipe.lr, recipe.weight_decay, betas
        )
        self.position = Position(lr=recipe.lr)
        self.best = Best()
        self.state: Tensor | None = None
        self._nats = 0.0
        self._scored = 0
        self._since_evaluation = 0

    def run(self, on_evaluated: Callable[[Epoch], None] = lambda event: None) -> str:
        """Train until done and load the best weights into the model.

        Args:
            on_evaluated: Called after each evaluation, before the next batch.

        Returns:
            Why it ended: `early_stop`, `epochs`, `time_budget` or `cancelled`.

        Raises:
            TrainingError: If the loss is not finite.
        """
        started = time.perf_counter() - self.position.seconds
        last_progress = started
        self.model.train()
        reason = "epochs"
        for inputs, targets, ends_epoch in self._batches():
            loss = self._step(inputs, targets)
            now = time.perf_counter()
            self.position.seconds = now - started
            if not math.isfinite(loss):
                raise TrainingError(
                    f"the loss became {loss} after {self.position.tokens:,} characters",
                    "lower --lr or --clip",
                )
            over_time = self.time_budget is not None and self.position.seconds >= self.time_budget
            cancelled = self._should_stop()
            if self._is_due(ends_epoch) or over_time or cancelled:
                if cancelled and self.best.weights:
                    reason = "cancelled"
                    break
                event = self._evaluate(started)
                self._on_event(event)
                on_evaluated(event)
                last_progress = time.perf_counter()
                if cancelled or over_time:
                    reason = "cancelled" if cancelled else "time_budget"
                    break
                if self.recipe.patience and self.position.stagnant >= self.recipe.patience:
                    reason = "early_stop"
                    break
            elif now - last_progress >= _PROGRESS_SECONDS:
                last_progress = now
                self._on_event(self._progress())
        if self.best.weights:
            self.model.load_state_dict(self.best.weights)
        self.model.eval()
        return reason

    def _batches(self) -> Iterator[tuple[Tensor, Tensor, bool]]:
        """Yield (inputs, targets, last of its epoch) from the current position on."""
        sampler = random_batches if self.recipe.sampling == "random" else consecutive_batches
        for epoch in range(self.position.epoch, self.recipe.epochs):
            self.position.epoch = epoch
            generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
            batches = sampler(
                self.stream, self.own_rows, self.num_steps, generator, self.recipe.random_offset
            )
            if self.replay_rows:
                replay = replay_batches(
                    self.replay_stream, self.replay_rows, self.num_steps, generator
                )
                batches = mixed(batches, replay)
            skip = self.position.batch
            if skip == 0:
                self.state = None
            pending = next(batches, None)
            for number, following in enumerate(chain(batches, (None,))):
                assert pending is not None
                inputs, targets = pending
                pending = following
                if number < skip:
                    continue
                self.position.batch = number + 1
                yield inputs, targets, following is None
            self.position.batch = 0
            self.position.epoch = epoch + 1

    def _step(self, inputs: Tensor, targets: Tensor) -> float:
        """One mini-batch; returns its mean loss in nats."""
        recipe, device = self.recipe, self.model.device
        inputs, targets = inputs.to(device), targets.to(device)
        if recipe.sampling == "random" or self.state is None:
            self.state = self.model.begin_state(inputs.shape[0])
        elif recipe.state_reset:
            keep = torch.rand(inputs.shape[0], 1, device=device) >= recipe.state_reset
            self.state = self.state * keep
        set_learning_rate(self.optimizer, self._learning_rate())
        with self._autocast():
            features, state = self.model.features(inputs, self.state)
            features = self.model.projected(features)
        loss = linear_cross_entropy(
            features.flatten(0, 1),
            self.model.output_weight,
            self.model.bias_q,
            targets.flatten(),
            torch.bfloat16 if self.precision == "bf16" else torch.float32,
        )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if recipe.clip:
            clip_gradients(self.model.parameters(), recipe.clip)
        value = loss.item()
        if math.isfinite(value):
            self.optimizer.step()
            if self._anchor is not None:
                self._anchor.pull(self.position.lr)
            if self.average is not None:
                self.average.follow()
        # Truncated backpropagation through time: values go on, gradients do not.
        self.state = state.detach().float()
        self._nats += value * targets.numel()
        self._scored += targets.numel()
        self.position.tokens += targets.numel()
        self._since_evaluation += targets.numel()
        return value

    def _judged_weights(self) -> AbstractContextManager[None]:
        return self.average.in_place() if self.average else nullcontext()

    def _autocast(self) -> AbstractContextManager[Any]:
        if self.precision != "bf16":
            return nullcontext()
        return torch.autocast(self.model.device.type, dtype=torch.bfloat16)

    def _learning_rate(self) -> float:
        if self.recipe.schedule == "one-cycle":
            self.position.lr = self.recipe.lr * one_cycle(self.fraction)
        elif self.recipe.schedule == "plateau" and self.time_budget:
            return self.position.lr * landing(self.position.seconds / self.time_budget)
        return self.position.lr

    @property
    def fraction(self) -> float:
        """Share of the run that is done, by characters or by the clock, whichever is further."""
        done = self.position.tokens / (self.recipe.epochs * self.tokens_per_epoch)
        if self.time_budget:
            done = max(done, self.position.seconds / self.time_budget)
        return min(done, 1.0)

    def _is_due(self, ends_epoch: bool) -> bool:
        if self._since_evaluation >= self.recipe.evaluate_every:
            return True
        # Just before the end of an epoch an evaluation would only repeat the last one.
        return ends_epoch and self._since_evaluation >= min(
            self.recipe.evaluate_every // 2, self.tokens_per_epoch // 2
        )

    def _evaluate(self, started: float) -> Epoch:
        train = perplexity(self._nats, self._scored)
        speed = self.position.tokens / max(self.position.seconds, 1e-9)
        self._nats, self._scored, self._since_evaluation = 0.0, 0, 0
        held_out = None
        if self.held_out is not None:
            with self._autocast(), self._judged_weights():
                held_out = evaluate_songs(self.model, self.held_out).perplexity
        epoch = self.position.tokens / self.tokens_per_epoch
        candidate = Best(epoch, train, held_out)
        improved = candidate.score < self.best.score
        lr = float(self.optimizer.param_groups[0]["lr"])
        if improved:
            weights = self.average.weights if self.average else self.model.state_dict()
            candidate.weights = {
                name: tensor.detach().to("cpu", copy=True) for name, tensor in weights.items()
            }
            self.best = candidate
            self.position.stagnant = 0
        else:
            self.position.stagnant += 1
            self._slow_down()
        self.position.seconds = time.perf_counter() - started
        return Epoch(
            epoch=round(epoch, 3),
            tokens=self.position.tokens,
            seconds=round(self.position.seconds, 3),
            train_perplexity=train,
            held_out_perplexity=held_out,
            tokens_per_second=round(speed, 1),
            lr=lr,
            eta_seconds=self._eta(),
            best=improved,
        )

    def _slow_down(self) -> None:
        """After an evaluation without gain: back to the best weights at a lower rate."""
        if self.recipe.schedule == "plateau" and self.best.weights:
            self.model.load_state_dict(self.best.weights)
            if self.average is not None:
                self.average.restart()
            self.position.lr *= _PLATEAU_FACTOR

    def _progress(self) -> Progress:
        return Progress(
            epoch=round(self.position.tokens / self.tokens_per_epoch, 3),
            tokens=self.position.tokens,
            seconds=round(self.position.seconds, 3),
            train_perplexity=perplexity(self._nats, self._scored),
            tokens_per_second=round(self.position.tokens / max(self.position.seconds, 1e-9), 1),
            fraction=round(self.fraction, 4),
            eta_seconds=self._eta(),
        )

    def _eta(self) -> float | None:
        if self.fraction <= 0:
            return None
        return round(self.position.seconds * (1 - self.fraction) / self.fraction, 1)


def join_songs(songs: Sequence[Sequence[int]], song_boundaries: bool) -> Tensor:
    """Return one stream (characters,), each song led and followed by the boundary if wanted."""
    if not song_boundaries:
        return torch.tensor([index for song in songs for index in song], dtype=torch.long)
    pieces = chain.from_iterable(([BOUNDARY_INDEX], song) for song in songs)
    stream = [index for piece in pieces for index in piece]
    return torch.tensor([*stream, BOUNDARY_INDEX], dtype=torch.long)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
