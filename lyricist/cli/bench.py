"""`lyricist bench`: how fast the loop from text to candidates is on this machine."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

import click

from lyricist.errors import UsageError

_BENCHMARKS = ("decode", "suggest")
_REPEATS = 15


@click.command(short_help="Measure speed.")
@click.argument("name", required=False)
@click.option("--model", metavar="MODEL", default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One object a figure.")
def bench(name: str | None, model: str, as_json: bool) -> None:
    """Time one network step (`decode`) and one typed character to candidates (`suggest`).

    Medians of several repeats; the baseline of `suggest` reads the whole prefix again, as the
    tutorial does. Ratios above 1 are in our favour.

    \b
    lyricist bench
    lyricist bench suggest --json
    """
    if name is not None and name not in _BENCHMARKS:
        raise UsageError(f"benchmark {name!r} is unknown", f"use one of {', '.join(_BENCHMARKS)}")
    for figure in _measure(model, [name] if name else list(_BENCHMARKS)):
        if as_json:
            click.echo(json.dumps(figure))
        else:
            click.echo(
                f"{figure['name']:10} {figure['value']:9.3f} {figure['unit']}  "
                f"baseline {figure['baseline']:9.3f}  ratio {figure['ratio']:7.1f}"
            )


def _measure(model: str, names: list[str]) -> list[dict[str, object]]:
    import torch

    from lyricist.library.models import find_model
    from lyricist.network.checkpoint import load_model
    from lyricist.network.decoder import Decoder
    from lyricist.network.device import prepare_torch
    from lyricist.suggest.engine import SuggestionEngine
    from lyricist.suggest.protocol import Request

    prepare_torch(num_threads=1)
    network, vocabulary, _ = load_model(find_model(model))
    decoder = Decoder(network)
    figures = []
    if "decode" in names:
        state = decoder.begin_state(1)
        index = torch.tensor([vocabulary.newline_index])
        with torch.inference_mode():
            value = _median(lambda: decoder.logits(decoder.step(index, state)))
            baseline = _median(lambda: network(index[None], state))
        figures.append(_figure("decode", value, baseline))
    if "suggest" in names:
        text = (vocabulary.characters[1:41] + "\n") * 49
        engine = SuggestionEngine(decoder, vocabulary)
        typed = iter(range(10_000))

        def keystroke() -> None:
            extra = vocabulary.characters[1 + next(typed) % 40]
            engine.answer(Request(0, text + extra, asked=True))

        def from_the_start() -> None:
            fresh = SuggestionEngine(decoder, vocabulary)
            fresh.answer(Request(0, text, asked=True))

        figures.append(_figure("suggest", _median(keystroke), _median(from_the_start, 3)))
    return figures


def _median(work: Callable[[], object], repeats: int = _REPEATS) -> float:
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _figure(name: str, value: float, baseline: float) -> dict[str, object]:
    return {
        "name": name,
        "value": value,
        "unit": "ms",
        "baseline": baseline,
        "ratio": baseline / value,
        "goal": None,
        "limit": None,
        "share_of_limit": None,
    }
