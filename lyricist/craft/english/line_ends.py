"""The tails that the end of a line may rhyme with, over all ways to say its last words."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import replace

from lyricist.craft.english.phonemes import is_vowel
from lyricist.craft.english.pronunciation import Pronunciation, pronunciations
from lyricist.craft.english.tails import Tail, tail
from lyricist.craft.english.words import is_function_word, word_stresses, words

_MAX_SYLLABLES = 4
_MAX_WORDS = 4
_MAX_WAYS = 12
_PROMOTED = 0.3
# Vowels that stay full without stress, so that verse can stress them: "memory" for "me".
_FULL = ("IY", "OW", "UW", "EY", "AY", "ER")

Spoken = tuple[str, Pronunciation]
"""A word and one way to say it."""


@functools.lru_cache(maxsize=8192)
def tails_of(text: str) -> tuple[Tail, ...]:
    """Return the different tails of up to four syllables that a word or the end of a line has."""
    found: dict[Tail, None] = {}
    for phrase in _ways(text):
        found.update(dict.fromkeys(_tails(phrase)))
    return tuple(found)


def strong_pronunciations(word: str) -> tuple[Pronunciation, ...]:
    """Return all pronunciations but the weak ones of a monosyllable ("to" as "tuh"), which no line
    ends on."""
    ways = pronunciations(word)
    strong = tuple(way for way in ways if set(way.stresses) != {"0"})
    return strong or ways


@functools.lru_cache(maxsize=8192)
def end_of(text: str) -> str:
    """Return the last word in lower case, the accent and apostrophe it may have kept."""
    found = words(text[-400:])
    return found[-1].text.casefold().replace("’", "'") if found else ""


def _ways(text: str) -> Iterator[tuple[Spoken, ...]]:
    """Yield the last words of a line in every way to say them, the most usual first."""
    each: list[list[Spoken]] = []
    syllables = 0
    for word in reversed(words(text[-400:])[-_MAX_WORDS:]):
        ways = strong_pronunciations(word.text)
        if not ways:
            break
        each.insert(0, [(word.text, way) for way in ways])
        syllables += min(way.syllables for way in ways)
        if syllables >= _MAX_SYLLABLES:
            break
    if not each:
        return iter(())
    # The last word varies fastest: it matters most.
    return itertools.islice(itertools.product(*each), _MAX_WAYS)


def _tails(phrase: tuple[Spoken, ...]) -> Iterator[Tail]:
    phonemes = phrase[0][1].phonemes + tuple(
        itertools.chain.from_iterable(_leaning(word, way) for word, way in phrase[1:])
    )
    stresses = "".join(word_stresses(word, way) for word, way in phrase if way.vowels)
    positions = [at for at, phoneme in enumerate(phonemes) if is_vowel(phoneme)]
    last_word, last_way = phrase[-1]
    is_sure = all(way.is_sure for _, way in phrase)
    for count in range(1, min(_MAX_SYLLABLES, len(positions)) + 1):
        found = tail(phonemes, positions[-count], stresses[len(positions) - count :])
        is_function = count == 1 and len(phrase) > 1 and is_function_word(last_word)
        if stresses[-count] != "0" or _may_be_stressed(phrase, count):
            yield replace(found, is_sure=is_sure, is_function_word=is_function)
        elif count == 1 and _is_dactyl(last_way):
            yield replace(found, is_sure=is_sure, cost=_PROMOTED)


def _leaning(word: str, way: Pronunciation) -> tuple[str, ...]:
    """Return what is said of a word that leans on the one before: "love her" is "lover"."""
    drops_h = way.phonemes[0] == "HH" and way.syllables == 1 and is_function_word(word)
    return way.phonemes[1:] if drops_h else way.phonemes


def _may_be_stressed(phrase: tuple[Spoken, ...], count: int) -> bool:
    """Whether a function word is: the last word, or, of two at the end, the first ("do it")."""
    if any(way.syllables > 1 for _, way in phrase[-count:]) or count > 2:
        return False
    return count == 1 or (len(phrase) > 1 and is_function_word(phrase[-1][0]))


def _is_dactyl(way: Pronunciation) -> bool:
    """Whether verse may stress a word's last syllable: two unstressed ones, the last one full."""
    return way.stresses.endswith("00") and way.vowels[-1][:-1] in _FULL
