"""How English words are pronounced: every known way, by rule, or a marked guess."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass

from lyricist.craft.english import dictionary
from lyricist.craft.english.analogy import guess
from lyricist.craft.english.inflection import inflected, stems
from lyricist.craft.english.numerals import number_words
from lyricist.craft.english.phonemes import is_vowel, stress_of
from lyricist.craft.english.spelling import normalized, shortened
from lyricist.craft.english.transcription import decoded, spoken

_MAX_PRONUNCIATIONS = 8
_MAX_PARTS = 24


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """One way to say a word or several in a row.

    phonemes: ARPAbet, vowels with their stress digit. is_sure: it is in the dictionary or follows
    from it by rule; otherwise it is guessed from the spelling.
    """

    phonemes: tuple[str, ...]
    is_sure: bool = True

    @property
    def vowels(self) -> tuple[str, ...]:
        """The vowels with their stress digits, in order."""
        return tuple(p for p in self.phonemes if is_vowel(p))

    @property
    def syllables(self) -> int:
        """How many syllables: its vowels, and at least one, for "shh" is sung as well."""
        return max(1, len(self.vowels))

    @property
    def stresses(self) -> str:
        """A digit for each syllable: 1 primary stress, 2 secondary, 0 none."""
        return "".join(vowel[-1] for vowel in self.vowels) or "0"

    @property
    def rhyming_part(self) -> tuple[str, ...]:
        """The phonemes from the last stressed vowel on; from the last vowel where none is."""
        positions = [at for at, p in enumerate(self.phonemes) if is_vowel(p)]
        stressed = [at for at in positions if stress_of(self.phonemes[at])]
        return self.phonemes[(stressed or positions or [0])[-1] :]


def warm_up() -> None:
    """Read the dictionary now (about 60 ms) instead of at the first word."""
    dictionary.warm_up()


@functools.lru_cache(maxsize=16384)
def pronunciations(word: str) -> tuple[Pronunciation, ...]:
    """Return every way to say a word, the most usual first.

    Known are the words of the CMU Pronouncing Dictionary and the project's own sung forms; sure by
    rule are possessives, plurals and tenses of known words, -in' for -ing, compounds with a hyphen,
    and numerals. Drawn-out spellings ("sooo") have the pronunciations of what they are drawn out
    from, not sure; all others are guessed by analogy.

    Args:
        word: In any case, with straight or curly apostrophes, accents allowed.

    Returns:
        Never empty for a word in Latin letters; empty for anything else.
    """
    numeral = number_words(word.strip())
    if numeral:
        return _in_a_row(numeral)
    spelled = normalized(word)
    if not spelled:
        return ()
    return (
        known_pronunciations(spelled)
        or _by_parts(spelled)
        or _drawn_out(spelled)
        or _guessed(spelled)
    )


def known_pronunciations(spelled: str) -> tuple[Pronunciation, ...]:
    """Return what the dictionary has, or what follows from it by rule; empty where a guess is all
    there is.

    Args:
        spelled: A word in lower case with straight apostrophes.
    """
    found = _entry(spelled)
    if found:
        return found
    for stem, ending in stems(spelled):
        found = _entry(stem) or (_entry(stem + "'") if ending == "" else ())
        if found:
            spoken_forms = (inflected(p.phonemes, ending) for p in found)
            return tuple(Pronunciation(p) for p in spoken_forms)
        if ending in ("s", "d", "") and stem.endswith(("in'", "in", "s", "g")):
            found = known_pronunciations(stem)
            if found:
                return tuple(Pronunciation(inflected(p.phonemes, ending)) for p in found)
    return ()


def _entry(spelled: str) -> tuple[Pronunciation, ...]:
    found = dictionary.entry(spelled)
    if not found:
        return ()
    return tuple(Pronunciation(decoded(spoken(t))) for t in found.transcriptions)


def _by_parts(spelled: str) -> tuple[Pronunciation, ...]:
    """Return how a compound with hyphens (or any signs) between its parts is said."""
    parts = "".join(c if c.isalnum() or c == "'" else " " for c in spelled).split()
    if len(parts) < 2:
        return ()
    return _in_a_row(tuple(parts[-_MAX_PARTS:]))


def _in_a_row(parts: tuple[str, ...]) -> tuple[Pronunciation, ...]:
    """Return the combinations of what each part can be, at most eight."""
    each = [found for found in map(pronunciations, parts) if found]
    combinations = itertools.islice(itertools.product(*each), _MAX_PRONUNCIATIONS)
    return tuple(
        Pronunciation(
            tuple(itertools.chain.from_iterable(p.phonemes for p in combination)),
            all(p.is_sure for p in combination),
        )
        for combination in combinations
        if combination
    )


def _drawn_out(spelled: str) -> tuple[Pronunciation, ...]:
    """Return what the known words are said like that a drawn-out spelling may stand for."""
    known = [word for word in shortened(spelled) if known_pronunciations(word)]
    # "goood" is good rather than god, "sooo" still so rather than soo.
    longest = max(map(len, known), default=0)
    known.sort(key=lambda w: dictionary.frequency(w) + 3 * (len(w) == longest), reverse=True)
    ways = itertools.chain.from_iterable(map(known_pronunciations, known))
    phonemes = dict.fromkeys(p.phonemes for p in ways)
    return tuple(Pronunciation(p, is_sure=False) for p in phonemes)[:_MAX_PRONUNCIATIONS]


def _guessed(spelled: str) -> tuple[Pronunciation, ...]:
    """Return one guess: letter names for what has no vowel, by analogy otherwise."""
    letters = "".join(c for c in spelled if "a" <= c <= "z")
    digits = "".join(c if c.isdigit() else " " for c in spelled).split()
    if digits:
        pieces = _letters_and_digits(spelled)
        return tuple(Pronunciation(p.phonemes, is_sure=False) for p in _in_a_row(pieces))
    if not set(letters) & set("aeiouy"):
        names = [_entry(letter)[-1:] for letter in letters]
        return (Pronunciation(sum((n[0].phonemes for n in names if n), ()), is_sure=False),)
    return (Pronunciation(guess(letters), is_sure=False),)


def _letters_and_digits(spelled: str) -> tuple[str, ...]:
    """Split "b2b" into "b", "2" and "b"."""
    groups = itertools.groupby(spelled, key=lambda c: (c.isdigit(), c.isalpha()))
    pieces = ("".join(characters) for _, characters in groups)
    return tuple(piece for piece in pieces if piece.isalnum())[-_MAX_PARTS:]
