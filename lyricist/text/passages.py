"""What a text is compared by when it is asked whether it says the same as another one.

A text is read as a row of pieces. Where words are not spaced (Chinese characters, kana, Thai and
the like) every letter is a piece, anywhere else a word is. Punctuation, white space, line ends and
case do not count, so that a changed comma hides nothing; simplified and traditional characters stay
different ones. Passages begin at every piece: 8 unspaced letters or 5 words, and where a line mixes
both, as much as adds up to the same (a letter is an eighth of a passage, a word a fifth).
"""

from __future__ import annotations

import functools
import hashlib
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import regex

PASSAGE_CHARACTERS = 8
PASSAGE_WORDS = 5

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_APOSTROPHES = "'’‘ʼ＇"
_KEPT_PIECES = 1 << 15


class Length(NamedTuple):
    """How long a passage is: unspaced letters, and words."""

    characters: int = 0
    words: int = 0

    def __str__(self) -> str:
        counts = ((self.characters, "character"), (self.words, "word"))
        parts = [f"{n} {name}{'s' * (n != 1)}" for n, name in counts if n]
        return " and ".join(parts) or "nothing"

    def reaches(self, characters: int, words: int) -> bool:
        """Whether this is as long as so many characters, so many words, or a mixture of both."""
        return self.characters * words + self.words * characters >= characters * words


class Place(NamedTuple):
    """A piece in its text: columns `start` to `end`."""

    start: int
    end: int
    text: str


def pieces(text: str) -> list[str]:
    """Return the pieces of `text` as they stand there."""
    found: list[str] = _pattern().findall(text)
    return found


def places(text: str) -> list[Place]:
    """Return the pieces of `text` with where they stand."""
    return [Place(m.start(), m.end(), m[0]) for m in _pattern().finditer(text)]


@functools.lru_cache(maxsize=_KEPT_PIECES)
def sign(piece: str) -> int:
    """Return the 64 bits that stand for `piece` where texts are compared; the lowest tells whether
    it is a word.

    They are BLAKE2b of its compatibility forms (NFKC) with case folded and without apostrophes, so
    that they are the same on every machine.
    """
    plain = unicodedata.normalize("NFKC", piece).casefold()
    plain = "".join(character for character in plain if character not in _APOSTROPHES)
    digest = hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    is_word = _unspaced().match(piece) is None
    return int.from_bytes(digest, "little") & ~1 | is_word


def length_of(found: Sequence[str]) -> Length:
    """Return how long a row of pieces is."""
    words = sum(sign(piece) & 1 for piece in found)
    return Length(len(found) - words, words)


@functools.cache
def _pattern() -> regex.Pattern[str]:
    """Compiled at the first use: the editor's first frame needs it not."""
    import regex

    letter = rf"[[\p{{L}}\p{{N}}]--[{_UNSPACED}]]"
    inside = rf"(?:{letter}|\p{{M}})"
    word = rf"{letter}{inside}*+(?:[{_APOSTROPHES}]{inside}++)*+"
    return regex.compile(rf"(?V1)[{_UNSPACED}]\p{{M}}*+|{word}")


@functools.cache
def _unspaced() -> regex.Pattern[str]:
    import regex

    return regex.compile(rf"[{_UNSPACED}]")
