"""Lines under a lock: how often one is found, whether it obeys, and what it costs in likelihood.

The places are lines of songs that no model was trained on; what is asked for is the length of the
line that stands there, and a rhyme with an earlier line of its section.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from lyricist.benchmarks.figure import Figure, larger_is_better, smaller_is_better

from lyricist.craft.line import SungLine, sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import line_rhyme
from lyricist.craft.sections import sections
from lyricist.library.models import find_model
from lyricist.library.paths import held_out_songs
from lyricist.network.decoder import load_decoder
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.protocol import Answer, Lock, Request, SamplingSettings

_PAIRS = 200
_FOUND_GOALS = {"zh": 0.95, "en": 0.80}
_LIKELIHOOD_GOAL = 1 / 1.15
_LATENCY_GOAL_MS = 80.0


@dataclass(frozen=True)
class _Place:
    """Where a line is to be written. song: all before it."""

    song: str
    lock: Lock


@dataclass
class _Results:
    """Of all places of one language."""

    found: int = 0
    shown: int = 0
    obeyed: int = 0
    repeated: int = 0
    locked: list[float] | None = None
    free: list[float] | None = None
    milliseconds: list[float] | None = None


def measure(pairs: int = _PAIRS) -> Iterator[Figure]:
    """Yield the figures of both languages."""
    torch.set_num_threads(1)
    for language, goal in _FOUND_GOALS.items():
        places = _places(language)
        random.Random(1).shuffle(places)
        places = places[:pairs]
        results = _results(language, places)
        yield from _figures(language, results, len(places), goal)


def _figures(language: str, results: _Results, places: int, goal: float) -> Iterator[Figure]:
    name = f"locked ({language})"
    shown = max(results.shown, 1)
    yield larger_is_better(f"{name}, obeying of those shown", results.obeyed / shown, "", 1.0, 1.0)
    yield larger_is_better(
        f"{name}, found for {places} places", results.found / places, "", goal, 1.0
    )
    yield larger_is_better(
        f"{name}, ending on a word of its own", 1 - results.repeated / shown, "", 1.0, 1.0
    )
    locked, free = _mean(results.locked), _mean(results.free)
    yield smaller_is_better(
        f"{name}, nats a character beside unlocked", -locked, "nats", -free, _LIKELIHOOD_GOAL
    )
    ordered = sorted(results.milliseconds or [math.inf])
    for percentile in (50, 95):
        value = ordered[round((len(ordered) - 1) * percentile / 100)]
        wanted = _LATENCY_GOAL_MS if percentile == 95 else None
        yield smaller_is_better(
            f"{name}, key to candidates p{percentile}",
            value,
            "ms",
            wanted,
            None if wanted is None else 1.0,
        )


def _results(language: str, places: list[_Place]) -> _Results:
    decoder, stored = load_decoder(find_model(language))
    card = stored.card
    engine = SuggestionEngine(decoder, stored.vocabulary, card.has_boundaries, card.novelty)
    results = _Results(locked=[], free=[], milliseconds=[])
    for number, place in enumerate(places):
        free = _answer(engine, place.song, Lock(), number)
        # What is timed is the drawing: the song before it has been read with the last key.
        started = time.perf_counter()
        answer = _answer(engine, place.song, place.lock, number)
        assert results.milliseconds is not None
        if number:
            results.milliseconds.append((time.perf_counter() - started) * 1e3)
        results.found += bool(answer.candidates)
        results.shown += len(answer.candidates)
        wanted = sung_line(place.lock.rhyme)
        for candidate in answer.candidates:
            line = sung_line(candidate.text)
            results.obeyed += _obeys(line, wanted, place.lock)
            results.repeated += line.ending[-1].text.lower() == wanted.ending[-1].text.lower()
        if answer.candidates and free.candidates:
            assert results.locked is not None and results.free is not None
            results.locked.append(statistics.mean(c.log_prob for c in answer.candidates))
            results.free.append(statistics.mean(c.log_prob for c in free.candidates))
    return results


def _answer(engine: SuggestionEngine, song: str, lock: Lock, seed: int) -> Answer:
    # Nothing is learned from the song, so that both are likelihoods under the network alone.
    request = Request(0, song, SamplingSettings(seed=seed), asked=True, adapt=False, lock=lock)
    answer = engine.answer(request)
    assert answer is not None
    return answer


def _obeys(line: SungLine, wanted: SungLine, lock: Lock) -> bool:
    """By the reader of lines alone, not by what drew them."""
    rhyme = line_rhyme(wanted, line, RhymeRules(lock.system, lock.loose))
    return line.syllables == lock.syllables and line.is_known and rhyme is not None


def _places(language: str) -> list[_Place]:
    return [
        place
        for path in sorted((held_out_songs() / language).glob("*.txt"))
        for place in _places_of(path.read_text(encoding="utf-8"), language)
    ]


def _places_of(text: str, language: str) -> Iterator[_Place]:
    """Lines that follow others of their section: each is to rhyme with the nearest that it does
    rhyme with, or else with the one above."""
    raw = text.split("\n")
    lines = [sung_line(line) for line in raw]
    rules = RhymeRules()
    for section in sections(raw):
        for place, row in enumerate(section.lyrics[1:], 1):
            own, before = lines[row], [lines[n] for n in section.lyrics[:place][::-1]]
            in_language = [line.ending and line.ending[-1].language for line in (own, *before)]
            if not own.is_sure or set(in_language[:2]) != {language}:
                continue
            rhyming = (line for line in before if line_rhyme(line, own, rules) is not None)
            partner = next(rhyming, before[0])
            if partner.ending and partner.ending[-1].language == language:
                lock = Lock(own.syllables, partner.text)
                yield _Place("\n".join(raw[:row]) + "\n", lock)


def _mean(values: list[float] | None) -> float:
    return statistics.mean(values) if values else math.nan
