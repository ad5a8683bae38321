"""`lyricist analyze --originality`: where a song runs as in what a model was trained on."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import click

from lyricist.cli.root import default_model, say
from lyricist.library.models import find_model
from lyricist.library.settings import load_settings
from lyricist.network.card import read_card
from lyricist.network.training_index import TrainingIndex, load_index
from lyricist.network.verbatim import Limits, Span, verbatim_spans
from lyricist.text.display import visible
from lyricist.text.passages import (
    PASSAGE_CHARACTERS,
    PASSAGE_WORDS,
    Length,
    length_of,
    pieces,
)


def report_originality(text: str, model: str | None, as_json: bool) -> None:
    """Print the runs of `text` that the model was trained on.

    Args:
        text: The song.
        model: A name or a folder; None takes the one by language.
        as_json: One object instead of lines.

    Raises:
        ModelError: If there is no such model, or its index is damaged.
    """
    settings, _ = load_settings()
    limits = Limits(settings.copy_characters, settings.copy_words)
    name = model or default_model(text)
    folder = find_model(name)
    index = load_index(folder, read_card(folder).originality)
    if index is None:
        _print_unknown(name, as_json)
        return
    spans = verbatim_spans(text, index, limits)
    share = _share(text, spans)
    if as_json:
        fields = {
            "model": name,
            "spans": _fields(text, spans),
            "share": round(share, 4),
            "false_positive_rate": float(f"{index.false_positive_rate:.3g}"),
            "complete": index.complete,
        }
        click.echo(json.dumps(fields))
        return
    for line in _lines(text, spans, name, index, limits, share):
        say(line)


def _print_unknown(name: str, as_json: bool) -> None:
    if as_json:
        unknown = dict.fromkeys(("spans", "share", "false_positive_rate", "complete"))
        click.echo(json.dumps({"model": name, **unknown}))
        return
    say(
        f"{visible(name)} has no index of what it was trained on, so that copies cannot be told; "
        "`lyricist models index` makes one"
    )


def _lines(
    text: str,
    spans: Sequence[Span],
    name: str,
    index: TrainingIndex,
    limits: Limits,
    share: float,
) -> list[str]:
    lines = []
    for span, entry in zip(spans, _fields(text, spans), strict=True):
        where = f"line {entry['line']}"
        if entry["end_line"] != entry["line"]:
            where = f"lines {entry['line']}-{entry['end_line']}"
        lines.append(f"{where:12} {span.length}: {visible(entry['text'].replace(chr(10), ' / '))}")
    shown = visible(name)
    head = f"{share:.0%} of the song runs as in the training text of {shown}"
    if not spans:
        head = f"nothing runs as in the training text of {shown}"
    lines.append(f"{head} ({limits.characters} characters or {limits.words} words and more)")
    lines.append(_by_mistake(index.false_positive_rate, limits))
    if not index.complete:
        lines.append(f"what the base of {shown} was trained on is not known and not compared")
    return lines


def _by_mistake(rate: float, limits: Limits) -> str:
    """How often the index is wrong, a passage and a whole run."""
    if not rate:
        return "nothing is taken for seen by mistake"
    characters = limits.characters - PASSAGE_CHARACTERS + 1
    words = limits.words - PASSAGE_WORDS + 1
    passage, long, worded = (_rounded(rate**-n) for n in (1, characters, words))
    return (
        f"taken for seen by mistake: one passage of {PASSAGE_CHARACTERS} characters or "
        f"{PASSAGE_WORDS} words in {passage}, one run of {limits.characters} characters in {long}, "
        f"one of {limits.words} words in {worded}; a run may seem a little longer than it is"
    )


def _rounded(number: float) -> str:
    return f"{float(f'{number:.2g}'):,.0f}" if number < 1e12 else "1,000,000,000,000 or more"


def _share(text: str, spans: Sequence[Span]) -> float:
    """How much of the song is in spans: of what is compared, a word counting as two characters."""
    copied = [span.length for span in spans]
    whole = length_of(pieces(text))
    return sum(map(_weight, copied)) / max(_weight(whole), 1)


def _weight(length: Length) -> int:
    return length.characters + 2 * length.words


def _fields(text: str, spans: Sequence[Span]) -> list[dict[str, Any]]:
    starts = [0] + [n + 1 for n, character in enumerate(text) if character == "\n"]
    found = []
    for span in spans:
        first, last = (bisect_right(starts, place) - 1 for place in (span.start, span.end - 1))
        found.append(
            {
                "line": first + 1,
                "column": span.start - starts[first] + 1,
                "end_line": last + 1,
                "end_column": span.end - starts[last],
                "characters": span.length.characters,
                "words": span.length.words,
                "text": text[span.start : span.end],
            }
        )
    return found
