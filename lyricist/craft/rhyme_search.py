"""The words that rhyme with the end of a text, in its language, by kind and length."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from lyricist.craft.english.rhyme import rhyming_words as english_words
from lyricist.craft.english.rhyming_dictionary import RhymingWord
from lyricist.craft.line import Unit
from lyricist.craft.mandarin.finals import FINALS, class_of, is_loose_pair
from lyricist.craft.mandarin.readings import Reading, read_line, readings_of, simplified_line
from lyricist.craft.mandarin.rhyme import rhyme_class, rhyme_grade, rhyme_length
from lyricist.craft.mandarin.words import LONGEST
from lyricist.craft.mandarin.words import rhyming_words as mandarin_words
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import NEAR_STRENGTH, syllable_readings
from lyricist.craft.song_words import NO_SONGS, SongWords

Kind = Literal["perfect", "near", "multisyllabic"]
KINDS: tuple[Kind, ...] = ("perfect", "near", "multisyllabic")

# What is looked through for a few that are common; words beyond are rare ones.
_MANY = 2000


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word that rhymes with the end of a text.

    kind: `multisyllabic` where two syllables or more agree. syllables: of the word. agreeing: how
    many of the last ones agree. strength: 0 to 1. is_sure: whether there is no doubt how both are
    said. reading: pinyin with tone marks; empty for an English word. classes: the rhyme class of
    each agreeing syllable in Chinese, in the order of the word, separated by spaces; else empty.
    """

    text: str
    kind: Kind
    syllables: int
    agreeing: int
    strength: float
    is_sure: bool
    reading: str = ""
    classes: str = ""


def rhyming_words(
    ending: tuple[Unit, ...],
    kinds: Collection[Kind],
    rules: RhymeRules,
    limit: int = 20,
    songs: SongWords = NO_SONGS,
) -> list[FoundWord]:
    """Return words that rhyme with a line's end, by kind and by syllables, the commonest first.

    Words that end on the very same character are left out, for they repeat rather than rhyme. The
    first call makes an index, in about a second.

    Args:
        ending: Of a line, see `SungLine.ending`.
        kinds: Which rhymes. A near rhyme in Chinese is 通押; a multisyllabic one in Chinese is a
            word whose last two characters or more rhyme (双押).
        rules: How rhymes are judged.
        limit: How many words of a kind and a number of syllables at most.
        songs: Ranks Chinese words, and adds those that no dictionary has.
    """
    if not ending:
        return []
    if ending[-1].language == "en":
        return list(_english(ending[-1].text, kinds, limit))
    end = syllable_readings(ending)
    return list(_mandarin(end, kinds, rules, limit, songs)) if end else []


def _english(word: str, kinds: Collection[Kind], limit: int) -> Iterator[FoundWord]:
    for kind in KINDS:
        if kind not in kinds:
            continue
        by_length: dict[int, list[RhymingWord]] = {}
        for found in english_words(word, _MANY, (kind,)):
            by_length.setdefault(found.syllables, []).append(found)
        for length in sorted(by_length):
            for found in by_length[length][:limit]:
                how = found.rhyme
                strength, sure = round(how.strength, 2), how.is_sure
                yield FoundWord(found.word, kind, length, how.syllables, strength, sure)


def _mandarin(
    end: tuple[Reading, ...],
    kinds: Collection[Kind],
    rules: RhymeRules,
    limit: int,
    songs: SongWords,
) -> Iterator[FoundWord]:
    for kind in KINDS:
        for length in range(1, LONGEST + 1):
            if kind not in kinds:
                continue
            words = _words_of_kind(kind, end, length, rules, songs)
            for word in list(words)[:limit]:
                yield _found(word, kind, end, rules)


def _words_of_kind(
    kind: Kind, end: tuple[Reading, ...], length: int, rules: RhymeRules, songs: SongWords
) -> Iterator[str]:
    own = simplified_line("".join(reading.character for reading in end))[-length:]
    for word in dict.fromkeys(_candidates(kind, end, length, rules, songs)):
        last = _read(word)[-1]
        if word != own and rhyme_grade(last, end[-1], rules.system) != "same":
            yield word


def _candidates(
    kind: Kind, end: tuple[Reading, ...], length: int, rules: RhymeRules, songs: SongWords
) -> Iterator[str]:
    if kind == "perfect":
        yield from _ranked(end[-1:], length, rules, songs)
    elif kind == "near":
        for other in _other_classes(end[-1], rules):
            for word in _ranked((other,), length, rules, songs):
                if rhyme_grade(_read(word)[-1], end[-1], rules.system, loose=True) == "near":
                    yield word
    else:
        # What agrees in more syllables comes first.
        for agreeing in range(min(length, len(end)), 1, -1):
            yield from _ranked(end[-agreeing:], length, rules, songs)


def _ranked(
    end: tuple[Reading, ...], length: int, rules: RhymeRules, songs: SongWords
) -> list[str]:
    """Words that songs have, the most frequent first, then those made of common characters."""
    more = _ending_in_class(songs.words, length, rhyme_class(end[-1], rules.system), rules)
    count = songs.characters.get if songs.characters else None
    frequency = (lambda character: float(count(character, 0))) if count else None
    words = mandarin_words(end, length, rules.system, _MANY, frequency, more)
    return sorted(words, key=lambda word: -songs.words.get(word, 0))


def _ending_in_class(
    words: Iterable[str], length: int, name: str, rules: RhymeRules
) -> Iterator[str]:
    """Those that may rhyme, so that few have to be read in full."""
    for word in words:
        if len(word) == length and any(
            class_of(reading.final, rules.system) == name for reading in readings_of(word[-1])
        ):
            yield word


def _other_classes(reading: Reading, rules: RhymeRules) -> list[Reading]:
    """A stand-in for each other class that has a final to rhyme with in songs (通押)."""
    own = rhyme_class(reading, rules.system)
    stand_ins: dict[str, Reading] = {}
    for final in sorted(FINALS):
        name = class_of(final, rules.system)
        if name != own and is_loose_pair(final, reading.final):
            stand_ins.setdefault(name, replace(reading, character="", final=final))
    return list(stand_ins.values())


def _found(word: str, kind: Kind, end: tuple[Reading, ...], rules: RhymeRules) -> FoundWord:
    readings = _read(word)
    agreeing = max(1, rhyme_length(readings, end, rules.system))
    classes = " ".join(rhyme_class(reading, rules.system) for reading in readings[-agreeing:])
    sure = readings[-1].is_sure and end[-1].is_sure
    strength = NEAR_STRENGTH if kind == "near" else 1.0
    pinyin = " ".join(reading.pinyin for reading in readings)
    return FoundWord(word, kind, len(readings), agreeing, strength, sure, pinyin, classes)


def _read(word: str) -> tuple[Reading, ...]:
    return tuple(reading for reading in read_line(word) if reading and reading.is_syllable)
