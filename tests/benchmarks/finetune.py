"""Fine-tuning a base beside training from scratch: held-out perplexity, time, what is forgotten.

The songs must be none that the base was trained on. A part of them, chosen by song, is never shown
to any run; what a run itself holds out, for stopping and choosing, comes from its own songs.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from lyricist.benchmarks.figure import Figure, smaller_is_better

from lyricist.errors import LyricistError
from lyricist.library.models import find_model
from lyricist.network.checkpoint import load_model
from lyricist.network.device import prepare_torch
from lyricist.text.corpus import read_corpus
from lyricist.text.split import split_by_song
from lyricist.training.candidates import Candidate, Yardstick
from lyricist.training.finetuning import load_base
from lyricist.training.known_songs import known_songs

_SIZES = (10_000, 50_000, 200_000)
_TEST_SHARE = 0.25
_SCRATCH_GOAL = 1 / 0.6
_REMEMBERED_GOAL = 1 / 1.05
# Allowed seconds up to so many characters.
_SHORT = (50_000, 120.0)
_LONG_SECONDS = 600.0


@dataclass(frozen=True)
class _Trained:
    model: Candidate
    seconds: float


def measure(
    corpus: str | None = None,
    base: str = "en",
    sizes: Sequence[int] = _SIZES,
    held_out: str | None = None,
    options: Sequence[str] = (),
    seed: int = 0,
) -> Iterator[Figure]:
    """Yield four figures for each size.

    Args:
        corpus: Songs that the base has not seen.
        base: A model of the library or a folder.
        sizes: Characters to train on; sizes beyond the corpus are left out.
        held_out: Songs to measure on; a quarter of `corpus` unless given.
        options: More options for both trainings, such as `--threads=1`.
        seed: Of the choice of songs.

    Raises:
        LyricistError: If a corpus is missing or a training fails.
    """
    if corpus is None:
        raise LyricistError("finetune has no songs", "name some with --corpus, none of the base's")
    prepare_torch()
    songs = list(read_corpus([corpus]).songs)
    if held_out is None:
        songs, tests = split_by_song(songs, _TEST_SHARE)
    else:
        tests = list(read_corpus([held_out]).songs)
    random.Random(seed).shuffle(songs)
    start = load_base(base, torch.device("cpu"))
    texts = [song.text for song in songs], [song.text for song in tests]
    known = known_songs(start.vocabulary, start.card.language, [*texts[0], *texts[1]])
    yardstick = Yardstick(texts[1], known.held_out)
    as_is = yardstick.measured("base", start.network, start.vocabulary, start.card.novelty)
    for size in sizes:
        chosen = _first(texts[0], size)
        if chosen is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "songs.jsonl"
            path.write_text("".join(json.dumps({"text": text}) + "\n" for text in chosen))
            # An own home has no models: the base is named by its folder.
            library = str(find_model(base).resolve())
            scratch = _train(path, ["--from-scratch", *options], yardstick)
            tuned = _train(path, [f"--base={library}", *options], yardstick)
        yield from _figures(size, as_is, scratch, tuned)


def _figures(size: int, as_is: Candidate, scratch: _Trained, tuned: _Trained) -> Iterator[Figure]:
    name = f"finetune, {size:,} characters"
    ours, known = tuned.model.held_out_perplexity, tuned.model.known_perplexity
    assert ours is not None
    yield smaller_is_better(
        f"{name}, beside scratch", ours, "", scratch.model.held_out_perplexity, _SCRATCH_GOAL
    )
    yield smaller_is_better(f"{name}, beside base", ours, "", as_is.held_out_perplexity, 1.0)
    if known is not None:
        yield smaller_is_better(
            f"{name}, what base knows", known, "", as_is.known_perplexity, _REMEMBERED_GOAL
        )
    allowed = _SHORT[1] if size <= _SHORT[0] else _LONG_SECONDS
    yield smaller_is_better(f"{name}, time beside limit", tuned.seconds, "s", allowed, 1.0)


def _first(texts: Sequence[str], size: int) -> list[str] | None:
    """Whole songs of `size` characters together, None if there are too few."""
    chosen, characters = [], 0
    for text in texts:
        if characters + len(text) > size * 1.02:
            continue
        chosen.append(text)
        characters += len(text)
    return chosen if characters >= 0.95 * size else None


def _train(songs: Path, options: Sequence[str], yardstick: Yardstick) -> _Trained:
    """Train as a user does."""
    home = songs.parent / "home"
    command = [sys.executable, "-m", "lyricist", "train", str(songs), "--name=bench", "--json"]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, *options],
        env={**os.environ, "LYRICIST_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise LyricistError(f"the training failed: {done.stderr.strip()}")
    network, vocabulary, card = load_model(home / "data" / "models" / "bench")
    model = yardstick.measured("tuned", network, vocabulary, card.novelty, card.has_boundaries)
    return _Trained(model, seconds)
