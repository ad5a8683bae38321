"""Resident memory of the app and of its suggestion service, before and after much typing."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lyricist.benchmarks.figure import Figure, smaller_is_better
from lyricist.benchmarks.terminal import Terminal

from lyricist.errors import LyricistError

_UI_MEGABYTES = 90.0
_SERVICE_MEGABYTES = 420.0
_GROWTH_MEGABYTES = 5.0
_SETTLED_KEYS = 5000
_TEXT = "我们在夜里走过长长的街道\n灯光落在水面上 像是谁的名字\n"
_AT_ONCE = 20


def measure(keys: int = 20_000) -> Iterator[Figure]:
    """Yield megabytes after the start, and the growth from 5,000 keys to `keys`."""
    with tempfile.TemporaryDirectory() as folder:
        song = Path(folder) / "song.txt"
        song.write_text(_TEXT * 20, encoding="utf-8")
        with Terminal([str(song)], Path(folder) / "home") as app:
            app.seconds_until(song.name)
            app.send("\x1b[1;5F我")
            app.seconds_until("▸1")
            time.sleep(2)
            service = _child_of(app.process_id)
            ui_start, service_start = _megabytes(app.process_id), _megabytes(service)
            typed = _type(app, 0, min(_SETTLED_KEYS, keys // 2))
            ui_settled, service_settled = _megabytes(app.process_id), _megabytes(service)
            _type(app, typed, keys)
            ui_end, service_end = _megabytes(app.process_id), _megabytes(service)
    yield smaller_is_better("memory, app", ui_start, "MB", _UI_MEGABYTES, 1.0)
    yield smaller_is_better("memory, service (zh)", service_start, "MB", _SERVICE_MEGABYTES, 1.0)
    for name, growth in (("app", ui_end - ui_settled), ("service", service_end - service_settled)):
        yield smaller_is_better(
            f"memory, {name} grown from key {typed:,} to {keys:,}",
            max(growth, 0.01),
            "MB",
            _GROWTH_MEGABYTES,
            1.0,
        )


def _type(app: Terminal, first: int, last: int) -> int:
    """Type and delete again, so that the song stays as long as it is; returns keys pressed."""
    pressed = first
    text = _TEXT.replace("\n", "\r")
    while pressed < last:
        begin = pressed % len(text)
        written = (text + text)[begin : begin + _AT_ONCE]
        for character in written:
            app.send(character)
            time.sleep(0.002)
        _settle(app)
        for _ in written:
            app.send("\x7f")
            time.sleep(0.002)
        _settle(app)
        pressed += 2 * len(written)
    time.sleep(1)
    return pressed


def _settle(app: Terminal) -> None:
    """Wait until the app prints nothing more: all keys were taken in."""
    printed = -1
    while printed != app.printed:
        printed = app.printed
        time.sleep(0.02)


def _megabytes(process_id: int) -> float:
    """Resident megabytes of a process."""
    for line in _proc(process_id, "status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise LyricistError(f"process {process_id} states no resident memory")


def _child_of(process_id: int) -> int:
    """The first child of a process."""
    return int(_proc(process_id, f"task/{process_id}/children").split()[0])


def _proc(process_id: int, name: str) -> str:
    try:
        return Path(f"/proc/{process_id}/{name}").read_text()
    except OSError as error:
        raise LyricistError(
            f"the memory of process {process_id} cannot be read ({error.strerror})",
            "measure it on Linux",
        ) from error
