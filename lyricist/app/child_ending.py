"""Words for a training process that ended without a last event."""

from __future__ import annotations

import asyncio
import signal

_SIGKILL = 9
_BY_THE_SYSTEM = (
    "the system ended the training (SIGKILL), probably because memory ran out: close other "
    "programs, give fewer songs, or run `lyricist train` with a lower --batch-size"
)


def ended_from_outside(number: int, has_checkpoint: bool) -> str:
    """Return one line on a process that a signal has ended.

    Args:
        number: Of the signal.
        has_checkpoint: Whether there is something to resume.
    """
    if number == _SIGKILL:
        text = _BY_THE_SYSTEM
    else:
        text = f"the training process was ended from outside ({_signal(number)})"
    return f"{text}; resume to go on from its last checkpoint" if has_checkpoint else text


async def last_line(stream: asyncio.StreamReader) -> str:
    """Read a stream to its end and return its last line that says something."""
    tail = b""
    while chunk := await stream.read(4096):
        tail = (tail + chunk)[-4096:]
    lines = [line.strip() for line in tail.decode(errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line), "")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
