"""The pronouncing dictionary: what is known of how English words sound.

It is the CMU Pronouncing Dictionary (Carnegie Mellon University, see
`assets/pronunciation/LICENSE`) with sung forms of our own and word frequencies counted in song
texts. It stays one sorted string, searched by bisection: 126,000 parsed entries would take longer
to make than all that a writer ever looks up, and twenty times the memory.
"""

from __future__ import annotations

import functools
import lzma
from collections.abc import Iterator
from dataclasses import dataclass

from lyricist.text.shipped import shipped


@dataclass(frozen=True, slots=True)
class Entry:
    """What the dictionary says of a word.

    frequency: log2 of its count in song texts, rounded down, 0 to 15; 0 where it is not among
    those counted three times. transcriptions: aligned ones, written as in
    `lyricist.craft.english.transcription`, the most usual first.
    """

    word: str
    frequency: int
    transcriptions: tuple[str, ...]


def warm_up() -> None:
    """Read the dictionary, if it has not been read yet."""
    _text()


def entry(word: str) -> Entry | None:
    """Return what the dictionary has for a word in lower case with straight apostrophes."""
    if not word or not word.isascii() or " " in word or "\n" in word:
        return None
    text = _text()
    low, high = 0, len(text) - 1
    # `low` and `high` are line breaks; the word is on a line between them.
    while low < high:
        middle = text.rindex("\n", low, (low + high) // 2 + 1)
        if middle == low:
            middle = text.index("\n", (low + high) // 2 + 1)
            if middle == high:
                break
        first = text[middle + 1 : text.index(" ", middle)]
        if first <= word:
            low = middle
        else:
            high = middle
    line = text[low + 1 : text.index("\n", low + 1)]
    return parsed(line) if line.startswith(word + " ") else None


def parsed(line: str) -> Entry:
    """Return what a line of the dictionary says."""
    word, frequency, *transcriptions = line.split(" ")
    return Entry(word, int(frequency, 16), tuple(transcriptions))


def lines() -> Iterator[str]:
    """Yield the dictionary's lines, sorted by word."""
    return iter(_text()[1:-1].split("\n"))


def frequency(word: str) -> int:
    """Return log2 of how often song texts have the word, 0 where they hardly do."""
    found = entry(word)
    return found.frequency if found else 0


@functools.cache
def _text() -> str:
    packed = (shipped("assets") / "pronunciation" / "en.dict.xz").read_bytes()
    return lzma.decompress(packed).decode("latin-1")
