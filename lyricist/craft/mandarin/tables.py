"""What decides a reading: the common polyphones (多音字), our words for them, and pypinyin's.

pypinyin and both tables are read at the first use, as the editor's first frame needs none of them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

LONGEST_WORD = 8
# The dictionary of pypinyin writes some words as they are spoken; see `read_line` on 变调.
_WITHOUT_SANDHI = {"一": "yi1", "不": "bu4"}


@dataclass(frozen=True)
class Polyphone:
    """Readings in common use, commonest first, as pinyin with numbers.

    Attributes:
        readings: At least one; a single one corrects what pypinyin puts first.
        is_first_usual: Whether the first one holds wherever no word decides.
    """

    readings: tuple[str, ...]
    is_first_usual: bool


@functools.cache
def polyphones() -> Mapping[str, Polyphone]:
    """Return the common polyphones by their simplified character."""
    return {
        row[0]: Polyphone(tuple(row[1].split()), "first" in row[2:])
        for row in _rows("polyphones.tsv")
    }


@functools.cache
def own_words() -> Mapping[str, Mapping[str, str]]:
    """Return our own words (simplified): in each, the pinyin of the characters it decides."""
    words: dict[str, dict[str, str]] = {}
    for character, pinyin, listed in _rows("phrases.tsv"):
        if character != "-":
            for word in listed.split():
                words.setdefault(word, {})[character] = pinyin
    return words


def is_own_word(text: str) -> bool:
    """Whether `text` is one of our own words."""
    return text in own_words()


def is_word(text: str) -> bool:
    """Whether `text` is in one of the dictionaries, and not among those that mislead."""
    return text in own_words() or (text in _pypinyin_words() and text not in _misleading())


@functools.lru_cache(maxsize=4096)
def readings_in_word(word: str) -> tuple[str | None, ...]:
    """Return the pinyin that a word gives to each of its characters, None where it gives none.

    What a word of ours leaves open is decided by the words inside it: 扎头发 by 头发.
    """
    own = own_words().get(word, {})
    listed = _pypinyin_words().get(word) if word not in _misleading() else None
    if listed is not None:
        known: list[str | None] = [readings[0] for readings in listed]
    else:
        known = list(_readings_of_words_inside(word))
    return tuple(
        own.get(character) or (pinyin and _WITHOUT_SANDHI.get(character, pinyin))
        for character, pinyin in zip(word, known, strict=True)
    )


def _readings_of_words_inside(word: str) -> tuple[str | None, ...]:
    found: list[str | None] = [None] * len(word)
    for length in range(len(word) - 1, 1, -1):
        for start in range(len(word) - length + 1):
            inside = word[start : start + length]
            if is_word(inside):
                for position, pinyin in enumerate(readings_in_word(inside), start):
                    found[position] = found[position] or pinyin
    return tuple(found)


def readings_of_character(character: str) -> tuple[str, ...]:
    """Return the pinyin readings of one simplified character, commonest first, maybe none.

    Our own order comes first; pypinyin's list, which holds rare and classical readings as well,
    follows.
    """
    own = polyphones().get(character)
    listed = _pypinyin_characters().get(ord(character), "")
    return (own.readings if own else ()) + tuple(listed.split(",") if listed else ())


def dictionary_words() -> tuple[str, ...]:
    """Return the words of pypinyin's dictionary, without the misleading ones.

    Ours are left out: many of them are turns of a phrase that decide a reading, and no words.
    """
    return tuple(word for word in _pypinyin_words() if word not in _misleading())


def load() -> None:
    """Read pypinyin's dictionaries and our tables now."""
    polyphones()
    own_words()
    _misleading()
    _pypinyin_words()
    _pypinyin_characters()


@functools.cache
def _misleading() -> frozenset[str]:
    listed = {word for row in _rows("phrases.tsv") if row[0] == "-" for word in row[2].split()}
    return frozenset(listed - own_words().keys())


@functools.cache
def _pypinyin_words() -> Mapping[str, list[list[str]]]:
    from pypinyin.phrases_dict import phrases_dict

    return phrases_dict


@functools.cache
def _pypinyin_characters() -> Mapping[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
