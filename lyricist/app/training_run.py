"""A training run as the editor sees it: the child process, its events so far, and how it stands.

The app holds the run, so that it goes on whatever screen is shown. Screens only read it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from textual.message import Message

from lyricist.app.child_ending import ended_from_outside, last_line
from lyricist.app.comparison import Comparison
from lyricist.app.train_form import TrainForm, train_command
from lyricist.library.settings import Settings
from lyricist.text.display import visible
from lyricist.training.events import (
    PARENT_VARIABLE,
    Alive,
    Cancelled,
    Checkpoint,
    Epoch,
    Event,
    Failed,
    Finished,
    Progress,
    Remark,
    Sample,
    Started,
    Stopping,
    from_line,
)

_MAX_LINE_BYTES = 1 << 20
_KILL_AFTER = 10.0
# A child that does not even say that it is there will not listen either.
_KILL_UNRESPONSIVE_AFTER = 0.5
_UNRESPONSIVE_AFTER = 8.0
_QUIET_AFTER = 15.0
_SILENCE_CHECK = 1.0
# The app is closing: time for the child to write its state down, and to be gone in all of 2 s.
_LAST_SECONDS = 1.0
_KEPT_SAMPLES = 200
_KEPT_EPOCHS = 10_000
_KEPT_REMARKS = 5
_REASONS = {
    "early_stop": "it stopped by itself: the held-out songs no longer got better",
    "epochs": "all passes over the songs are done",
    "time_budget": "the time is up",
}


class TrainingHost(Protocol):
    """What the Train and Models screens need of the app."""

    settings: Settings
    training: TrainingRun | None

    @property
    def current_model(self) -> str:
        """Name of the model that suggests now."""

    def current_text(self) -> str:
        """Return the song in the editor."""

    def use_model(self, name: str) -> None:
        """Let another model suggest."""

    def save_settings(self) -> None:
        """Write the settings down."""


class TrainingRun:
    """One child `lyricist train --json`: starts it, reads its events, stops it.

    Args:
        form: What is trained.
        post: Given a `Changed` message after every change, e.g. `app.post_message`.
        earlier: The run that this one resumes; its curve and samples are taken over.

    Attributes:
        status: `starting`, `running`, `finished`, `cancelled` or `failed`.
        message: One line on how it ended, empty while it runs.
        changes: Counts up with every change.
        remarks: What the writer should know of it, the newest last.
        seen: The writer has taken note of the end.
        comparison: Its model beside the one in use, once that has been measured.
    """

    class Changed(Message):
        """The run has news."""

        def __init__(self, run: TrainingRun) -> None:
            super().__init__()
            self.run = run

    def __init__(
        self,
        form: TrainForm,
        post: Callable[[Message], object] = lambda message: None,
        earlier: TrainingRun | None = None,
    ) -> None:
        self.form = form
        self.status = "starting"
        self.message = ""
        self.changes = 0
        self.seen = False
        self.stopping = False
        self.started: Started | None = None
        self.progress: Progress | None = None
        self.checkpoint: Checkpoint | None = earlier.checkpoint if earlier else None
        self.finished: Finished | None = None
        self.comparison: Comparison | None = None
        self.epochs: list[Epoch] = list(earlier.epochs) if earlier else []
        self.samples: deque[Sample] = deque(earlier.samples if earlier else (), _KEPT_SAMPLES)
        self.remarks: deque[str] = deque(maxlen=_KEPT_REMARKS)
        self._post = post
        self._kept_model: str | None = None
        self._last_news = self._last_sign = time.monotonic()
        self._tells_life = False
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._killer: asyncio.TimerHandle | None = None

    @property
    def name(self) -> str:
        """Name of the model in the making."""
        return self.started.name if self.started else self.form.name

    @property
    def model(self) -> str | None:
        """Name of the model that the run has put into the library, None before."""
        return self.finished.model if self.finished else self._kept_model

    @property
    def is_active(self) -> bool:
        """Whether it still works."""
        return self.status in ("starting", "running")

    @property
    def can_resume(self) -> bool:
        """Whether `--resume` may find a checkpoint."""
        kept = self.checkpoint is not None or self._kept_model is not None
        return self.status in ("cancelled", "failed") and kept

    @property
    def best(self) -> Epoch | None:
        """The evaluation whose weights are kept."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)

    @property
    def newest(self) -> Epoch | Progress | None:
        """The latest sign of life that carries numbers."""
        epoch = self.epochs[-1] if self.epochs and self.started else None
        if epoch and (self.progress is None or self.progress.tokens < epoch.tokens):
            return epoch
        return self.progress

    @property
    def fraction(self) -> float:
        """Share of the run that is done, 0 to 1."""
        if self.status == "finished":
            return 1.0
        newest = self.newest
        if isinstance(newest, Progress):
            return min(max(newest.fraction, 0.0), 1.0)
        if newest is None or newest.eta_seconds is None:
            return 0.0
        return newest.seconds / max(newest.seconds + newest.eta_seconds, 1e-9)

    @property
    def eta_seconds(self) -> float | None:
        """Seconds that it lasts at most, None if unknown."""
        return self.newest.eta_seconds if self.newest and self.is_active else None

    @property
    def quiet_seconds(self) -> float:
        """Seconds since the last sign of life, 0 as long as that is no reason for a remark."""
        quiet = time.monotonic() - self._last_news
        return quiet if self.is_active and quiet > _QUIET_AFTER else 0.0

    @property
    def is_unresponsive(self) -> bool:
        """Whether the child gives no sign of life any more, though it has promised to."""
        silent = time.monotonic() - self._last_sign > _UNRESPONSIVE_AFTER
        return self.is_active and self._tells_life and silent

    def status_line(self) -> str:
        """Return how it stands, for a status bar; empty when there is nothing to tell."""
        name = visible(self.name)
        if self.seen and not self.is_active:
            return ""
        if self.status == "finished":
            return f"{name} is ready · Ctrl+T"
        if not self.is_active:
            return f"training {name} {self.status} · Ctrl+T"
        if self.stopping:
            return f"training {name} · stopping"
        if self.is_unresponsive:
            return f"training {name} · not responding"
        if self.status == "starting" or self.newest is None:
            return f"training {name} · starting"
        parts = [f"training {name} {self.fraction * 100:.0f} %"]
        if self.epochs and self.epochs[-1].held_out_perplexity is not None:
            parts.append(f"held-out {self.epochs[-1].held_out_perplexity:.1f}")
        else:
            parts.append(f"perplexity {self.newest.train_perplexity:.1f}")
        if self.quiet_seconds:
            parts.append(f"no news for {clock(self.quiet_seconds)}")
        elif self.eta_seconds is not None:
            parts.append(f"{clock(self.eta_seconds)} left")
        return " · ".join(parts)

    def start(self, command: Sequence[str] | None = None) -> None:
        """Run in the background of the running event loop.

        Raises:
            UsageError: If the form asks for what cannot be.
        """
        command = command or train_command(self.form)
        self._task = asyncio.get_running_loop().create_task(self.run(command))

    async def run(self, command: Sequence[str]) -> None:
        """Start `command` and follow it to its end; never raises for anything the child does."""
        try:
            process = self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_MAX_LINE_BYTES,
                # A Ctrl+C meant for the editor must not end the training.
                start_new_session=True,
                # The child watches this process and stops when it is gone.
                env={**os.environ, PARENT_VARIABLE: str(os.getpid())},
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._end("failed", f"training cannot start: {reason}")
            return
        if self.stopping:
            self.terminate()
        assert process.stdout is not None and process.stderr is not None
        complaints = asyncio.create_task(last_line(process.stderr))
        silence = asyncio.create_task(self._tell_of_silence())
        try:
            await self._follow(process.stdout)
            self._settle(await process.wait(), await complaints)
        except asyncio.CancelledError:
            # The app is closing: leave the child the time to keep its best weights.
            await self._wait_for_end()
            raise
        finally:
            complaints.cancel()
            silence.cancel()
            if self._killer is not None:
                self._killer.cancel()

    def cancel(self) -> None:
        """Ask the child to keep its best weights and end; kill it if it does not within 10 s, or at
        once where it does not respond."""
        if not self.is_active or self.stopping:
            return
        patience = _KILL_UNRESPONSIVE_AFTER if self.is_unresponsive else _KILL_AFTER
        self.stopping = True
        self.terminate()
        self._killer = asyncio.get_running_loop().call_later(patience, self._kill)
        self._tell()

    def terminate(self) -> None:
        """Send the child SIGTERM, upon which it keeps its best weights and ends."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def acknowledge(self) -> None:
        """The writer has taken note of the end: nothing more is to be told of it."""
        if not self.seen and not self.is_active:
            self.seen = True
            self._tell()

    async def stop(self) -> None:
        """End the run and wait until the child is gone, at most a few seconds."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def receive(self, event: Event) -> None:
        """Take in one event."""
        self._last_sign = time.monotonic()
        if isinstance(event, Alive):
            self._tells_life = True
            return
        self._last_news = self._last_sign
        if isinstance(event, Started):
            self.started, self.status = event, "running"
        elif isinstance(event, Progress):
            self.progress = event
        elif isinstance(event, Epoch):
            # A resumed run repeats what came after its last checkpoint.
            while self.epochs and self.epochs[-1].tokens >= event.tokens:
                self.epochs.pop()
            self.epochs.append(event)
            del self.epochs[:-_KEPT_EPOCHS]
        elif isinstance(event, Stopping):
            self.stopping = True
        elif isinstance(event, Remark):
            self.remarks.append(event.message)
        elif isinstance(event, Sample):
            self.samples.append(event)
        elif isinstance(event, Checkpoint):
            self.checkpoint = event
        elif isinstance(event, Finished):
            self.finished = event
            reason = _REASONS.get(event.reason, event.reason)
            self._end("finished", f"{reason}; {event.remark}" if event.remark else reason)
            return
        elif isinstance(event, Cancelled):
            self._kept_model = event.model
            self._end("cancelled", _kept(event.model))
            return
        elif isinstance(event, Failed):
            self._kept_model = event.model
            self._end("failed", event.message)
            return
        self._tell()

    async def _follow(self, stdout: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stdout.readline()
            except ValueError:
                # Longer than any event: not ours.
                continue
            if not line:
                return
            with contextlib.suppress(ValueError):
                self.receive(from_line(line))
            # Lines that are there already come without waiting: let the screen have its turn.
            await asyncio.sleep(0)

    async def _tell_of_silence(self) -> None:
        while self.is_active:
            await asyncio.sleep(_SILENCE_CHECK)
            if self.quiet_seconds or self.is_unresponsive:
                self._tell()

    def _settle(self, status: int, complaint: str) -> None:
        """Find words for a child that has ended without a last event."""
        if not self.is_active:
            return
        if self.stopping:
            self._end("cancelled", _kept(None))
        elif complaint:
            self._end("failed", complaint.removeprefix("lyricist: "))
        elif status < 0:
            self._end("failed", ended_from_outside(-status, self.checkpoint is not None))
        else:
            self._end("failed", f"the training process ended without a result (status {status})")

    def _end(self, status: str, message: str) -> None:
        self.status = status
        self.message = visible(" ".join(message.split()))
        self.stopping = False
        self._tell()

    def _tell(self) -> None:
        self.changes += 1
        self._post(self.Changed(self))

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _wait_for_end(self, seconds: float = _LAST_SECONDS) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
        except TimeoutError:
            self._kill()
            await self._process.wait()


def _kept(model: str | None) -> str:
    if model is None:
        return "stopped before there was anything to keep"
    return f"stopped; the best so far is kept as model {model}"


def clock(seconds: float) -> str:
    """Return a duration as `1:20` or `1:02:03`."""
    minutes, rest = divmod(round(max(seconds, 0.0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
