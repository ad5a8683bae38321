"""What the craft beside the lines costs: reading a line, a section after a key, a look-up."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from lyricist.benchmarks.figure import Figure, smaller_is_better

from lyricist.craft.english.rhyme import rhyming_words
from lyricist.craft.line import sung_line
from lyricist.craft.marks import mark_at
from lyricist.craft.modes import RhymeRules
from lyricist.library.paths import held_out_songs

_LINE_GOAL_MS = 1.0
_SECTION_GOAL_MS = 16.0
_LINES = 16
_KEYS = 200


def measure() -> Iterator[Figure]:
    """Yield the figures of both languages."""
    for language in ("zh", "en"):
        lines = _lines(language)
        for line in lines:
            sung_line(line)
        # A letter more or less makes each a line that was not read before.
        fresh = [line[:-1] + "我" if language == "zh" else f"{line[:-1]}s" for line in lines]
        times = sorted(_milliseconds(lambda text=line: sung_line(text)) for line in fresh)
        yield smaller_is_better(
            f"craft, a line is read ({language})",
            statistics.median(times),
            "ms",
            _LINE_GOAL_MS,
            1.0,
        )
        keys = sorted(_keys(lines))
        for percentile in (50, 99):
            yield smaller_is_better(
                f"craft, a key marks its section p{percentile} ({language})",
                keys[round((len(keys) - 1) * percentile / 100)],
                "ms",
                _SECTION_GOAL_MS,
                1.0,
            )
    rhyming_words("away")
    words = ("light", "river", "station", "heart", "over", "tonight")
    found = statistics.median(_milliseconds(lambda w=word: rhyming_words(w)) for word in words)
    yield Figure("craft, words that rhyme (en)", found, "ms")


def _keys(lines: list[str]) -> Iterator[float]:
    """Type the last line of a section, key by key; yields the milliseconds to all its marks."""
    rules = RhymeRules()
    for start in range(0, len(lines) - _LINES, _LINES):
        *section, typed = lines[start : start + _LINES]
        for length in range(1, len(typed) + 1):
            song = [*section, typed[:length]]
            yield _milliseconds(lambda s=song: [mark_at(s, row, rules) for row in range(_LINES)])


def _lines(language: str) -> list[str]:
    songs = sorted((held_out_songs() / language).glob("*.txt"))
    texts = (song.read_text(encoding="utf-8") for song in songs)
    lines = (line for text in texts for line in text.split("\n"))
    return [line for line in lines if sung_line(line).kind == "lyric"][:_KEYS]


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3
