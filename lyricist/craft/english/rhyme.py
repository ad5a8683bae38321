"""Which words and line ends of English rhyme, in what way and how strongly."""

from __future__ import annotations

import functools

from lyricist.craft.english.line_ends import end_of, tails_of
from lyricist.craft.english.rhyme_kinds import (
    IDENTICAL,
    Kind,
    Rhyme,
    compared,
    near_keys,
    rhyme_key,
)
from lyricist.craft.english.rhyming_dictionary import RhymingWord, rhyming_words

__all__ = [
    "Kind",
    "Rhyme",
    "RhymingWord",
    "near_keys",
    "rhyme",
    "rhyme_key",
    "rhyming_words",
]


@functools.lru_cache(maxsize=8192)
def rhyme(a: str, b: str) -> Rhyme | None:
    """Return the best rhyme of two words or two line ends, None where they have none.

    All pronunciations of both are tried, and tails of up to four syllables, across words as well
    ("poet", "know it"). Only the last few words of a line are looked at.
    """
    found: Rhyme | None = None
    for x in tails_of(a):
        for y in tails_of(b):
            candidate = compared(x, y)
            if candidate and (not found or candidate.strength > found.strength):
                found = candidate
    if a == b or _plain(a) == _plain(b):
        return _same(found) if found else None
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()) if len(text) < 400 else end_of(text)


def _same(found: Rhyme) -> Rhyme:
    return Rhyme("identical", IDENTICAL, found.syllables, found.is_sure)
