"""A typed character at the end of a song to candidates, beside the tutorial's prediction."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from lyricist.benchmarks import tutorial
from lyricist.benchmarks.figure import Figure, alternating_medians, smaller_is_better

from lyricist.library.models import find_model
from lyricist.library.paths import songbook
from lyricist.network.decoder import load_decoder
from lyricist.suggest.client import MAX_PREFIX
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.protocol import Request, SamplingSettings

_SONG_CHARACTERS = 2000
_TUTORIAL_CHARACTERS = 20
_GOAL = 20.0
_LINES = 64
_LINE_CHARACTERS = 7
_LINES_GOAL_MS = 30.0
_LONG_CHARACTERS = (1_000, 10_000, 100_000, 1_000_000)
_LONG_RATIO = 1.5


def measure(model: str, repeats: int = 30) -> Iterator[Figure]:
    """Yield the time to five candidates, to 64 short lines, and for longer and longer songs."""
    torch.set_num_threads(1)
    decoder, stored = load_decoder(find_model(model))
    engine = SuggestionEngine(decoder, stored.vocabulary, stored.card.has_boundaries)
    text = _song(stored.card.language or "zh", max(_LONG_CHARACTERS) + 5000)
    typed = iter(range(_SONG_CHARACTERS, len(text)))
    params = tutorial.get_params()
    prefix = [2 + i % 1000 for i in range(_SONG_CHARACTERS)]

    def keystroke() -> None:
        assert engine.answer(Request(0, text[: next(typed)][-MAX_PREFIX:], asked=True)) is not None

    with torch.inference_mode():
        seconds = alternating_medians(
            {
                "ours": keystroke,
                "tutorial": lambda: tutorial.predict(prefix, _TUTORIAL_CHARACTERS, params),
            },
            repeats=repeats,
        )
    yield smaller_is_better(
        "suggest, key to 5 candidates",
        seconds["ours"] * 1e3,
        "ms",
        seconds["tutorial"] * 1e3,
        _GOAL,
    )
    many = SamplingSettings(count=_LINES // 2, max_length=_LINE_CHARACTERS)
    lines = alternating_medians(
        {"lines": lambda: engine.answer(Request(0, text[:2001], many, True))},
        repeats=repeats,
    )
    yield smaller_is_better(
        f"suggest, {_LINES} lines of {_LINE_CHARACTERS}",
        lines["lines"] * 1e3,
        "ms",
        _LINES_GOAL_MS,
        1.0,
    )
    yield from _longer_songs(engine, text, repeats)


def _longer_songs(engine: SuggestionEngine, text: str, repeats: int) -> Iterator[Figure]:
    """The same at the end of songs of growing length, and after a jump into the middle."""
    from lyricist.app.context import context_before
    from lyricist.app.widgets.song_document import SongDocument

    documents = {length: SongDocument(text[:length]) for length in _LONG_CHARACTERS}
    places = {length: iter(range(1, 200)) for length in _LONG_CHARACTERS}

    def at_end(length: int) -> None:
        document = documents[length]
        document.replace_range(document.end, document.end, text[next(places[length])])
        prefix = context_before(document, document.end, MAX_PREFIX)
        assert engine.answer(Request(0, prefix, asked=True)) is not None

    seconds = {}
    for length in _LONG_CHARACTERS:
        works = {"key": lambda length=length: at_end(length)}
        seconds[length] = alternating_medians(works, repeats=2 * repeats)["key"]
        yield smaller_is_better(
            f"suggest, song of {length:,}",
            seconds[length] * 1e3,
            "ms",
            seconds[_LONG_CHARACTERS[0]] * 1e3,
            1 / _LONG_RATIO,
        )


def _song(language: str, length: int) -> str:
    """A long text of songs, again and again."""
    songs = sorted((songbook() / language).glob("*"))
    text = "\n\n\n".join(song.read_text(encoding="utf-8") for song in songs)
    return (text * (length // len(text) + 1))[:length]
