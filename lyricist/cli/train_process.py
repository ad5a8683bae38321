"""A training run as a process: who may end it, whom it tells, and how it leaves."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from lyricist.training.events import PARENT_VARIABLE, Alive, Event, Started

_SECONDS_BETWEEN_LOOKS = 0.25
_SECONDS_BETWEEN_SIGNS = 2.0
# After the death of the editor: enough for a checkpoint, whatever else is going on.
_LAST_SECONDS = 4.0


class CancelledEarly(BaseException):
    """Ended before there was anything to keep."""


class StopFlag:
    """Set by Ctrl+C, SIGTERM, or the death of the editor that started this run.

    Until `nothing_to_keep` is False, the signals end the run on the spot, by `CancelledEarly`.

    Attributes:
        nothing_to_keep: The run has not begun to learn.
        is_abandoned: The editor has gone.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self.nothing_to_keep = True
        self.is_abandoned = False

    def listen(self) -> None:
        """Follow signals from now on, and the editor."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        parent = os.environ.get(PARENT_VARIABLE)
        if parent and parent.isdigit():
            if hasattr(os, "nice"):
                os.nice(10)
            _die_first()
            threading.Thread(target=self._watch, args=(int(parent),), daemon=True).start()

    def is_set(self) -> bool:
        """Whether the run shall end."""
        return self._event.is_set()

    def set(self) -> None:
        """End the run."""
        self._event.set()

    def _on_signal(self, number: int, frame: object) -> None:
        # A second Ctrl+C is from somebody who will not wait.
        if number == signal.SIGINT and self._event.is_set():
            os._exit(130)
        is_first = not self._event.is_set()
        self._event.set()
        if self.nothing_to_keep and is_first:
            raise CancelledEarly

    def _watch(self, parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        self.is_abandoned = True
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_LAST_SECONDS)
        os._exit(1)


class Report:
    """Reports until nobody reads any more; then the run ends and keeps its best weights.

    Args:
        report: Tells one event.
        stop: Told when the run begins to learn, and when nobody reads.
    """

    def __init__(self, report: Callable[[Event], None], stop: StopFlag) -> None:
        self._report = report
        self._stop = stop
        self._lock = threading.RLock()
        self._is_unread = False

    def __call__(self, event: Event) -> None:
        """Report one event."""
        if isinstance(event, Started):
            self._stop.nothing_to_keep = False
        with self._lock:
            if self._is_unread:
                return
            try:
                self._report(event)
            except BrokenPipeError:
                self._is_unread = True
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                self._stop.set()

    def show_life(self) -> None:
        """Tell `Alive` between the events from now on."""
        threading.Thread(target=self._show_life, daemon=True).start()

    def _show_life(self) -> None:
        while not self._is_unread:
            self(Alive())
            time.sleep(_SECONDS_BETWEEN_SIGNS)


def _die_first() -> None:
    """Let the system end this process before the editor when memory runs out."""
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("800")
    except OSError:
        # Not every system has it.
        return
