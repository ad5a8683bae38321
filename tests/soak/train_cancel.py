"""Trainings of a large network cancelled at random moments: how long until they say so.

The moments lie anywhere from reading the songs on: in batches of several seconds, evaluations,
samples. What was cancelled must be gone soon after, with whole files behind it.
"""

from __future__ import annotations

import json
import os
import queue
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from .outcome import Outcome

# The promise is half a second on an idle machine; this is for one that is not.
_MOST_SECONDS = 3.0
_LARGE = ["--hidden-size", "768", "--embedding-size", "256", "--batch-size", "64"]
_LARGE += ["--num-steps", "96", "--held-out", "0.3", "--prefix", "一", "--threads", "1"]


def soak(runs: int, seed: int, settings: tuple[str, ...] = tuple(_LARGE)) -> Outcome:
    """Cancel `runs` trainings."""
    home = Path(tempfile.mkdtemp(prefix="lyricist-soak-"))
    songs = home / "songs.txt"
    chance = random.Random(seed)
    words = [chr(0x4E00 + n) for n in range(1500)]
    lines = ("".join(chance.choice(words) for _ in range(12)) for _ in range(6000))
    text = "\n".join(line + ("\n\n" if n % 20 == 0 else "") for n, line in enumerate(lines))
    songs.write_text(text, encoding="utf-8")
    told, ended, losses = [], [], []
    try:
        for number in range(runs):
            # Most of them while it learns.
            begun = "started" if chance.random() < 0.7 else "alive"
            after = chance.uniform(0.0, 10.0)
            until_told, until_ended, status, complaints = _cancelled(
                home, songs, begun, after, settings
            )
            told.append(until_told)
            ended.append(until_ended)
            if status != 0 or complaints:
                losses.append(f"run {number}: status {status} {complaints[-1:]}")
            if until_told > _MOST_SECONDS:
                losses.append(f"run {number}: said so only after {until_told:.1f} s")
            if any(p.name.startswith(".") for p in home.rglob("*")):
                losses.append(f"run {number}: left something behind")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    facts = {
        "median ms until it says so": round(1000 * statistics.median(told)),
        "longest ms": round(1000 * max(told)),
        "longest ms until the process is gone": round(1000 * max(ended)),
    }
    return Outcome(runs, tuple(losses), facts)


def _cancelled(
    home: Path, songs: Path, begun: str, after: float, settings: tuple[str, ...]
) -> tuple[float, float, int, list[str]]:
    """Train, cancel `after` seconds from the event `begun` on; seconds until it says so and until
    it is gone, its exit status, and what it printed that is no event."""
    command = [sys.executable, "-m", "lyricist", "train", str(songs), "--name", "c", "--json"]
    process = subprocess.Popen(
        [*command, *settings],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "LYRICIST_HOME": str(home), "LYRICIST_PARENT": str(os.getpid())},
    )
    complaints: list[str] = []
    lines: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            try:
                lines.put((time.monotonic(), json.loads(line)["event"]))
            except (ValueError, KeyError):
                complaints.append(line.decode(errors="replace"))

    reader = threading.Thread(target=read)
    reader.start()
    while process.poll() is None:
        try:
            if lines.get(timeout=0.5)[1] == begun:
                break
        except queue.Empty:
            continue
    time.sleep(after)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    status = process.wait(120)
    gone = time.monotonic() - began
    reader.join()
    assert process.stdout is not None
    process.stdout.close()
    told = gone
    while not lines.empty():
        when, event = lines.get()
        if event in ("stopping", "cancelled"):
            told = min(told, when - began)
    return told, gone, status, complaints
