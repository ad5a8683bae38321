"""How fast training is: share of the machine's matrix products, and seconds to a perplexity.

Plain functions that return plain numbers, for `train`.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import torch
from lyricist.benchmarks import plain_lstm
from lyricist.benchmarks.arithmetic import multiplied

from lyricist.network.device import prepare_torch
from lyricist.network.model import CharRNN
from lyricist.text.corpus import Song
from lyricist.text.vocabulary import NUM_SPECIAL, Vocabulary
from lyricist.training.events import Epoch, Event
from lyricist.training.memory import keep_freed_memory
from lyricist.training.precision import choose_precision
from lyricist.training.recipes import Recipe, recipe_for
from lyricist.training.trainer import Trainer

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
_CPU = torch.device("cpu")


def matmul_peak(dtype: str, threads: int, size: int = 2048, seconds: float = 2.0) -> float:
    """GFLOP/s of the fastest square matrix product in `fp32` or `bf16`."""
    torch.set_num_threads(threads)
    one, two = (torch.randn(size, size).to(_DTYPES[dtype]) for _ in range(2))
    product = torch.empty_like(one)
    fastest, deadline = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        started = time.perf_counter()
        torch.mm(one, two, out=product)
        fastest = min(fastest, time.perf_counter() - started)
    return 2 * size**3 / fastest / 1e9


def useful_rate(
    precision: str,
    threads: int,
    recipe: Recipe | None = None,
    vocabulary_size: int = 92,
    seconds: float = 5.0,
) -> float:
    """GFLOP/s of the whole trainer (everything a run does but evaluating) on random characters.

    Three products a weight, forward and twice backward, two operations each: 6 a character.

    Args:
        precision: `fp32` or `bf16`.
        threads: Of the processor.
        recipe: The one of a large English corpus unless given.
        vocabulary_size: Of the random text.
        seconds: How long to train; the first quarter is not counted.
    """
    prepare_torch(threads)
    keep_freed_memory()
    recipe = recipe or recipe_for("scratch", 3_600_000, vocabulary_size)
    recipe = replace(recipe, epochs=1_000_000, patience=0, evaluate_every=10**12)
    generator = torch.Generator().manual_seed(0)
    length = 40 * recipe.batch_size * recipe.num_steps
    song = torch.randint(NUM_SPECIAL, vocabulary_size, (length,), generator=generator).tolist()
    model = CharRNN(recipe.model_config(vocabulary_size))
    marks: list[tuple[float, int]] = []

    def is_enough() -> bool:
        marks.append((time.perf_counter(), trainer.position.tokens))
        return len(marks) >= 4 and marks[-1][0] - marks[0][0] >= seconds

    trainer = Trainer(model, [song], None, recipe, should_stop=is_enough, precision=precision)
    trainer.run()
    begun, ended = marks[len(marks) // 4], marks[-1]
    characters_per_second = (ended[1] - begun[1]) / (ended[0] - begun[0])
    weights = sum(math.prod(shape) for shape in multiplied(model.config).values())
    return 6 * weights * characters_per_second / 1e9


@dataclass(frozen=True)
class Descent:
    """A run towards a training perplexity: its seconds until there, or until its end."""

    seconds: float
    reached: bool


def seconds_to_perplexity(
    recipe: str, corpus_text: str, target: float, limit_seconds: float, threads: int = 1
) -> Descent:
    """Train until the training perplexity of an epoch is `target` or less.

    The perplexity is the mean over an epoch's batches, as each of them was met. A run ends without
    it at the limit, or with the recipe's last epoch.

    Args:
        recipe: `tutorial`, `default` (trained from scratch, nothing held out) or `plain`, the
            script `plain_lstm`.
        corpus_text: Songs, two blank lines between them.
        target: Training perplexity per character.
        limit_seconds: When to give up.
        threads: Of the processor.
    """
    prepare_torch(threads)
    if recipe == "plain":
        settings = plain_lstm.Settings(
            batch_size=16, num_steps=32, seconds=limit_seconds, target_perplexity=target
        )
        result = plain_lstm.train(corpus_text, None, settings)
        return Descent(result.seconds, result.train_perplexity <= target)
    keep_freed_memory()
    trainer, reached = _trainer(recipe, corpus_text, target, limit_seconds)
    trainer.run()
    return Descent(min(reached, default=trainer.position.seconds), bool(reached))


def _trainer(
    name: str, text: str, target: float, limit_seconds: float
) -> tuple[Trainer, list[float]]:
    if name == "tutorial":
        recipe = recipe_for("tutorial", len(text), len(set(text)))
        text = text[: recipe.max_characters].replace("\n", " ")
        songs = [Song(text=text, source="")]
    else:
        recipe = recipe_for("scratch", len(text), len(set(text)), has_held_out=False)
        songs = _songs(text)
    vocabulary = Vocabulary.from_texts([song.text for song in songs], recipe.min_count)
    reached: list[float] = []
    deadline = time.perf_counter() + limit_seconds

    def look(event: Event) -> None:
        if isinstance(event, Epoch) and event.train_perplexity <= target:
            reached.append(event.seconds)

    torch.manual_seed(0)
    trainer = Trainer(
        CharRNN(recipe.model_config(len(vocabulary))),
        [vocabulary.encode(song.text) for song in songs],
        None,
        recipe,
        on_event=look,
        should_stop=lambda: bool(reached) or time.perf_counter() >= deadline,
        precision=choose_precision("auto", recipe, _CPU),
    )
    return trainer, reached


def _songs(text: str) -> list[Song]:
    return [Song(text=song, source="") for song in text.split("\n\n\n") if song.strip()]
