"""Typing for hours while a training runs in the app and the suggestion service keeps being killed.

Every key has to land, no ghost may be one of another text, and memory has to stay flat.
"""

from __future__ import annotations

import os
import random
import select
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from pseudo_terminal import PseudoTerminal

from lyricist.suggest.prefix_states import common_prefix

from .outcome import Outcome
from .processes import Sample, sample, service_of, trainer_of
from .trainings import Trainings
from .typed_text import Typist

_SECONDS_A_KEY = 0.02
_SECONDS_BETWEEN_KILLS = 20.0
_SETTLED = 5000
_SAVE_EVERY, _ACCEPT_EVERY = 500, 150
_MOST_GROWTH = 30.0
_MOST_SERVICE_MEGABYTES = 420.0
_MOST_MORE = 2
_MOST_STATE_MEGABYTES = 20.0


def soak(runs: int, seed: int, kill_every: float = _SECONDS_BETWEEN_KILLS) -> Outcome:
    """Type `runs` keys at 50 a second; the service is killed every `kill_every` seconds."""
    with tempfile.TemporaryDirectory() as folder:
        run = _Run(Path(folder), seed, kill_every)
        try:
            run.start()
            run.type(runs)
            run.end()
        finally:
            run.close()
        return Outcome(runs, tuple(run.losses), run.facts())


class _Run:
    """One app, what was typed into it, and what was seen of it."""

    def __init__(self, folder: Path, seed: int, kill_every: float) -> None:
        self.losses: list[str] = []
        self._home, self._song = folder / "home", folder / "song.txt"
        config = self._home / "config"
        config.mkdir(parents=True)
        (config / "settings.toml").write_text('eagerness = "eager"\n', encoding="utf-8")
        self._random = random.Random(seed)
        self._typist = Typist(self._random)
        self._kill_every, self._kill_at = kill_every, 0.0
        self._echoes: list[float] = []
        self._kills = self._accepted = self._ghosts_missing = 0
        self._settled: Sample | None = None
        self._last: Sample | None = None
        # The service is young whenever it is looked at, so only its most counts.
        self._service_most = 0.0
        self.app = PseudoTerminal([self._song], self._home, columns=110, rows=32)
        self._trainings = Trainings(self.app, self._home, folder / "corpus.txt")

    # --- the three parts of a run

    def start(self) -> None:
        """Wait for the first suggestions, and start a training."""
        self.app.wait_for("ready", 60)
        self._trainings.begin()
        self._kill_at = time.monotonic() + self._kill_every

    def type(self, keys: int) -> None:
        """Send keys in step with the clock."""
        due = time.monotonic()
        for typed, key in enumerate(islice(self._typist.pressed(), keys), 1):
            due = max(due, time.monotonic() - 1.0) + _SECONDS_A_KEY
            self._send(key, due)
            if typed == min(_SETTLED, keys // 2):
                self._settled = self._sampled()
            if typed % _SAVE_EVERY == 0:
                self._save()
                self._weigh_service()
                self._trainings.go_on()
            elif typed % _ACCEPT_EVERY == 0:
                self._accept()
            self._kill_if_due()

    def end(self) -> None:
        """Look at what is left."""
        self._save()
        self._trainings.go_on()
        self.app.read(1.0)
        self._last = self._sampled()
        self.losses += self._trainings.losses
        if self._settled is not None:
            self.losses += self._last.losses_since(self._settled, _MOST_GROWTH, _MOST_MORE)
        if self._service_most > _MOST_SERVICE_MEGABYTES:
            self.losses.append(f"the service has grown to {self._service_most:.0f} MB")
        if self._state_megabytes() > _MOST_STATE_MEGABYTES:
            self.losses.append(f"the state folder has grown to {self._state_megabytes():.0f} MB")

    def close(self) -> None:
        """End the app, which ends its children."""
        self.app.child.kill(signal.SIGTERM)
        if not _within(15.0, lambda: not self.app.child.isalive(), self.app):
            self.losses.append("the app did not end within 15 seconds of SIGTERM")
            self.app.child.kill(signal.SIGKILL)
            _within(5.0, lambda: not self.app.child.isalive(), self.app)
        self.app.close()

    def facts(self) -> dict[str, str | int | float]:
        """Return figures."""
        echoes = sorted(self._echoes) or [0.0]
        facts: dict[str, str | int | float] = {
            f"p{percent} of key to echo (ms)": round(
                1000 * echoes[round((len(echoes) - 1) * percent / 100)], 1
            )
            for percent in (50, 95, 99)
        }
        facts["longest (ms)"] = round(1000 * echoes[-1])
        facts["kills"], facts["ghosts accepted"] = self._kills, self._accepted
        facts["trainings"] = self._trainings.started
        facts["no ghost in time"] = self._ghosts_missing
        if self._settled is not None and self._last is not None:
            facts["app grew (MB)"] = round(self._last.app - self._settled.app, 1)
        facts["service at most (MB)"] = round(self._service_most, 1)
        facts["state (MB)"] = round(self._state_megabytes(), 1)
        return facts

    # --- keys

    def _send(self, key: str, due: float) -> None:
        """Send one key, and note when something came back before the next is due."""
        sent = time.monotonic()
        self.app.child.send(key)
        echoed = False
        while (left := due - time.monotonic()) > 0 or not echoed:
            # A key without an echo, such as a step beyond the end, is not waited for.
            if not self._read(max(left, 0.0) if echoed or left > 0 else 0.0):
                break
            if not echoed:
                self._echoes.append(time.monotonic() - sent)
                echoed = True

    def _read(self, seconds: float) -> bool:
        descriptor = self.app.child.child_fd
        if not select.select([descriptor], [], [], seconds)[0]:
            return False
        self.app.feed(os.read(descriptor, 65536))
        return True

    def _save(self) -> None:
        """Save, and compare the file with what was typed."""
        self.app.press("ctrl+s")
        wanted = self._typist.text
        if not _within(10.0, lambda: self._saved() == wanted, self.app):
            at = common_prefix(self._saved(), wanted)
            self.losses.append(
                f"the file differs from what was typed at {at}: "
                f"{self._saved()[at : at + 20]!r} for {wanted[at : at + 20]!r}"
            )
            self._typist.take_over(self._saved())
            self._type_key("\x1b[1;5F")

    def _saved(self) -> str:
        with suppress(OSError):
            return self._song.read_text(encoding="utf-8")
        return ""

    def _accept(self) -> None:
        """Wait for a ghost, take it, and see that it is the one that stood there."""
        for key in self._typist.begin_line():
            self._type_key(key)
        line = self._typist.text.rpartition("\n")[2]
        if not _within(4.0, lambda: _shown(self.app, line), self.app):
            self._ghosts_missing += 1
            return
        self.app.read(0.3)
        shown = _shown(self.app, line)
        before = self._typist.text
        self.app.press("tab", "ctrl+s")
        if not _within(5.0, lambda: len(self._saved()) > len(before), self.app):
            # It went in the very moment: the service was killed, or had second thoughts.
            self._ghosts_missing += 1
            return
        saved = self._saved()
        # On the screen a space that the ghost begins with is not to be told from its distance.
        taken = saved[len(before) :].lstrip()
        if not saved.startswith(before) or not taken.startswith(shown):
            self.losses.append(f"a stale ghost: {taken!r} was taken where {shown!r} stood")
        self._accepted += 1
        if self._random.random() < 0.5:
            self.app.press("ctrl+z")
        else:
            self._typist.take_over(saved)
        self._type_key("\x1b[1;5F")

    def _type_key(self, key: str) -> None:
        self._send(key, time.monotonic() + _SECONDS_A_KEY)

    # --- processes

    def _kill_if_due(self) -> None:
        if time.monotonic() < self._kill_at:
            return
        self._kill_at = time.monotonic() + self._kill_every
        service = service_of(self.app.child.pid)
        if service is not None:
            with suppress(ProcessLookupError):
                os.kill(service, signal.SIGKILL)
                self._kills += 1

    def _sampled(self) -> Sample:
        """Look at the processes once a service is there again."""
        _within(10.0, lambda: service_of(self.app.child.pid) is not None, self.app)
        self.app.read(4.0)
        if trainer_of(self.app.child.pid) is None:
            self.losses.append("no training is running")
        return sample(self.app.child.pid)

    def _weigh_service(self) -> None:
        self._service_most = max(self._service_most, sample(self.app.child.pid).service)

    def _state_megabytes(self) -> float:
        # Every training leaves a model, which is the writer's to keep.
        theirs = {"training", "models"}
        files = (path for path in self._home.rglob("*") if theirs.isdisjoint(path.parts))
        return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def _shown(app: PseudoTerminal, line: str) -> str:
    """Return what is painted in grey behind `line`, empty where there is nothing yet."""
    for row in app.text.split("\n"):
        place = row.find(line)
        if place >= 0:
            # Behind a Chinese line the ghost keeps a distance; the pane is further away than words.
            rest = row[place + len(line) :].replace("⇥", " ").strip().split("   ")[0]
            first = app.candidates[0].strip() if app.candidates else ""
            return rest if rest and first.startswith(rest) else ""
    return ""


def _within(seconds: float, holds: Callable[[], bool], app: PseudoTerminal) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        app.read(0.05)
    return True
