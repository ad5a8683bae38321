"""The ends of words and lines as rhyme hears them, and how far apart two of them sound.

A tail runs from a stressed vowel to the end. Its sounds are brought to what most accents that keep
the R share: "fire" is "higher" without its H, unstressed short vowels are all one schwa.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass

from lyricist.craft.english.phonemes import (
    before_r,
    consonant_distance,
    is_voiced,
    is_vowel,
    reduced,
    stress_of,
    vowel_distance,
    without_stress,
)

NO_RHYME = 1.0
_STRESS_DIFFERS = 0.2
_MEDIAL = 0.45
_ASPIRATE = 0.1
_LAST_STOP, _LAST_SIBILANT, _BARE_SIBILANT = 0.35, 0.35, 0.5
_DIPHTHONGS = frozenset({"AY", "AW", "OY"})
_BEFORE_DARK_L = _DIPHTHONGS | {"IY", "UW"}

# The clusters that English words begin with: as many consonants as these allow open a syllable.
_CLUSTERS = (
    "P R|P L|P Y|B R|B L|B Y|T R|T W|D R|D W|K R|K L|K W|K Y|G R|G L|G W|F R|F L|F Y|V Y|TH R|TH W"
    "|SH R|S P|S T|S K|S M|S N|S L|S W|S F|S P R|S P L|S T R|S K R|S K W|S K Y|M Y|HH Y|N Y|HH W"
    "|SH L|SH M|SH N|SH W|SH T"
)
_ONSETS = frozenset(_CLUSTERS.split("|"))


@dataclass(frozen=True, slots=True)
class Syllable:
    """A vowel without its stress digit, whether it is unstressed, and the consonants after it."""

    vowel: str
    is_weak: bool
    consonants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tail:
    """onset: the consonants that open its first syllable. cost: what makes it less than a full
    rhyme whatever it is paired with, as an end stressed only by the verse."""

    onset: tuple[str, ...]
    syllables: tuple[Syllable, ...]
    cost: float = 0.0
    is_sure: bool = True
    is_function_word: bool = False


def tail(phonemes: tuple[str, ...], start: int, stresses: str = "") -> Tail:
    """Return the tail of some phonemes from the vowel at index `start` on.

    Args:
        phonemes: ARPAbet with stress digits.
        start: Index of a vowel.
        stresses: A digit for each vowel of the tail, where a line changes them.
    """
    return Tail(_onset(phonemes, start), _syllables(phonemes[start:], stresses))


def tail_key(syllables: tuple[Syllable, ...]) -> str:
    """Return a tail's sounds as one string, the same for all that rhyme perfectly."""
    return " ".join(" ".join((s.vowel, *s.consonants)) for s in syllables)


def distance(a: tuple[Syllable, ...], b: tuple[Syllable, ...]) -> float:
    """Return 0 for the same sounds, up to about 0.6 for near rhymes, `NO_RHYME` or more beyond."""
    if len(a) != len(b):
        return NO_RHYME
    if a == b:
        return 0.0
    next_sound = a[0].consonants[:1] or b[0].consonants[:1]
    total = vowel_distance(a[0].vowel, b[0].vowel, next_sound[0] if next_sound else "")
    for x, y in zip(a[1:], b[1:], strict=True):
        if total >= NO_RHYME:
            return total
        total += _weak_distance(x, y)
    for x, y in zip(a[:-1], b[:-1], strict=True):
        if total >= NO_RHYME:
            return total
        total += _between(x.consonants, y.consonants)
    return total if total >= NO_RHYME else total + _at_the_end(a[-1].consonants, b[-1].consonants)


def _onset(phonemes: tuple[str, ...], start: int) -> tuple[str, ...]:
    first = start
    while first > 0 and not is_vowel(phonemes[first - 1]):
        cluster = phonemes[first - 1 : start]
        if len(cluster) > 1 and " ".join(cluster) not in _ONSETS:
            break
        first -= 1
    onset = phonemes[first:start]
    # The Y of "new" and the H of "which" come and go.
    if onset[:2] == ("HH", "W"):
        return onset[1:]
    return onset[:-1] if len(onset) > 1 and onset[-1] == "Y" else onset


@functools.lru_cache(maxsize=8192)
def _syllables(phonemes: tuple[str, ...], stresses: str) -> tuple[Syllable, ...]:
    found: list[tuple[str, bool, list[str]]] = []
    for phoneme in phonemes:
        if is_vowel(phoneme):
            digit = stresses[len(found) : len(found) + 1] or str(stress_of(phoneme))
            found.append((without_stress(phoneme), bool(found) and digit == "0", []))
        elif found:
            found[-1][2].append(phoneme)
    syllables: list[Syllable] = []
    for vowel, is_weak, consonants in found:
        if syllables and _melts(syllables[-1], vowel, is_weak, consonants):
            before = syllables.pop()
            merged = (("R",) if vowel == "ER" else ()) + tuple(consonants)
            syllables.append(Syllable(before.vowel, before.is_weak, merged))
            continue
        heard = before_r(vowel) if consonants[:1] == ["R"] else vowel
        heard = reduced(heard) if is_weak else heard
        syllables.append(Syllable(heard, is_weak, _without_h_before_w(consonants)))
    return tuple(syllables)


def _melts(before: Syllable, vowel: str, is_weak: bool, consonants: list[str]) -> bool:
    """Whether a weak vowel is no syllable of its own: "higher" is "hire", "trial" has "mile"."""
    if before.consonants or not is_weak:
        return False
    if vowel == "ER":
        return before.vowel in _DIPHTHONGS
    return vowel in ("AH", "IH") and consonants[:1] == ["L"] and before.vowel in _BEFORE_DARK_L


def _without_h_before_w(consonants: list[str]) -> tuple[str, ...]:
    pairs = itertools.pairwise([*consonants, ""])
    return tuple(c for c, following in pairs if (c, following) != ("HH", "W"))


def _weak_distance(a: Syllable, b: Syllable) -> float:
    """Return how far apart the vowels after the first are."""
    if a.vowel == b.vowel:
        return 0.0
    if a.is_weak == b.is_weak:
        return _unequal_vowels(a, b)
    same = reduced(a.vowel) == reduced(b.vowel)
    return _STRESS_DIFFERS if same else NO_RHYME


def _unequal_vowels(a: Syllable, b: Syllable) -> float:
    if a.is_weak and {a.vowel, b.vowel} == {"ER", "AH"}:
        return 0.5
    return NO_RHYME if a.is_weak else vowel_distance(a.vowel, b.vowel)


def _between(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return how far apart the consonants between two vowels are."""
    if a == b:
        return 0.0
    if tuple(c for c in a if c != "HH") == tuple(c for c in b if c != "HH"):
        return _ASPIRATE
    if len(a) == len(b) == 1:
        alike = is_voiced(a[0]) == is_voiced(b[0])
        return min(consonant_distance(a[0], b[0]), _MEDIAL if alike else NO_RHYME)
    return _clusters(a, b) if len(a) == len(b) else NO_RHYME


def _at_the_end(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return how far apart the last consonants are: one more stop or sibilant is soon sung over."""
    if len(a) == len(b):
        return _clusters(a, b)
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    if len(longer) - len(shorter) > 1:
        return NO_RHYME
    last = longer[-1]
    if not shorter:
        return _BARE_SIBILANT if last in ("S", "Z") else NO_RHYME
    if last in ("T", "D"):
        added = _LAST_STOP
    elif last in ("S", "Z"):
        added = _LAST_SIBILANT
    else:
        return NO_RHYME
    return added + _clusters(longer[:-1], shorter)


def _clusters(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    return sum(consonant_distance(x, y) for x, y in zip(a, b, strict=True))
