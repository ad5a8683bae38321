"""The words of the rhyme panel: found by kind, filtered, and ranked by how well they fit."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lyricist.app.rhyme_place import RhymeSource
from lyricist.craft.english import dictionary
from lyricist.craft.mandarin.pinyin import typed_letters
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme_search import FoundWord, Kind, rhyming_words
from lyricist.craft.song_words import SongWords, song_words
from lyricist.library.songbook import songbook_songs
from lyricist.text.script import converted, script_mix

# Words of a kind and a length: more are no help, and all are judged by the model.
MOST_OF_A_GROUP = 24
# Twice that, for names that nobody sings are left out.
_LOOKED_AT = 2 * MOST_OF_A_GROUP
# What a word loses, in nats a character, for each doubling of its place by frequency.
_PLACE_COST = 0.2
_CHINESE_KINDS = {"perfect": "同韵", "near": "通押", "multisyllabic": "双押"}


@dataclass(frozen=True)
class RhymeGroup:
    """Words under one title, the best first."""

    title: str
    words: tuple[FoundWord, ...]


def kinds_for(source: RhymeSource, rules: RhymeRules) -> tuple[Kind, ...]:
    """Return which rhymes to look for: English ones of several syllables are among the others."""
    if not source.is_chinese:
        return ("perfect", "near")
    return ("perfect", "multisyllabic", "near") if rules.loose else ("perfect", "multisyllabic")


def words_of_kind(
    source: RhymeSource, kind: Kind, rules: RhymeRules, song: str
) -> tuple[FoundWord, ...]:
    """Return words that rhyme, those most often sung first, in the Chinese script of the song.

    The first call for a language takes seconds.
    """
    songs = _songbook_words() if source.is_chinese else None
    found = rhyming_words(
        source.ending, (kind,), rules, _LOOKED_AT, *([songs] if songs is not None else [])
    )
    if source.is_chinese:
        found = [word for word in found if word.syllables >= _agreeing(kind)]
        if script_mix(Counter(song)).prevailing == "traditional":
            found = [replace(word, text=converted(word.text, "traditional")) for word in found]
        return tuple(found)
    sung = [word for word in found if dictionary.frequency(word.text)]
    return tuple(sung or found)


def _agreeing(kind: Kind) -> int:
    return 2 if kind == "multisyllabic" else 1


def grouped(
    found: Sequence[FoundWord],
    wanted: str = "",
    scores: Mapping[str, float] | None = None,
) -> tuple[RhymeGroup, ...]:
    """Return words by kind and length; what rhymes in two syllables is among those of one as well.

    Args:
        found: The commonest first within a kind and a length.
        wanted: Only those that have these letters, in their pinyin as well; a number is a length.
        scores: Mean log-probability of a character of each word where it is to stand.
    """
    members: dict[str, list[FoundWord]] = {}
    for word in (word for word in found if _is_wanted(word, wanted)):
        members.setdefault(_title(word), []).append(word)
    return tuple(
        RhymeGroup(title, tuple(_ranked(words, scores or {})[:MOST_OF_A_GROUP]))
        for title, words in members.items()
    )


def _ranked(words: list[FoundWord], scores: Mapping[str, float]) -> list[FoundWord]:
    """By fit and frequency together; a word without a score fits as badly as the worst."""
    worst = min(scores.values(), default=0.0)
    order = {
        word.text: scores.get(word.text, worst) - _PLACE_COST * math.log2(place)
        for place, word in enumerate(words, 1)
    }
    return sorted(words, key=lambda word: -order[word.text])


def _title(word: FoundWord) -> str:
    if word.reading:
        return f"{_CHINESE_KINDS[word.kind]} · {_count(word.syllables, 'character')}"
    several = ", multisyllabic" if word.agreeing > 1 else ""
    return f"{word.kind}{several} · {_count(word.syllables, 'syllable')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _is_wanted(word: FoundWord, wanted: str) -> bool:
    wanted = wanted.strip().lower()
    if wanted.isdecimal():
        return word.syllables == int(wanted)
    return wanted in word.text.lower() or wanted in typed_letters(word.reading)


@functools.cache
def _songbook_words() -> SongWords:
    return song_words(songbook_songs("zh"))
