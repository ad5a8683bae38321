"""What the copy guard costs, and how much of what is proposed runs as in the training text."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from lyricist.benchmarks.figure import Figure, alternating_medians, smaller_is_better

from lyricist.errors import UsageError
from lyricist.library.models import find_model
from lyricist.library.paths import held_out_songs
from lyricist.network.decoder import load_decoder
from lyricist.suggest.client import MAX_PREFIX
from lyricist.suggest.copy_guard import CopyGuard, guard_of
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.protocol import Answer, CopyRules, Request, SamplingSettings

_COST_GOAL = 0.2
_SEED = 1


def measure(model: str, prefixes: int = 300) -> Iterator[Figure]:
    """Yield the time of a key with and without the guard, that of the guard alone, and the shares
    of ghosts and candidates over held-out songs that are no copies."""
    folder = find_model(model)
    decoder, stored = load_decoder(folder)
    guard, unguarded = guard_of(folder, stored.card)
    if guard is None:
        raise UsageError(unguarded, "take another --model")
    engine = SuggestionEngine(
        decoder, stored.vocabulary, stored.card.has_boundaries, stored.card.novelty
    )
    before = _prefixes(stored.card.language or "zh", prefixes)
    yield from _cost(engine, guard, before)
    yield from _shares(engine, guard, before)


def _cost(engine: SuggestionEngine, guard: CopyGuard, prefixes: list[str]) -> Iterator[Figure]:
    text = "\n\n\n".join(prefixes)
    places = {mode: iter(range(400, len(text))) for mode in ("unguarded", "mark", "withhold")}

    def key(mode: str) -> Answer | None:
        engine.guard = None if mode == "unguarded" else guard
        rules = CopyRules("withhold" if mode == "withhold" else "mark")
        place = next(places[mode])
        return engine.answer(Request(0, text[:place][-MAX_PREFIX:], asked=True, copies=rules))

    works = {mode: lambda mode=mode: key(mode) for mode in places}
    seconds = alternating_medians(works, repeats=60)
    for mode in ("mark", "withhold"):
        yield smaller_is_better(
            f"originality, key to candidates, {mode}",
            seconds[mode] * 1e3,
            "ms",
            seconds["unguarded"] * 1e3,
        )
    engine.guard = guard
    answers = [answer for prefix in prefixes[:20] if (answer := _ask(engine, prefix, "mark"))]
    texts = [[c.text for c in answer.candidates] for answer in answers]

    looks = {
        str(number): lambda prefix=prefix, found=found: guard.copied(prefix, "", found, CopyRules())
        for number, (prefix, found) in enumerate(zip(prefixes, texts, strict=False))
    }
    cost = statistics.median(alternating_medians(looks).values()) * 1e3
    yield smaller_is_better("originality, guard, 5 candidates", cost, "ms", _COST_GOAL, 1.0)


def _shares(engine: SuggestionEngine, guard: CopyGuard, prefixes: list[str]) -> Iterator[Figure]:
    engine.guard = guard
    for mode in ("mark", "withhold"):
        answers = [answer for prefix in prefixes if (answer := _ask(engine, prefix, mode))]
        rules, ghosts, all_of_them, copied_ghosts, copied = CopyRules(), 0, 0, 0, 0
        for prefix, answer in zip(prefixes, answers, strict=True):
            texts = [candidate.text for candidate in answer.candidates]
            found = guard.copied(prefix, "", texts, rules)
            ghosts += bool(texts)
            all_of_them += len(texts)
            copied_ghosts += bool(texts) and texts[0] in found
            copied += len(found)
        name = f"originality, {mode}"
        yield Figure(f"{name}, ghosts of its own", 1 - copied_ghosts / ghosts, "share")
        yield Figure(f"{name}, candidates of its own", 1 - copied / all_of_them, "share")
        yield Figure(f"{name}, candidates", all_of_them / len(answers), "each")


def _ask(engine: SuggestionEngine, prefix: str, mode: str) -> Answer | None:
    rules = CopyRules("withhold" if mode == "withhold" else "mark")
    sampling = SamplingSettings(seed=_SEED)
    return engine.answer(Request(0, prefix[-MAX_PREFIX:], sampling, asked=True, copies=rules))


def _prefixes(language: str, count: int) -> list[str]:
    """Places in held-out songs, spread evenly, each with what stands before it."""
    songs = [
        file.read_text(encoding="utf-8") for file in sorted((held_out_songs() / language).glob("*"))
    ]
    every = max(sum(map(len, songs)) // count, 1)
    places = [(song, end) for song in songs for end in range(1, len(song))][::every]
    return [song[:end] for song, end in places]
