"""How two tails rhyme, and the keys under which tails that may rhyme are found.

Perfect rhymes sound the same from the last stressed vowel on and differ right before it; where
they do not differ, the rhyme is identical (rime riche, "leave" and "believe"). Near rhymes are
family rhymes (Pattison 1991): the same stressed vowel, and consonants that are neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lyricist.craft.english.phonemes import family, is_vowel
from lyricist.craft.english.pronunciation import Pronunciation
from lyricist.craft.english.tails import Syllable, Tail, distance, tail, tail_key

Kind = Literal["identical", "perfect", "near"]

_FARTHEST = 0.61
_PERFECT = 1.0
IDENTICAL = 0.7
_SAME_FUNCTION_WORD = 0.3
_NEAREST, _SLOPE = 0.85, 0.75

# Pairs that `vowel_distance` lets rhyme somewhere.
_VOWEL_CLASSES = {"AO": "AA", "IH": "EH", "ER": "AH"}


@dataclass(frozen=True, slots=True)
class Rhyme:
    """How two ends rhyme.

    strength: 0 to 1; a perfect rhyme has 1, a near one 0.4 to 0.85, an identical one, which repeats
    more than it rhymes, 0.7 (0.3 where two lines only end on the same "it" or "me"). syllables:
    from the stressed vowel to the end, 1 masculine, 2 feminine, more multisyllabic. is_sure: no
    pronunciation was guessed.
    """

    kind: Kind
    strength: float
    syllables: int
    is_sure: bool


def compared(a: Tail, b: Tail) -> Rhyme | None:
    """Return how two tails rhyme, None where they do not."""
    count = len(a.syllables)
    if count != len(b.syllables):
        return None
    cost = distance(a.syllables, b.syllables) + a.cost + b.cost
    if cost > _FARTHEST:
        return None
    is_sure = a.is_sure and b.is_sure
    if cost > 0:
        if a.cost and b.cost and a.onset == b.onset:
            return None
        return Rhyme("near", _NEAREST - _SLOPE * cost, count, is_sure)
    if a.onset != b.onset:
        return Rhyme("perfect", _PERFECT, count, is_sure)
    only_repeats = a.is_function_word and b.is_function_word
    return Rhyme("identical", _SAME_FUNCTION_WORD if only_repeats else IDENTICAL, count, is_sure)


def rhyme_key(pronunciation: Pronunciation) -> str:
    """Return what perfect (and identical) rhymes share: the sounds of the rhyming part, with those
    that most accents no longer tell apart made one. Empty where there is no vowel."""
    return tail_key(rhyming_tail(pronunciation).syllables)


def near_keys(pronunciation: Pronunciation) -> tuple[str, ...]:
    """Return keys of which near rhymes share at least one, and some others do."""
    return family_keys(rhyming_tail(pronunciation).syllables)


def rhyming_tail(pronunciation: Pronunciation) -> Tail:
    """Return the rhyming part of a word said alone."""
    phonemes = pronunciation.phonemes
    part = pronunciation.rhyming_part
    if not part or not is_vowel(part[0]):
        return Tail((), ())
    return tail(phonemes, len(phonemes) - len(part))


def family_keys(syllables: tuple[Syllable, ...]) -> tuple[str, ...]:
    """Return a tail's keys: its last consonants by family, with and without one more behind them;
    those between vowels only by their number."""
    if not syllables:
        return ()
    vowels = [_VOWEL_CLASSES.get(s.vowel, s.vowel) for s in syllables]
    between = [str(len(s.consonants)) for s in syllables[:-1]]
    last = syllables[-1].consonants
    ends = [last]
    if last and last[-1] in ("T", "D", "S", "Z"):
        ends.append(last[:-1])
    head = " ".join(vowels + between)
    return tuple(" ".join([head, "|", *map(family, end)]) for end in ends)
