"""Training: seconds to a perplexity, share of the machine's arithmetic, quality for a time.

The baselines are the tutorial's recipe and `plain_lstm`, the script that one would write.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from lyricist.benchmarks import plain_lstm, training_speed
from lyricist.benchmarks import tutorial as tutorial_script
from lyricist.benchmarks.figure import Figure, smaller_is_better

from lyricist.errors import LyricistError
from lyricist.library.paths import songbook
from lyricist.text.corpus import read_corpus
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.precision import choose_precision
from lyricist.training.recipes import recipe_for

_SMALL_CHARACTERS = 10_000
_TUTORIAL_TARGET = 1.35
_TARGET = 1.32
_TIMES_GOAL = 30.0
_SHARE_GOAL = 0.6
_BETTER_GOAL = 1.04
# From so many seconds on, the script is given the wider network that it then needs.
_LONG_SECONDS = 300
_HELD_OUT_SONGS = 12


def measure(
    seconds: int = 60,
    corpus: str | None = None,
    held_out: str | None = None,
    limit_seconds: float = 400.0,
) -> Iterator[Figure]:
    """Yield the figures.

    Args:
        seconds: Of training from scratch, for both sides.
        corpus: One text file; the English songbook unless given.
        held_out: Another, of which nothing is learnt.
        limit_seconds: When a recipe is given up on its way to a perplexity.
    """
    threads = os.cpu_count() or 1
    yield _share_of_peak(threads)
    for language in ("zh", "en"):
        yield from _seconds_to_perplexity(language, limit_seconds, threads)
    with tempfile.TemporaryDirectory() as folder:
        if corpus is None:
            corpus, held_out = _songs_as_files(Path(folder))
        elif held_out is None:
            raise LyricistError("there is no held-out text", "name one with --held-out")
        yield _quality(corpus, str(held_out), seconds, Path(folder))


def _share_of_peak(threads: int) -> Figure:
    recipe = recipe_for("scratch", 3_600_000, 92)
    precision = choose_precision("auto", recipe, torch.device("cpu"))
    peak = training_speed.matmul_peak(precision, threads)
    rate = training_speed.useful_rate(precision, threads)
    wanted = _SHARE_GOAL * peak
    name = f"train, useful rate ({precision})"
    return Figure(name, rate, "GFLOP/s", wanted, rate / wanted, 1.0, peak, rate / peak)


def _seconds_to_perplexity(language: str, limit: float, threads: int) -> Iterator[Figure]:
    """Learn 10,000 characters by heart.

    Where the tutorial recipe's epochs are over before its perplexity, all of its time is the
    baseline: it would have needed more. The recipe is quicker than the tutorial's own script, which
    multiplies one-hot rows; that one is timed for some of its epochs.
    """
    songs = sorted((songbook() / language).glob("*"))
    text = "\n\n\n".join(song.read_text(encoding="utf-8") for song in songs)[:_SMALL_CHARACTERS]
    ours, tutorial = (
        training_speed.seconds_to_perplexity(recipe, text, target, limit, threads)
        for recipe, target in (("default", _TARGET), ("tutorial", _TUTORIAL_TARGET))
    )
    wanted = f"to {_TUTORIAL_TARGET}" if tutorial.reached else "to its end"
    if ours.reached:
        yield smaller_is_better(
            f"train, to {_TARGET} beside the tutorial {wanted} ({language})",
            ours.seconds,
            "s",
            tutorial.seconds,
            _TIMES_GOAL,
        )
        known = Vocabulary.from_texts([text])
        indices = [index % tutorial_script.VOCABULARY_SIZE for index in known.encode(text)]
        yield smaller_is_better(
            f"train, to {_TARGET} beside the tutorial's script ({language})",
            ours.seconds,
            "s",
            tutorial_script.seconds_to_train(indices),
            _TIMES_GOAL,
        )


def _quality(corpus: str, held_out: str, seconds: int, folder: Path) -> Figure:
    """Held-out perplexity of both after as many seconds."""
    long = seconds >= _LONG_SECONDS
    settings = plain_lstm.Settings(
        hidden=512 if long else 256, dropout=0.2 if long else 0.0, seconds=seconds
    )
    texts = (Path(path).read_text(encoding="utf-8") for path in (corpus, held_out))
    plain = plain_lstm.train(*texts, settings)
    assert plain.held_out_perplexity is not None
    return smaller_is_better(
        f"train, held-out perplexity after {seconds} s",
        _held_out_perplexity(corpus, held_out, seconds, folder / "home"),
        "",
        plain.held_out_perplexity,
        _BETTER_GOAL,
    )


def _held_out_perplexity(corpus: str, held_out: str, seconds: int, home: Path) -> float:
    """Train as a user does."""
    command = [sys.executable, "-m", "lyricist", "train", corpus, "--held-out", held_out]
    options = ["--from-scratch", "--name", "bench", "--time-budget", f"{seconds}s", "--json"]
    done = subprocess.run(
        [*command, *options],
        env={**os.environ, "LYRICIST_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise LyricistError(f"the training failed: {done.stderr.strip()}")
    finished = json.loads(done.stdout.splitlines()[-1])
    return float(finished["best"]["held_out_perplexity"])


def _songs_as_files(folder: Path) -> tuple[str, str]:
    """The English songbook but a few songs, and these few."""
    texts = [song.text for song in read_corpus([songbook() / "en"]).songs]
    step = len(texts) // _HELD_OUT_SONGS
    parts = {
        "songs.txt": [text for number, text in enumerate(texts) if number % step],
        "held-out.txt": texts[::step],
    }
    for name, chosen in parts.items():
        (folder / name).write_text("\n\n\n".join(chosen) + "\n", encoding="utf-8")
    return str(folder / "songs.txt"), str(folder / "held-out.txt")
