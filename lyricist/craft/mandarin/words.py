"""Words that rhyme with the end of a line, out of pypinyin's dictionary and what else is given."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from lyricist.craft.mandarin import tables
from lyricist.craft.mandarin.finals import System
from lyricist.craft.mandarin.readings import Reading, read_line
from lyricist.craft.mandarin.rhyme import rhyme_class, rhyme_length
from lyricist.text.common_characters import COMMON_HAN
from lyricist.text.lines import is_han

LONGEST = 4
_Word = tuple[str, tuple[Reading, ...]]
# The first level of GB 2312: 3,755 characters in common use, ordered by their pinyin.
_FIRST_LEVEL = range(0xB0, 0xD8)


def rhyming_words(
    end: Sequence[Reading],
    syllables: int = 2,
    system: System = "thirteen",
    limit: int = 50,
    frequency: Callable[[str], float] | None = None,
    more: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return words that rhyme with the end of a line, those of the commonest characters first.

    Building the index, at the first call for each number of syllables, takes about 20 ms for one
    character, half a second for two or four and 0.1 s for three.

    Args:
        end: The syllables to rhyme with: one for the last syllable only, two for 双押, and so on.
        syllables: How many characters the words have, 1 to 4; at least as many as `end`.
        system: Whose classes count, see `rhyme_class`.
        limit: How many words at most.
        frequency: How common a character is in some text, e.g. `Counter(text).__getitem__`. A
            word counts as the geometric mean of its characters. Without it the most frequent
            characters of modern Chinese count more than others.
        more: Further words, e.g. of the writer's own songs: pypinyin's dictionary is one of words
            with polyphones, so that 月亮 is not in it. They are read at each call.

    Returns:
        Simplified words, without the one that `end` itself spells; empty if `end` is empty.

    Raises:
        ValueError: If there is no such system or `syllables` is out of range.
    """
    if not max(1, len(end)) <= syllables <= LONGEST:
        raise ValueError(f"no words of {syllables} syllables rhyme with {len(end)} of them")
    if not end:
        return ()
    own = "".join(reading.character for reading in end)
    listed = _by_class(syllables, system).get(rhyme_class(end[-1], system), ())
    found = {
        word
        for word, readings in (*listed, *_read(more, syllables))
        if word != own and rhyme_length(readings, end, system, len(end)) == len(end)
    }
    weight = frequency or _common
    return tuple(sorted(found, key=lambda word: (-_commonness(word, weight), word))[:limit])


@functools.cache
def _by_class(syllables: int, system: System) -> Mapping[str, tuple[_Word, ...]]:
    words = _common_characters() if syllables == 1 else tables.dictionary_words()
    classes: dict[str, list[_Word]] = {}
    for word, readings in _read(words, syllables):
        classes.setdefault(rhyme_class(readings[-1], system), []).append((word, readings))
    return {name: tuple(found) for name, found in classes.items()}


def _read(words: Iterable[str], syllables: int) -> Iterable[_Word]:
    """The words of so many syllables whose last one is read without doubt, with their readings."""
    for word in words:
        if len(word) != syllables or not all(map(is_han, word)):
            continue
        readings = tuple(r for r in read_line(word) if r is not None and r.is_syllable)
        if len(readings) == syllables and readings[-1].is_sure:
            yield word, readings


@functools.cache
def _common_characters() -> tuple[str, ...]:
    codes = (bytes((high, low)) for high in _FIRST_LEVEL for low in range(0xA1, 0xFF))
    return tuple(code.decode("gb2312", "ignore") for code in codes if code < b"\xd7\xfa")


def _common(character: str) -> float:
    return 1.0 if character in COMMON_HAN else 0.0


def _commonness(word: str, frequency: Callable[[str], float]) -> float:
    return math.fsum(math.log1p(frequency(character)) for character in word)
