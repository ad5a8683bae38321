"""Trainings killed at random moments, also while they write, come to the very same weights.

Each is trained once undisturbed. Then it is started, killed with SIGKILL and resumed until it gets
to its end by itself: its held-out path and the hash of its weights must be those of the first. One
is a new network with averaged weights, one a fine-tuning with replayed songs and a new network
beside it.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lyricist.network.publishing import recover

from .outcome import Outcome

SERVER = Path(__file__).parent.parent / "support" / "train_server.py"
# One run that never gets anywhere must not go on for ever.
_MOST_KILLS_OF_A_RUN = 60
_SMALL = ["--hidden-size", "24", "--embedding-size", "12", "--patience", "0", "--threads", "1"]
_LINES = (
    "雨落在第{n}条街",
    "我数过每一扇窗",
    "the rain came down on {n}",
    "one more night with me",
)


@dataclass(frozen=True)
class Ended:
    """What a training came to. path: held-out perplexity by characters read."""

    sha256: str
    path: dict[int, float]
    seconds: float


class Trainings:
    """A home of their own and the server that starts them."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._output = home / "output.jsonl"
        self._server = subprocess.Popen(
            [sys.executable, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LYRICIST_HOME": str(home), "OMP_NUM_THREADS": "1"},
        )
        self._answer()
        self.models = home / "data" / "models"
        self.states = home / "state" / "training"

    def close(self) -> None:
        """End the server."""
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(60)
        self._server.stdout.close()

    def run(
        self, arguments: list[str], kill_after: float | None = None, begun: str = ""
    ) -> tuple[int, list[Any]]:
        """Train to the end or to a kill; returns the exit status and the events.

        Args:
            kill_after: Seconds, None for never.
            begun: They count from the first checkpoint of the run of this name.
        """
        assert self._server.stdin is not None
        wanted = {"arguments": ["train", *arguments, "--json"], "output": str(self._output)}
        self._server.stdin.write(json.dumps(wanted) + "\n")
        self._server.stdin.flush()
        pid = int(self._answer())
        while begun and not self.has_checkpoint(begun) and not self._has_answered(0.01):
            pass
        if kill_after is not None and not self._has_answered(kill_after):
            os.kill(pid, signal.SIGKILL)
        status = int(self._answer())
        events = []
        for line in self._output.read_text(encoding="utf-8").splitlines():
            try:
                events.append(json.loads(line))
            except ValueError:
                # The kill came in the middle of it, or it is a complaint.
                events.append({"event": "broken", "line": line})
        return status, events

    def ended(self, name: str, events: list[Any], seconds: float) -> Ended:
        """Return what a training that has come to its end has come to."""
        card = tomllib.loads((self.models / name / "model.toml").read_text(encoding="utf-8"))
        return Ended(card["weights_sha256"], path_of(events), seconds)

    def has_checkpoint(self, name: str) -> bool:
        """Whether there is something to resume."""
        return any((self.states / name).glob("[rp]*.safetensors"))

    def litter(self) -> list[str]:
        """Return what is left that is no model, and that no later run would put right."""
        for working in self.models.glob(".*"):
            # It is left alone for a minute.
            os.utime(working, (0, 0))
        recover(self.models)
        found = [p.name for p in self.models.iterdir() if p.name.startswith(".")]
        if self.states.exists():
            found += [p.name for p in self.states.iterdir()]
        return found

    def _answer(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline()

    def _has_answered(self, seconds: float) -> bool:
        assert self._server.stdout is not None
        return bool(select.select([self._server.stdout], [], [], seconds)[0])


def path_of(events: list[Any]) -> dict[int, float]:
    """Return the held-out perplexity by characters read."""
    epochs = [event for event in events if event["event"] == "epoch"]
    return {event["tokens"]: event["held_out_perplexity"] for event in epochs}


def soak(runs: int, seed: int, kinds: Sequence[str] = ("new", "tuned")) -> Outcome:
    """Kill `runs` times, trainings of these kinds in turn."""
    home = Path(tempfile.mkdtemp(prefix="lyricist-soak-"))
    trainings = Trainings(home)
    try:
        return _soak(trainings, home, runs, random.Random(seed), kinds)
    finally:
        trainings.close()
        shutil.rmtree(home, ignore_errors=True)


def _soak(
    trainings: Trainings, home: Path, runs: int, chance: random.Random, chosen: Sequence[str]
) -> Outcome:
    kinds = {kind: _arguments(kind, trainings, home) for kind in chosen}
    straight: dict[str, Ended] = {}
    kills, resumed, losses, finished = 0, 0, [], 0
    for number in range(10_000):
        kind = list(kinds)[number % len(kinds)]
        if kind not in straight:
            began = time.monotonic()
            status, events = trainings.run([*kinds[kind], "--name", f"straight-{kind}"])
            assert status == 0, events[-1:]
            straight[kind] = trainings.ended(f"straight-{kind}", events, time.monotonic() - began)
        name = f"{kind}-{number}"
        path: dict[int, float] = {}
        for attempt in range(_MOST_KILLS_OF_A_RUN):
            resume = ["--resume"] if trainings.has_checkpoint(name) else []
            resumed += bool(resume)
            # Most come while it learns and writes, the others from the first moment on.
            learns = chance.random() < 0.7
            wait = chance.uniform(0.0, 0.3 if learns else 1.1) * straight[kind].seconds
            may_kill = kills < runs and attempt < _MOST_KILLS_OF_A_RUN - 1
            status, events = trainings.run(
                [*kinds[kind], "--name", name, *resume],
                wait if may_kill else None,
                name if learns and may_kill else "",
            )
            path |= path_of(events)
            if status == -signal.SIGKILL:
                kills += 1
                continue
            if status != 0:
                losses.append(f"{name}: status {status} after {attempt} kills: {events[-1:]}")
                break
            finished += 1
            ended = trainings.ended(name, events, 0.0)
            if ended.sha256 != straight[kind].sha256:
                losses.append(f"{name}: other weights after {attempt} kills")
            if path != straight[kind].path:
                losses.append(f"{name}: another path after {attempt} kills")
            break
        if kills >= runs:
            break
    if trainings.litter():
        losses.append(f"left behind: {trainings.litter()}")
    facts = {"trainings": finished, "resumed": resumed}
    return Outcome(kills, tuple(losses), facts)


def _arguments(kind: str, trainings: Trainings, home: Path) -> list[str]:
    """Write songs down and return the arguments of a training of this kind."""
    songs, others = home / "songs.txt", home / "others.txt"
    songs.write_text(_text(40), encoding="utf-8")
    if kind == "new":
        return [str(songs), "--epochs", "12", "--ema", "0.9", "--dropout", "0.2", *_SMALL]
    status, events = trainings.run([str(songs), "--name", "base", "--epochs", "2", *_SMALL])
    assert status == 0, events[-1:]
    others.write_text("\n\n\n".join(f"雪花飘过第{n}座桥\n鹤唳鹤唳" for n in range(24)))
    tune = ["--base", "base", "--replay", str(songs), "--epochs", "6", "--compare-scratch"]
    return [str(others), *tune, "--forget", "--threads", "1", "--patience", "0"]


def _text(count: int) -> str:
    return "\n\n\n".join("\n".join(_LINES).format(n=n) for n in range(count))
