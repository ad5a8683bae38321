"""`lyricist bench`: how fast this machine is, beside what it is compared with."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from lyricist.errors import LyricistError, UsageError

NAMES = (
    "decode",
    "suggest",
    "locked",
    "originality",
    "craft",
    "keystroke",
    "memory",
    "start",
    "load",
    "train",
    "finetune",
    "networks",
)
# They need songs that nobody has here.
_ONLY_BY_NAME = ("finetune", "networks")
_PACKAGE = "lyricist.benchmarks"
_WIDTHS = "{:44} {:>10} {:7} {:>10} {:>8} {:>6} {:>9} {:>6}"
_HEAD = _WIDTHS.format(
    "figure", "value", "", "baseline", "ratio", "goal", "limit", "share"
).rstrip()


@click.command(short_help="Measure speed.")
@click.argument("name", required=False)
@click.option("--model", metavar="MODEL", default="zh", show_default=True)
@click.option(
    "--keys", type=click.IntRange(10), help="How many keys `keystroke` and `memory` type."
)
@click.option("--seconds", type=click.IntRange(1), help="How long `train` or `networks` train.")
@click.option("--corpus", type=click.Path(exists=True), help="What is learnt by those that train.")
@click.option(
    "--held-out", type=click.Path(exists=True), help="What those that train are judged by."
)
@click.option("--base", metavar="MODEL", help="What `finetune` starts from. Default: en.")
@click.option("--sizes", metavar="N,N", help="Characters that `finetune` learns from.")
@click.option("--json", "as_json", is_flag=True, help="One object a figure.")
def bench(
    name: str | None,
    model: str,
    keys: int | None,
    seconds: int | None,
    corpus: str | None,
    held_out: str | None,
    base: str | None,
    sizes: str | None,
    as_json: bool,
) -> None:
    """Measure NAME, or everything: decode, suggest, locked, craft, keystroke, memory, start,
    load, train; finetune and networks only by name, since they need songs.

    Medians of several repeats, each beside a baseline and, where there is one, the machine's own
    limit, all in one run. A ratio above 1 is in our favour.

    \b
    lyricist bench decode
    lyricist bench suggest --model en --json
    lyricist bench finetune --corpus new-songs/ --base en --sizes 10000,50000
    lyricist bench networks --corpus songs.txt --held-out others.txt --seconds 120
    """
    if name is not None and name not in NAMES:
        raise UsageError(f"benchmark {name!r} is unknown", f"use one of {', '.join(NAMES)}")
    asked: dict[str, dict[str, Any]] = {
        "decode": {"model": model},
        "suggest": {"model": model},
        "locked": {},
        "originality": {"model": model},
        "craft": {},
        "keystroke": {"keys": keys},
        "memory": {"keys": keys},
        "start": {},
        "load": {},
        "train": {"seconds": seconds, "corpus": corpus, "held_out": held_out},
        "finetune": {"corpus": corpus, "held_out": held_out, "base": base, "sizes": _sizes(sizes)},
        "networks": {"seconds": seconds, "corpus": corpus, "held_out": held_out},
    }
    find_benchmarks()
    head, row = _HEAD, _row
    if name == "networks":
        networks = importlib.import_module(f"{_PACKAGE}.networks")
        head, row = networks.HEAD, networks.text
    if not as_json:
        click.echo(head)
    for benchmark in [name] if name else [known for known in NAMES if known not in _ONLY_BY_NAME]:
        given = {key: value for key, value in asked[benchmark].items() if value is not None}
        for figure in _figures(benchmark, given):
            click.echo(json.dumps(figure) if as_json else row(figure))


def _sizes(text: str | None) -> list[int] | None:
    if text is None:
        return None
    pieces = text.split(",")
    if not all(piece.strip().isascii() and piece.strip().isdigit() for piece in pieces):
        raise UsageError(f"{text!r} are no numbers", "write e.g. --sizes 10000,50000")
    return [int(piece) for piece in pieces]


def _figures(name: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run one benchmark."""
    module = importlib.import_module(f"{_PACKAGE}.{name}")
    for figure in module.measure(**arguments):
        yield asdict(figure)


def find_benchmarks() -> None:
    """Make the benchmarks importable: a wheel has them inside, a checkout among the tests.

    Raises:
        LyricistError: If they are not there.
    """
    from lyricist.library.paths import benchmarks

    if _PACKAGE in sys.modules:
        return
    start = benchmarks() / "__init__.py"
    if not start.is_file():
        raise LyricistError("the benchmarks are not installed", "install lyricist anew")
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, start, submodule_search_locations=[str(start.parent)]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)


def _row(figure: dict[str, Any]) -> str:
    share = figure["share_of_limit"]
    return _WIDTHS.format(
        figure["name"],
        _number(figure["value"]),
        figure["unit"],
        _number(figure["baseline"]),
        _number(figure["ratio"]),
        _number(figure["goal"]),
        _number(figure["limit"]),
        "" if share is None else f"{share:.0%}",
    ).rstrip()


def _number(value: float | None) -> str:
    """Three significant digits."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
