"""The training loop: backpropagation through time, clip, step, perplexity, keep the best.

The trainer knows nothing of files or screens: it is given encoded songs, calls back with events,
and hands out and takes back its whole state for resuming.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from typing import Any

import torch
from torch import Tensor

from lyricist.errors import TrainingError
from lyricist.network.model import CharRNN
from lyricist.text.score import perplexity
from lyricist.training.anchor import Anchor
from lyricist.training.averaging import WeightAverage
from lyricist.training.evaluation import MeasuredSongs, evaluate_songs
from lyricist.training.events import Epoch, Event, Progress, Remark
from lyricist.training.gradients import gradients_of
from lyricist.training.optimization import (
    landing,
    make_optimizer,
    one_cycle,
    set_learning_rate,
)
from lyricist.training.position import Best, Position
from lyricist.training.recipes import Recipe
from lyricist.training.replay import mixed, replay_batches, replayed_rows
from lyricist.training.sampling import (
    consecutive_batches,
    fit_batch_size,
    join_songs,
    num_batches,
    random_batches,
)
from lyricist.training.worker import Stopped, Worker

_PROGRESS_SECONDS = 0.5
_PLATEAU_FACTOR = 0.4
# After an explosion: a rate that is too high by less has been learning.
_ROLLBACK_FACTOR = 0.1
# Nothing that learns is so many times as wrong as guessing blindly.
_EXPLODED = 20.0


class _Exploded(Exception):
    """The loss or its gradient is beyond all sense."""


class Trainer:
    """Trains one model on one corpus.

    Args:
        model: Trained in place, on its own device.
        songs: Encoded training songs.
        held_out: Songs to stop by, None for none.
        recipe: All settings.
        seed: Decides batches and dropout.
        on_event: Called with progress and epoch events.
        should_stop: Asked all the time; True cancels within a moment.
        time_budget: Seconds after which the run ends, None for no limit. The learning rate has
            come down by then.
        precision: `bf16` runs matrix products in bfloat16 where that pays, `fp32` never does.
        replay: Encoded songs of which every batch holds the recipe's share besides.

    Attributes:
        start: The weights before training.
        best: The best evaluation and its weights.
        position: Where the run stands.
        random: The random state before the batch that is computed now, None between two.
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
        self.start = {name: t.detach().clone() for name, t in model.state_dict().items()}
        self.random: Tensor | None = None
        self._worker = Worker(should_stop)
        self._most_nats = _EXPLODED * math.log(model.config.vocabulary_size)

    def run(
        self,
        on_evaluated: Callable[[Epoch], None] = lambda event: None,
        on_batch: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> str:
        """Train until done and load the best weights into the model.

        Args:
            on_evaluated: Called after each evaluation, before the next batch.
            on_batch: Called after every other batch.
            on_end: Called at the end, before the best weights are loaded.

        Returns:
            Why it ended: `early_stop`, `epochs`, `time_budget` or `cancelled`.

        Raises:
            TrainingError: If the loss explodes a second time.
        """
        started = time.perf_counter() - self.position.seconds
        self.model.train()
        try:
            reason = self.position.ended or self._work(started, on_evaluated, on_batch)
        except Stopped:
            reason = "cancelled"
        finally:
            self._worker.close()
        self.position.ended = "" if reason == "cancelled" else reason
        on_end()
        if not self.best.weights:
            self.best = self._candidate(None)
        self.model.load_state_dict(self.best.weights)
        self.model.eval()
        return reason

    def _work(
        self,
        started: float,
        on_evaluated: Callable[[Epoch], None],
        on_batch: Callable[[], None],
    ) -> str:
        """Go through the batches; return why that ended."""
        last_progress = time.perf_counter()
        if self.position.is_due:
            reason = self._judge(started, on_evaluated)
            if reason:
                return reason
        for inputs, targets, ends_epoch in self._batches():
            try:
                self._step(inputs, targets)
            except _Exploded as error:
                self._roll_back(str(error))
            now = time.perf_counter()
            self.position.seconds = now - started
            self.position.is_due = self._is_due(ends_epoch) or self._is_over_time()
            if self.position.is_due:
                reason = self._judge(started, on_evaluated)
                if reason:
                    return reason
                last_progress = time.perf_counter()
                continue
            on_batch()
            if now - last_progress >= _PROGRESS_SECONDS:
                last_progress = now
                self._on_event(self._progress())
        return "epochs"

    def _judge(self, started: float, on_evaluated: Callable[[Epoch], None]) -> str:
        """Evaluate; return why the run ends now, or nothing."""
        over_time = self._is_over_time()
        event = self._evaluate(started)
        self._on_event(event)
        on_evaluated(event)
        if over_time:
            return "time_budget"
        if self.recipe.patience and self.position.stagnant >= self.recipe.patience:
            return "early_stop"
        return ""

    def _is_over_time(self) -> bool:
        return self.time_budget is not None and self.position.seconds >= self.time_budget

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
                yield inputs, targets, following is None
            self.position.batch = 0
            self.position.epoch = epoch + 1

    def _step(self, inputs: Tensor, targets: Tensor) -> float:
        """Learn from one mini-batch; returns its mean loss in nats.

        Raises:
            _Exploded: If it has taught nothing, see `_roll_back`.
        """
        self.random = torch.get_rng_state()
        set_learning_rate(self.optimizer, self._learning_rate())
        computed = self._worker.do(
            lambda: gradients_of(
                self.model, self.optimizer, self.recipe, self._autocast, self.state, inputs, targets
            )
        )
        # From here to the end nothing is abandoned: a batch has been learnt or it has not.
        self.position.batch += 1
        self.position.tokens += targets.numel()
        self.position.unjudged += targets.numel()
        self.random = None
        if not (math.isfinite(computed.norm) and computed.loss <= self._most_nats):
            raise _Exploded(f"{computed.loss:.3g}")
        self.optimizer.step()
        if self._anchor is not None:
            self._anchor.pull(self.position.lr)
        if self.average is not None:
            self.average.follow()
        # Truncated backpropagation through time: values go on, gradients do not.
        self.state = computed.state.detach().float()
        self.position.nats += computed.loss * targets.numel()
        self.position.scored += targets.numel()
        return computed.loss

    def _roll_back(self, loss: str) -> None:
        """Go back to the best weights and on at a lower rate, but only once.

        Raises:
            TrainingError: The second time.
        """
        position = self.position
        if position.rollbacks:
            raise TrainingError(
                f"the loss became {loss} after {position.tokens:,} characters, and so it did again "
                "at a tenth of the learning rate",
                "lower --lr or --clip",
            )
        position.rollbacks += 1
        position.rate *= _ROLLBACK_FACTOR
        position.lr *= _ROLLBACK_FACTOR
        position.nats, position.scored = 0.0, 0
        self.model.load_state_dict(self.best.weights or self.start)
        self.optimizer.state.clear()
        if self.average is not None:
            self.average.restart()
        self.state = None
        self._on_event(
            Remark(
                f"the loss became {loss} after {position.tokens:,} characters: back to the best "
                "weights and on at a tenth of the learning rate"
            )
        )

    def _judged_weights(self) -> AbstractContextManager[None]:
        return self.average.in_place() if self.average else nullcontext()

    def _autocast(self) -> AbstractContextManager[Any]:
        if self.precision != "bf16":
            return nullcontext()
        return torch.autocast(self.model.device.type, dtype=torch.bfloat16)

    def _learning_rate(self) -> float:
        if self.recipe.schedule == "one-cycle":
            self.position.lr = self.recipe.lr * one_cycle(self.fraction) * self.position.rate
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
        if self.position.unjudged >= self.recipe.evaluate_every:
            return True
        # Just before the end of an epoch an evaluation would only repeat the last one.
        return ends_epoch and self.position.unjudged >= min(
            self.recipe.evaluate_every // 2, self.tokens_per_epoch // 2
        )

    def _evaluate(self, started: float) -> Epoch:
        """Measure where the run stands and keep it if it is the best.

        Raises:
            Stopped: If it was cancelled meanwhile; the evaluation is then still to be done.
        """
        held_out = self._held_out_perplexity()
        train = perplexity(self.position.nats, self.position.scored)
        speed = self.position.tokens / max(self.position.seconds, 1e-9)
        position = self.position
        position.nats, position.scored, position.unjudged = 0.0, 0, 0
        position.is_due = False
        candidate = self._candidate(held_out, train)
        finite = all(bool(tensor.isfinite().all()) for tensor in candidate.weights.values())
        improved = finite and candidate.score < self.best.score
        lr = float(self.optimizer.param_groups[0]["lr"])
        if improved:
            self.best = candidate
            position.stagnant = 0
        else:
            position.stagnant += 1
            self._slow_down()
        position.seconds = time.perf_counter() - started
        return Epoch(
            epoch=candidate.epoch,
            tokens=position.tokens,
            seconds=round(position.seconds, 3),
            train_perplexity=train,
            held_out_perplexity=held_out,
            tokens_per_second=round(speed, 1),
            lr=lr,
            eta_seconds=self._eta(),
            best=improved,
        )

    def _held_out_perplexity(self) -> float | None:
        held_out = self.held_out
        if held_out is None:
            return None

        def measured() -> float:
            with self._autocast():
                score = evaluate_songs(self.model, held_out, should_stop=self._should_stop)
                return score.perplexity

        with self._judged_weights():
            return self._worker.do(measured)

    def _candidate(self, held_out: float | None, train: float | None = None) -> Best:
        """The weights as they are now, copied to the CPU."""
        if train is None:
            train = perplexity(self.position.nats, self.position.scored)
        weights = self.average.weights if self.average else self.model.state_dict()
        epoch = round(self.position.tokens / self.tokens_per_epoch, 3)
        copies = {name: tensor.detach().to("cpu", copy=True) for name, tensor in weights.items()}
        return Best(epoch, train, held_out, copies)

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
            train_perplexity=perplexity(self.position.nats, self.position.scored),
            tokens_per_second=round(self.position.tokens / max(self.position.seconds, 1e-9), 1),
            fraction=round(self.fraction, 4),
            eta_seconds=self._eta(),
        )

    def _eta(self) -> float | None:
        if self.fraction <= 0:
            return None
        return round(self.position.seconds * (1 - self.fraction) / self.fraction, 1)
