"""Typing in the real app: from a key to its own character and to the ghost, as the app measures it.

What is typed are songs that no model was trained on. A second run types while a training uses the
same cores.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lyricist.benchmarks.figure import Figure, smaller_is_better
from lyricist.benchmarks.terminal import Terminal

from lyricist.errors import LyricistError
from lyricist.library.paths import held_out_songs, songbook

_KEYS_PER_SECOND = 8
_LOCKED = 'locks = true\nlock_length = "above"\nlock_rhyme = "ABAB"\n'
_SONG_LINES = 60


@dataclass(frozen=True)
class _Limit:
    """Milliseconds wanted at a percentile of one of the app's measurements."""

    kind: str
    percentile: int
    alone: float | None
    while_training: float | None
    locked: float | None = None

    def wanted(self, how: str) -> float | None:
        """Return the milliseconds wanted of typing alone, `locked` or `while training`."""
        return {"": self.alone, "locked": self.locked}.get(how, self.while_training)


_LIMITS = (
    _Limit("ghost", 50, 20.0, None),
    _Limit("ghost", 95, 40.0, 80.0, 80.0),
    _Limit("ghost", 99, 60.0, None),
    _Limit("own_character", 50, None, None),
    _Limit("own_character", 99, 16.0, 25.0),
)


def measure(keys: int = 500, languages: Sequence[str] = ("zh", "en")) -> Iterator[Figure]:
    """Yield percentiles over `keys` keys in Chinese and in English, with length and rhyme locked,
    and while training."""
    for language in languages:
        yield from _figures(language, _typed(language, keys), "")
    for language in languages:
        yield from _figures(language, _typed(language, keys, _LOCKED), "locked")
    with _training():
        yield from _figures("zh", _typed("zh", keys), "while training")


def _figures(language: str, measured: dict[str, list[float]], how: str) -> Iterator[Figure]:
    where = f"{language}, {how}" if how else language
    for limit in _LIMITS:
        wanted = limit.wanted(how)
        values = sorted(measured.get(limit.kind, []))
        if not values:
            raise LyricistError(f"the app has measured no {limit.kind}", "type more keys")
        value = values[round((len(values) - 1) * limit.percentile / 100)]
        label = limit.kind.replace("_", " ")
        yield smaller_is_better(
            f"keystroke, {label} p{limit.percentile} ({where})",
            value,
            "ms",
            wanted,
            None if wanted is None else 1.0,
        )
    # A ghost that is not there by the next key is never drawn and has no time; nor has a key after
    # which the model takes the line to be complete.
    seen = len(measured["ghost"]) / len(measured["own_character"])
    yield Figure(f"keystroke, keys with a ghost before the next ({where})", seen, "share")


def _typed(language: str, keys: int, settings: str = "") -> dict[str, list[float]]:
    """Type at a writer's best pace; returns what the app measured, by kind."""
    songs = sorted((held_out_songs() / language).glob("*"))
    lines = "\n".join(song.read_text(encoding="utf-8") for song in songs).split("\n")
    typed = "\r".join(line for line in lines[_SONG_LINES:] if line.strip())[:keys]
    with tempfile.TemporaryDirectory() as folder:
        song, log = Path(folder) / "song.txt", Path(folder) / "latencies.jsonl"
        song.write_text("\n".join(lines[:_SONG_LINES]) + "\n", encoding="utf-8")
        with Terminal(
            [str(song)], Path(folder) / "home", settings, LYRICIST_LATENCY_LOG=str(log)
        ) as app:
            app.seconds_until(song.name)
            app.send("\x1b[1;5F" + typed[0])
            app.seconds_until("▸1")
            time.sleep(2)
            for number, key in enumerate(typed[1:]):
                due = time.perf_counter() + 1 / _KEYS_PER_SECOND
                app.send(key)
                time.sleep(max(0.0, due - time.perf_counter() + (number % 3 - 1) * 0.004))
            time.sleep(1)
            app.save_and_quit()
        return _read(log)


def _read(log: Path) -> dict[str, list[float]]:
    """Measurements by kind, without those of the first second."""
    try:
        lines = log.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LyricistError("the app has left no measurements", "try again") from error
    measured: dict[str, list[float]] = {}
    for line in lines:
        entry = json.loads(line)
        measured.setdefault(entry["kind"], []).append(entry["milliseconds"])
    return measured


@contextmanager
def _training() -> Iterator[None]:
    """A training as the app runs it: in a child, a thread fewer than there are cores, nice."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["train", str(songbook() / "zh"), "--name", "busy", "--epochs", "1000"]
        process = subprocess.Popen(
            [sys.executable, "-m", "lyricist", *command, "--patience", "0", "--json"],
            env=_training_environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if json.loads(line)["event"] == "epoch":
                    break
            # Nobody reads on, but a full pipe must not hold it up.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield
            if process.poll() is not None:
                raise LyricistError("the training ended before the typing", "type fewer --keys")
        finally:
            process.kill()
            process.wait()


def _training_environment(home: str) -> dict[str, str]:
    import os

    # As the Train screen starts it: the variable makes it nice and leaves a core.
    return {**os.environ, "LYRICIST_HOME": home, "LYRICIST_PARENT": str(os.getpid())}
