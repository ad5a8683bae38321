"""The words that rhyme with one: the dictionary, indexed by what its words end on."""

from __future__ import annotations

import functools
import heapq
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from lyricist.craft.english import dictionary
from lyricist.craft.english.line_ends import strong_pronunciations
from lyricist.craft.english.pronunciation import Pronunciation
from lyricist.craft.english.rhyme_kinds import (
    Rhyme,
    compared,
    family_keys,
    near_keys,
    rhyme_key,
    rhyming_tail,
)
from lyricist.craft.english.tails import Tail, tail_key
from lyricist.craft.english.transcription import PHONEMES, STRESSED_CODES, decoded, encoded, spoken

RhymingKind = Literal["perfect", "near", "multisyllabic"]

_UNSTRESSED = "".join(set(encoded(PHONEMES)) - set(STRESSED_CODES))


@dataclass(frozen=True, slots=True)
class RhymingWord:
    """A word of the dictionary, how many syllables it has, and how it rhymes."""

    word: str
    syllables: int
    rhyme: Rhyme


@dataclass(frozen=True, slots=True)
class _Index:
    """by_sound: `rhyme_key` to entries, the words most often sung first. by_family: `near_keys` to
    those keys, each with one of its pronunciations. An entry is "frequency word codes": short
    strings cost a third of the memory that tuples would."""

    by_sound: dict[str, list[str]]
    by_family: dict[str, list[tuple[str, Tail]]]


def rhyming_words(
    word: str,
    limit: int = 100,
    kinds: Collection[RhymingKind] = ("perfect", "near"),
    frequency: Callable[[str], float] | None = None,
) -> tuple[RhymingWord, ...]:
    """Return words that rhyme with `word`, the perfect rhymes before the near ones.

    Within a kind those most often sung come first. The first call takes about a second, for the
    index.

    Args:
        word: One word; what is not in the dictionary is rhymed as it is guessed to sound.
        limit: How many words at most.
        kinds: Which rhymes; "multisyllabic" alone means both kinds, but of two syllables or more.
        frequency: Ranks the words within a kind, the highest first, in place of the frequencies
            that ship with the dictionary.
    """
    wanted = [rhyming_tail(way) for way in strong_pronunciations(word)]
    wanted = [t for t in dict.fromkeys(wanted) if t.syllables]
    if "multisyllabic" in kinds:
        wanted = [t for t in wanted if len(t.syllables) > 1]
    both = set(kinds) == {"multisyllabic"}
    found: dict[str, RhymingWord] = {word.casefold().replace("’", "'"): _ITSELF}
    for kind, candidates in (("perfect", _perfect(wanted)), ("near", _near(wanted))):
        if both or kind in kinds:
            chosen = (c for c in candidates if c.rhyme.kind == kind)
            for candidate in _ranked(chosen, frequency) if frequency else chosen:
                if len(found) > limit:
                    break
                found.setdefault(candidate.word, candidate)
    return tuple(found.values())[1:]


def warm_up() -> None:
    """Make the index now, about a second's work, instead of at the first look-up."""
    _index()


_ITSELF = RhymingWord("", 0, Rhyme("identical", 0.0, 0, True))


def _perfect(wanted: Iterable[Tail]) -> Iterator[RhymingWord]:
    lists = (_found(t, _index().by_sound.get(tail_key(t.syllables), [])) for t in wanted)
    return (word for _, word in heapq.merge(*lists, key=lambda ranked: ranked[0]))


def _near(wanted: Iterable[Tail]) -> Iterator[RhymingWord]:
    lists = []
    for target in wanted:
        families = (_index().by_family.get(key, []) for key in family_keys(target.syllables))
        keys = dict(itertools.chain.from_iterable(families))
        for key, example in keys.items():
            rhyme = compared(target, example)
            if rhyme and rhyme.kind == "near":
                lists.append(_found(target, _index().by_sound[key]))
    return (word for _, word in heapq.merge(*lists, key=lambda ranked: ranked[0]))


def _found(target: Tail, entries: list[str]) -> Iterator[tuple[tuple[int, float], RhymingWord]]:
    """Yield the entries that rhyme, ranked: the most frequent first, then the strongest."""
    for entry in entries:
        frequency, word, codes = entry.split(" ")
        way = Pronunciation(decoded(codes))
        rhyme = compared(target, rhyming_tail(way))
        if rhyme:
            rank = (-int(frequency, 16), -rhyme.strength)
            yield rank, RhymingWord(word, way.syllables, rhyme)


def _ranked(words: Iterable[RhymingWord], frequency: Callable[[str], float]) -> list[RhymingWord]:
    return sorted(words, key=lambda found: -frequency(found.word))


@functools.cache
def _index() -> _Index:
    by_sound: dict[str, list[str]] = {}
    by_family: dict[str, list[tuple[str, Tail]]] = {}
    keys: dict[str, str] = {}
    for line in sorted(dictionary.lines(), key=lambda line: line.split(" ", 2)[1], reverse=True):
        word, frequency, *transcriptions = line.split(" ")
        if "." in word or (frequency == "0" and "'" in word):
            continue
        ways = [spoken(transcription) for transcription in transcriptions]
        # Weak forms ("has" as "huz") end no line.
        for codes in [codes for codes in ways if codes.rstrip(_UNSTRESSED)] or ways:
            part = codes[max(0, len(codes.rstrip(_UNSTRESSED)) - 1) :]
            if part not in keys:
                keys[part] = _enter(part, by_sound, by_family)
            if keys[part]:
                by_sound[keys[part]].append(f"{frequency} {word} {codes}")
    return _Index(by_sound, by_family)


def _enter(
    part: str, by_sound: dict[str, list[str]], by_family: dict[str, list[tuple[str, Tail]]]
) -> str:
    """Give a rhyming part its place in the index and return its key."""
    way = Pronunciation(decoded(part))
    key = rhyme_key(way)
    if key and key not in by_sound:
        by_sound[key] = []
        for near in near_keys(way):
            by_family.setdefault(near, []).append((key, rhyming_tail(way)))
    return key
