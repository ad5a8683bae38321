"""How many keys a writer presses for a text without any suggestion."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from lyricist.craft.mandarin.pinyin import typed_letters
from lyricist.craft.mandarin.readings import Reading, read_line
from lyricist.craft.song_words import joined
from lyricist.text.lines import chinese_words, is_han

# Of a character whose reading nobody knows: the codes of 五笔 have at most four letters.
_CODE_LETTERS = 4


class Typed(NamedTuple):
    """What is typed in one go: code points, and the keys pressed for them."""

    characters: int
    keys: int


class Typist(Protocol):
    """A way to type."""

    def next(self, text: str, place: int) -> Typed:
        """What is typed at `place`, before the writer looks up again; never beyond the text."""


def keys_for(typist: Typist, text: str) -> int:
    """Return how many keys a text takes from its beginning to its end."""
    place = keys = 0
    while place < len(text):
        typed = typist.next(text, place)
        place += typed.characters
        keys += typed.keys
    return keys


class KeyACharacter:
    """A key a code point: right for English, too little for Chinese."""

    def next(self, text: str, place: int) -> Typed:
        """Return one character, one key."""
        return Typed(1, 1)


class PinyinTypist:
    """Chinese through an input method: a phrase's pinyin in full, then the space bar.

    The first phrase that the input method offers is always the wanted one, which is more than it
    does: so what suggestions save is rather too little. Anything else takes a key a code point.
    """

    def next(self, text: str, place: int) -> Typed:
        """Return the phrase at `place`, or one character that is not Chinese."""
        end = place
        while end < len(text) and is_han(text[end]):
            end += 1
        return _first_phrase(text[place:end]) if end > place else Typed(1, 1)


@functools.lru_cache(maxsize=4096)
def _first_phrase(run: str) -> Typed:
    characters = len(next(joined(chinese_words(run)[0])))
    # Read in its run, for the words around decide: 长大 is zhang, cut in two or not.
    readings = read_line(run)[:characters]
    return Typed(characters, sum(map(_letters, readings)) + 1)


def _letters(reading: Reading | None) -> int:
    return len(typed_letters(reading.pinyin)) if reading else _CODE_LETTERS


# By the name that the command line gives them.
TYPISTS: Mapping[str, Typist] = {"characters": KeyACharacter(), "pinyin": PinyinTypist()}
