"""The editor's end of the suggestion service: starts it, restarts it, talks to it, never waits."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence

from lyricist.suggest.protocol import (
    Answer,
    Failure,
    Fit,
    Measured,
    Question,
    Ready,
    Report,
    UseModel,
    from_line,
    to_line,
)

# Characters of context sent along: what came earlier, no state of this size remembers.
MAX_PREFIX = 2048
# Characters behind the cursor that are sent along: the song repeats itself forwards as well.
MAX_SUFFIX = 2048
_MAX_LINE_BYTES = 1 << 20
_MAX_UNSENT_BYTES = 1 << 18
_RESTARTS = 5
_RESTART_WINDOW = 60.0
_RESTART_PAUSE = 0.1
# A service that has worked for so long was all right: its end says nothing of the next one.
_SOUND_SECONDS = 10.0
_KEPT_LATENCIES = 200
# A service that owes an answer for so long stands still: another one takes its place.
_UNRESPONSIVE_AFTER = 10.0


class SuggestionClient:
    """Asks the service and hands its messages on; all callbacks run on the event loop.

    Args:
        on_message: Called with `Ready`, `Answer`, `Fit` and `Measured` of the newest revision, and
            `Failure`.
        on_status: Called with the new status word whenever it changes.
        command: How to start the service; model and device are appended.
    """

    def __init__(
        self,
        on_message: Callable[[Report], None],
        on_status: Callable[[str], None],
        command: Sequence[str] | None = None,
    ) -> None:
        self._on_message = on_message
        self._on_status = on_status
        self._command = command or (sys.executable, "-m", "lyricist.suggest.service")
        self._model = ""
        self._device = "cpu"
        self._status = "stopped"
        self._process: asyncio.subprocess.Process | None = None
        self._runner: asyncio.Task[None] | None = None
        self._newest: Question | None = None
        self._asked_at = 0.0
        self._owing_since: float | None = None
        self._latencies: deque[float] = deque(maxlen=_KEPT_LATENCIES)
        self._stopping = False
        self._was_ready = False

    @property
    def status(self) -> str:
        """`starting`, `ready`, `thinking`, `restarting` or `stopped`."""
        return self._status

    @property
    def latencies(self) -> tuple[float, ...]:
        """Milliseconds from request to answer, oldest first, the last 200."""
        return tuple(self._latencies)

    async def start(self, model: str, device: str = "cpu") -> None:
        """Start the child with `model`; returns at once, `Ready` comes by callback."""
        self._model = model
        self._device = device
        self._stopping = False
        self._set_status("starting")
        self._runner = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """End the child; it is killed if it does not go within a second."""
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            if process.stdin is not None:
                process.stdin.close()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 1.0)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if self._runner is not None:
            self._runner.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._runner
        self._set_status("stopped")

    def request(self, request: Question) -> None:
        """Ask; an older request that is still unanswered is given up."""
        self._newest = request
        self._asked_at = time.perf_counter()
        if self._status == "ready":
            self._set_status("thinking")
            self._owing_since = time.monotonic()
        self._send(request)

    def use_model(self, model: str) -> None:
        """Switch the running service to another model."""
        self._model = model
        self._send(UseModel(model))
        if self._newest is not None:
            self._send(self._newest)

    async def _keep_running(self) -> None:
        deaths: deque[float] = deque(maxlen=_RESTARTS)
        while not self._stopping:
            started = time.monotonic()
            self._was_ready = False
            try:
                await self._run_once()
            except OSError as error:
                self._on_message(Failure(f"suggestions cannot start ({error.strerror})"))
            if self._stopping:
                return
            now = time.monotonic()
            if self._was_ready and now - started >= _SOUND_SECONDS:
                deaths.clear()
            if len(deaths) == _RESTARTS and now - deaths[0] < _RESTART_WINDOW:
                self._set_status("stopped")
                self._on_message(
                    Failure("suggestions keep failing; writing goes on, run `lyricist doctor`")
                )
                return
            deaths.append(now)
            self._set_status("restarting")
            await asyncio.sleep(_RESTART_PAUSE * 2 ** len(deaths))

    async def _run_once(self) -> None:
        """Start the child and read it to its end."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            self._model,
            self._device,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_MAX_LINE_BYTES,
            # A Ctrl+C meant for the editor must not end the service.
            start_new_session=True,
        )
        self._process = process
        if self._newest is not None:
            self._send(self._newest)
        assert process.stdout is not None
        watch = asyncio.create_task(self._end_if_it_stands_still(process))
        try:
            while line := await process.stdout.readline():
                self._receive(line)
        except ValueError:
            # A line beyond the limit is no answer of ours: start afresh.
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        finally:
            watch.cancel()
        await process.wait()

    async def _end_if_it_stands_still(self, process: asyncio.subprocess.Process) -> None:
        while True:
            await asyncio.sleep(_UNRESPONSIVE_AFTER / 10)
            since = self._owing_since
            if since is not None and time.monotonic() - since > _UNRESPONSIVE_AFTER:
                self._owing_since = None
                with contextlib.suppress(ProcessLookupError):
                    process.kill()

    def _receive(self, line: bytes) -> None:
        if self._owing_since is not None:
            self._owing_since = time.monotonic()
        try:
            message = from_line(line)
        except ValueError:
            return
        if isinstance(message, Ready):
            self._was_ready = True
            self._set_status("ready")
            self._on_message(message)
        elif isinstance(message, Failure):
            if message.revision is None or self._is_current(message.revision):
                self._set_status("ready")
                self._on_message(message)
        elif isinstance(message, Answer) and self._is_current(message.revision):
            self._latencies.append((time.perf_counter() - self._asked_at) * 1000)
            self._set_status("ready")
            self._on_message(message)

        elif isinstance(message, Fit) and self._is_current(message.revision):
            self._set_status("ready")
            self._on_message(message)
        elif isinstance(message, Measured) and self._is_current(message.revision):
            self._on_message(message)

    def _is_current(self, revision: int) -> bool:
        return self._newest is not None and self._newest.revision == revision

    def _send(self, message: Question | UseModel) -> None:
        process = self._process
        if process is None or process.returncode is not None or process.stdin is None:
            return
        stdin = process.stdin
        if stdin.is_closing():
            return
        transport = stdin.transport
        # A service that does not read gets no more: after its restart the newest is sent again.
        if transport.get_write_buffer_size() > _MAX_UNSENT_BYTES:
            return
        with contextlib.suppress(ConnectionError, RuntimeError):
            stdin.write(to_line(message).encode())

    def _set_status(self, status: str) -> None:
        if status != "thinking":
            self._owing_since = None
        if status != self._status:
            self._status = status
            self._on_status(status)
