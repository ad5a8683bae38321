"""What follows a batch or an evaluation: samples for the writer's prefixes, and checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lyricist.errors import TrainingError
from lyricist.network.prediction import predict
from lyricist.network.torch_decoder import TorchDecoder
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.events import Checkpoint, Epoch, Event, Remark, Sample, Stopping
from lyricist.training.run_state import save_run
from lyricist.training.trainer import Trainer

_SAMPLE_LENGTH = 50
_SECONDS_BETWEEN_CHECKPOINTS = 10.0
# Writing may take so small a share of the time.
_SHARE_OF_WRITING = 0.05


class Reporter:
    """Samples and checkpoints of one run.

    Args:
        trainer: Of the run.
        vocabulary: Of its model.
        prefixes: Texts to go on from.
        sample_every: Epochs between samples.
        checkpoint: File of the run's state.
        identity: See `run_state`.
        on_event: Told of samples, checkpoints, and checkpoints that could not be written.
        should_stop: Asked between two samples.
    """

    def __init__(
        self,
        trainer: Trainer,
        vocabulary: Vocabulary,
        prefixes: Sequence[str],
        sample_every: int,
        checkpoint: Path,
        identity: dict[str, Any],
        on_event: Callable[[Event], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self._trainer = trainer
        self._vocabulary = vocabulary
        self._prefixes = prefixes
        self._sample_every = sample_every
        self._checkpoint = checkpoint
        self._identity = identity
        self._on_event = on_event
        self._should_stop = should_stop
        self._next_sample = float(sample_every)
        self._saved_at = time.monotonic()
        self._pause = _SECONDS_BETWEEN_CHECKPOINTS
        self._is_refused = False

    def evaluated(self, epoch: Epoch) -> None:
        """Follow an evaluation up."""
        if self._prefixes and epoch.epoch + 0.02 >= self._next_sample:
            self._next_sample = math.floor(epoch.epoch + 0.02) + self._sample_every
            self._sample(epoch)
        if time.monotonic() - self._saved_at >= self._pause:
            self._save(epoch.held_out_perplexity)

    def batch_done(self) -> None:
        """Follow a batch up: an evaluation may be long in coming."""
        if time.monotonic() - self._saved_at >= 3 * self._pause:
            self._save(None)

    def ended(self) -> None:
        """Say so if the run was cancelled, and keep the state in which it ended."""
        if not self._trainer.position.ended:
            self._on_event(Stopping())
        if self._trainer.position.tokens:
            self._save(None)

    def _save(self, held_out: float | None) -> None:
        trainer = self._trainer
        began = time.monotonic()
        try:
            save_run(self._checkpoint, trainer, self._identity)
        except TrainingError as error:
            # The run goes on: there may be space by the next time, and the one before stands.
            if not self._is_refused:
                self._on_event(Remark(f"{error}; the training goes on"))
            self._is_refused = True
        else:
            self._is_refused = False
            epoch = round(trainer.position.tokens / trainer.tokens_per_epoch, 3)
            self._on_event(Checkpoint(epoch, str(self._checkpoint), held_out))
        self._saved_at = time.monotonic()
        writing = (self._saved_at - began) / _SHARE_OF_WRITING
        self._pause = max(_SECONDS_BETWEEN_CHECKPOINTS, writing)

    def _sample(self, epoch: Epoch) -> None:
        trainer = self._trainer
        trainer.model.eval()
        decoder = TorchDecoder(trainer.model)
        for prefix in self._prefixes:
            if self._should_stop():
                break
            text = predict(
                decoder,
                self._vocabulary,
                prefix.replace("\n", " ") if trainer.recipe.newline_as_space else prefix,
                _SAMPLE_LENGTH,
                temperature=0.8,
                top_p=0.9,
                seed=trainer.seed,
                start_with_boundary=trainer.recipe.song_boundaries,
            )[0].text
            self._on_event(Sample(epoch.epoch, prefix, text))
        trainer.model.train()
