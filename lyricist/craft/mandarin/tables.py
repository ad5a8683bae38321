"""What decides a reading: the common polyphones (多音字), our words for them, and pypinyin's.

pypinyin and both tables are read at the first use, as the editor's first frame needs none of them.
"""

from __future__ import annotations

import errno
import functools
import importlib.util
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

LONGEST_WORD = 8
# The dictionary of pypinyin writes some words as they are spoken; see `read_line` on 变调.
_WITHOUT_SANDHI = {"一": "yi1", "不": "bu4"}


@dataclass(frozen=True, slots=True)
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
        known: list[str | None] = list(listed.split())
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
def _pypinyin_words() -> Mapping[str, str]:
    """The pinyin of each word's characters, separated by spaces."""
    lines = io.StringIO(_lines_of_pypinyin())
    return dict(line.rstrip("\n").split("\t") for line in lines)


def _lines_of_pypinyin() -> str:
    """Its words and their pinyin as one text: the lists of lists that it has take 40 MB, which go
    back whole only if nothing was kept among them."""
    words = _data_of_pypinyin("phrases_dict").items()
    return "\n".join(
        f"{word}\t{' '.join(readings[0] for readings in each)}" for word, each in words
    )


@functools.cache
def _pypinyin_characters() -> Mapping[int, str]:
    characters: Mapping[int, str] = _data_of_pypinyin("pinyin_dict")
    return characters


def _data_of_pypinyin(name: str) -> Any:
    """Return a table of pypinyin's from the module that holds it, which is not kept.

    The package itself would load all of its tables, copy them, and hold on to them.
    """
    package = importlib.util.find_spec("pypinyin")
    folder = package.submodule_search_locations if package is not None else None
    if not folder:
        raise FileNotFoundError(errno.ENOENT, "pypinyin is not installed", "pypinyin")
    spec = importlib.util.spec_from_file_location(f"_{name}", Path(folder[0]) / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = getattr(module, name)
    # Its functions refer to it: it would stay until garbage is collected, or for good.
    vars(module).clear()
    return table


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
