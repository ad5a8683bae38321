"""What can end a line that rhymes with another one: characters and words, in either language."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

from lyricist.craft.english import dictionary
from lyricist.craft.english.pronunciation import known_pronunciations, pronunciations
from lyricist.craft.english.rhyme import rhyming_words
from lyricist.craft.english.rhyming_dictionary import RhymingKind
from lyricist.craft.line import Unit
from lyricist.craft.mandarin.finals import FINALS, class_of, is_loose_pair
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import sounds_of, syllable_readings
from lyricist.craft.vowels import sound_of_final, sound_of_phonemes

# Words seldom sung are no help to the writer, and the network would not pick them.
_MOST_WORDS = 400
_ENOUGH_PERFECT = 12
# log2 of how often song texts have a word that is familiar, and one that is sung at all.
_LEAST_FREQUENCY, _SUNG = 4, 2
_PERFECT: tuple[RhymingKind, ...] = ("perfect",)
_NEAR: tuple[RhymingKind, ...] = ("near",)


class RhymingWord(NamedTuple):
    """A word in lower case, and how many syllables it has."""

    text: str
    syllables: int


def finals_that_rhyme(ending: tuple[Unit, ...], rules: RhymeRules) -> frozenset[str]:
    """Return the Mandarin finals that rhyme with a line's end, with an English one by its sound.

    Args:
        ending: Of a line, see `SungLine.ending`.
        rules: How rhymes are judged.
    """
    if not ending:
        return frozenset()
    if ending[-1].language == "en":
        sounds = set(sounds_of(ending))
        return frozenset(final for final in FINALS if sound_of_final(final) in sounds)
    own = syllable_readings(ending)[-1:]
    return frozenset(final for final in FINALS if own and _rhymes(own[0].final, final, rules))


def _rhymes(final: str, other: str, rules: RhymeRules) -> bool:
    if class_of(final, rules.system) == class_of(other, rules.system):
        return True
    return rules.loose and is_loose_pair(final, other)


@functools.lru_cache(maxsize=64)
def words_that_rhyme(
    ending: tuple[Unit, ...], rules: RhymeRules, with_itself: bool = False
) -> tuple[RhymingWord, ...]:
    """Return English words that rhyme with a line's end, those most often sung first.

    Perfect rhymes as long as there are a few, near ones as well where there are not; with a Chinese
    end, words of its sound.

    Args:
        ending: Of a line, see `SungLine.ending`.
        rules: How rhymes are judged.
        with_itself: Whether the word that the line ends on is one of them.
    """
    if not ending:
        return ()
    if ending[-1].language == "zh":
        return tuple(_of_sound(set(sounds_of(ending))))
    own = ending[-1].text.lower().replace("’", "'")
    perfect = rhyming_words(own, _MOST_WORDS, _PERFECT)
    found = [word for word in perfect if dictionary.frequency(word.word) >= _SUNG]
    if len(found) < _ENOUGH_PERFECT:
        near = rhyming_words(own, _MOST_WORDS, _NEAR)
        found += [word for word in near if dictionary.frequency(word.word) >= _SUNG]
    words = [RhymingWord(word.word, word.syllables) for word in found or perfect]
    if with_itself and (syllables := syllables_of_word(own)):
        words.append(RhymingWord(own, syllables))
    return tuple(words)


@functools.lru_cache(maxsize=16384)
def syllables_of_word(word: str) -> int | None:
    """Return how many syllables a word in lower case has, None where that would be a guess."""
    known = known_pronunciations(word)
    return known[0].syllables if known else None


def _of_sound(sounds: set[str]) -> Iterator[RhymingWord]:
    for word, sound, syllables in _frequent_words():
        if sound in sounds:
            yield RhymingWord(word, syllables)


@functools.cache
def _frequent_words() -> tuple[tuple[str, str, int], ...]:
    """The words most often sung, with the sound of their end and their syllables."""
    lines = (line.split(" ", 2) for line in dictionary.lines())
    frequent = [
        (int(frequency, 16), word)
        for word, frequency, _ in lines
        if int(frequency, 16) >= _LEAST_FREQUENCY
    ]
    found = []
    for _, word in sorted(frequent, reverse=True):
        way = pronunciations(word)[0]
        found.append((word, sound_of_phonemes(way.phonemes), way.syllables))
    return tuple(found)
