"""A second thread that computes while the first one listens: one step of a large network takes
seconds, and nobody waits that long after cancelling.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import torch

_SECONDS_BETWEEN_LOOKS = 0.05
_Result = TypeVar("_Result")
_left_alone: list[threading.Thread] = []


class Stopped(Exception):
    """The writer has cancelled before the work was done."""


class Worker:
    """Does one piece of work after another on a thread of its own.

    Args:
        should_stop: Asked again and again while work is done.
    """

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._should_stop = should_stop
        self._thread: threading.Thread | None = None
        self._work: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def do(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns, or raise what it raises.

        Raises:
            Stopped: If it is to stop. The work then goes on unheeded and must change nothing that
                is still used.
        """
        if self._should_stop():
            raise Stopped
        thread = self._thread = self._thread or self._started()
        self._work.put(work)
        while True:
            try:
                result, error = self._done.get(timeout=_SECONDS_BETWEEN_LOOKS)
                break
            except queue.Empty:
                pass
            if self._should_stop():
                self._leave(thread)
                raise Stopped
        if error is not None:
            raise error
        return cast(_Result, result)

    def close(self) -> None:
        """Let the thread end."""
        if self._thread is not None:
            self._work.put(None)
            self._thread = None

    def _started(self) -> threading.Thread:
        thread = threading.Thread(target=_work_off, args=(self._work, self._done), daemon=True)
        thread.start()
        return thread

    def _leave(self, thread: threading.Thread) -> None:
        _left_alone.append(thread)
        self._work.put(None)
        self._thread = None
        self._work, self._done = queue.SimpleQueue(), queue.SimpleQueue()


def is_work_left_alone() -> bool:
    """Whether abandoned work still goes on; a process then ends well only without cleaning up."""
    return any(thread.is_alive() for thread in _left_alone)


def _work_off(
    work: queue.SimpleQueue[Callable[[], Any] | None],
    done: queue.SimpleQueue[tuple[Any, BaseException | None]],
) -> None:
    # The processor has this flag for each thread.
    torch.set_flush_denormal(True)
    while (piece := work.get()) is not None:
        try:
            done.put((piece(), None))
        except BaseException as error:
            done.put((None, error))
        del piece
