"""Which network learns most in a given time, and what each part of the recipe gives.

Two tables over the same songs. Networks: the product's LSTM beside others of as many weights, all
with the product's recipe. Recipe: the LSTM with one thing changed at a time. The budget and all
times are seconds of this process on one thread, so that other work on the machine counts for
nothing; steps are plain torch in float32 for all, slower than the product's own decoder.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from lyricist.benchmarks.candidate_network import Candidate, as_large, build, parameters
from lyricist.benchmarks.candidate_training import Material, read_material, train

from lyricist.errors import LyricistError
from lyricist.network.device import prepare_torch
from lyricist.network.model import CharRNN
from lyricist.training.memory import keep_freed_memory
from lyricist.training.precision import choose_precision
from lyricist.training.recipes import Recipe, recipe_for

LSTM = Candidate("LSTM", "lstm")
CANDIDATES = (
    LSTM,
    Candidate("GRU", "gru"),
    Candidate("RNN, tanh", "rnn", rate=0.25),
    Candidate("Mogrifier LSTM", "mogrifier"),
    Candidate("minGRU", "mingru", num_layers=3),
    Candidate("minGRU with MLP", "mingru-mlp", num_layers=2),
    Candidate("QRNN", "qrnn", num_layers=2),
)
_ABLATION_SHARE = 0.75
_STEPS = 40
_BATCHES = (1, 10)
_WIDTHS = "{:42} {:>10} {:>12} {:>8} {:>9} {:>9} {:>9}"
HEAD = _WIDTHS.format(
    "network", "weights", "characters", "CPU s", "bits/char", "ms step", "ms of 10"
).rstrip()


@dataclass(frozen=True)
class Row:
    """One training.

    characters: seen in training. seconds: of the processor. bits_per_character: of the held-out
    songs. step_ms, ten_steps_ms: of one step of a batch of 1 and of 10, where measured.
    """

    name: str
    weights: int
    characters: int
    seconds: float
    bits_per_character: float
    step_ms: float | None = None
    ten_steps_ms: float | None = None


def text(row: dict[str, Any]) -> str:
    """Return a row as the table has it."""
    times = ("" if row[key] is None else f"{row[key]:.2f}" for key in ("step_ms", "ten_steps_ms"))
    return _WIDTHS.format(
        row["name"],
        f"{row['weights']:,}",
        f"{row['characters']:,}",
        f"{row['seconds']:.0f}",
        f"{row['bits_per_character']:.3f}",
        *times,
    ).rstrip()


def measure(
    corpus: str | None = None, held_out: str | None = None, seconds: float = 120
) -> Iterator[Row]:
    """Yield the rows of both tables.

    Args:
        corpus: One text file.
        held_out: Another, of which nothing is learnt.
        seconds: Of the processor for each network; the variants of the recipe have three quarters.

    Raises:
        LyricistError: If a text is missing.
    """
    if corpus is None or held_out is None:
        raise LyricistError("there are no songs", "name them with --corpus and --held-out")
    material, recipe = prepared(corpus, held_out, seconds)
    yield from compared(CANDIDATES, material, recipe, seconds)
    yield from varied(variants(recipe), material, seconds * _ABLATION_SHARE)


def prepared(corpus: str, held_out: str, seconds: float) -> tuple[Material, Recipe]:
    """Return the songs and the product's recipe for them; this process then has one thread."""
    prepare_torch(1)
    keep_freed_memory()
    material = read_material(corpus, held_out)
    size = len(material.stream), material.vocabulary_size
    return material, recipe_for("scratch", *size, time_budget=seconds)


def compared(
    candidates: tuple[Candidate, ...], material: Material, recipe: Recipe, seconds: float
) -> Iterator[Row]:
    """Train every candidate at the size of the recipe's LSTM."""
    config = recipe.model_config(material.vocabulary_size)
    shapes = {candidate: as_large(candidate, config) for candidate in candidates}
    networks = {}
    for candidate, shape in shapes.items():
        torch.manual_seed(0)
        networks[candidate] = build(candidate, shape)
    times = [
        _alternating_ms({c: _stepping(network, batch) for c, network in networks.items()})
        for batch in _BATCHES
    ]
    for candidate, network in networks.items():
        own = replace(recipe, lr=recipe.lr * candidate.rate)
        title = f"{candidate.title} {candidate.num_layers}x{shapes[candidate].hidden_size}"
        row = _trained(f"networks, {title}", network, own, material, seconds)
        yield replace(row, step_ms=times[0][candidate], ten_steps_ms=times[1][candidate])


def variants(recipe: Recipe) -> dict[str, Recipe]:
    """The recipe and what becomes of it with one thing taken away or added."""
    tying = "untied output" if recipe.tied else "tied output"
    return {
        "as it is": recipe,
        tying: replace(recipe, tied=not recipe.tied),
        "no locked dropout": replace(recipe, dropout_in=0.0, dropout_hidden=0.0, dropout_out=0.0),
        "weight drop 0.2": replace(recipe, weight_drop=0.2),
        "averaged weights, 0.999": replace(recipe, ema=0.999),
        "no state reset": replace(recipe, state_reset=0.0),
        "no random offset": replace(recipe, random_offset=False),
        "no dropout, averaged weights": replace(
            recipe, dropout_in=0.0, dropout_hidden=0.0, dropout_out=0.0, ema=0.999
        ),
    }


def varied(recipes: dict[str, Recipe], material: Material, seconds: float) -> Iterator[Row]:
    """Train an LSTM with each recipe."""
    for name, recipe in recipes.items():
        torch.manual_seed(0)
        network = build(LSTM, recipe.model_config(material.vocabulary_size))
        yield _trained(f"networks, recipe {name}", network, recipe, material, seconds)


def _trained(
    name: str, network: CharRNN, recipe: Recipe, material: Material, seconds: float
) -> Row:
    precision = choose_precision("auto", recipe, torch.device("cpu"))
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    outcome = train(network, recipe, material, seconds, dtype)
    return Row(
        name, parameters(network), outcome.characters, outcome.seconds, outcome.bits_per_character
    )


def _stepping(network: CharRNN, batch_size: int) -> Callable[[], object]:
    """One step and the scores of the next character."""
    network.eval()
    indices = torch.ones(batch_size, dtype=torch.long)
    state = network.begin_state(batch_size)

    @torch.inference_mode()
    def step() -> object:
        features, _ = network.step(indices, state)
        return network.logits(features)

    return step


def _alternating_ms(
    works: dict[Candidate, Callable[[], object]], calls: int = 20
) -> dict[Candidate, float]:
    """Median milliseconds of the processor of a call, the works taken in turn."""
    times: dict[Candidate, list[float]] = {candidate: [] for candidate in works}
    for _ in range(_STEPS):
        for candidate, work in works.items():
            work()
            started = time.process_time()
            for _ in range(calls):
                work()
            times[candidate].append((time.process_time() - started) / calls)
    return {candidate: 1000 * statistics.median(taken) for candidate, taken in times.items()}
