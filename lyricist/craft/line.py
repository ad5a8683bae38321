"""A line of a song as it is sung: its syllables in Chinese and English, and where it ends.

A Chinese character is one syllable, an English word has what the dictionary says, a number is read
in the language of its neighbour. What is in a script that neither knows is marked, never guessed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lyricist.craft.english.pronunciation import Pronunciation, pronunciations
from lyricist.craft.english.words import words
from lyricist.craft.mandarin.readings import Reading, read_line
from lyricist.craft.numerals import chinese_numeral
from lyricist.text.lines import is_han, is_section_heading

Kind = Literal["lyric", "heading", "comment", "blank"]
Language = Literal["zh", "en", ""]

_OPENING, _CLOSING = "(（", ")）"
# A line ends within so many words, as far as rhymes go.
MOST_ENDING = 4
# Each key makes a new line, which is large once it is read: more than a section with its
# neighbours need would only fill memory through a long day. What kind a line is takes little.
_KEPT_LINES, _KEPT_KINDS = 1024, 4096
# Lines beyond this are no lines that one sings; they are read anew each time.
_KEPT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Unit:
    """What is sung as one: a Chinese character, an English word, a number.

    start, end: code points of the line. language: empty for a script that is not known. syllables:
    0 where they are not known, and of a 儿 that belongs to the syllable before it. is_sure: whether
    there is no doubt how it is said. is_aside: in an ad-lib, in parentheses.
    readings: of a Chinese unit, a syllable each. pronunciations: of an English one.
    """

    text: str
    start: int
    end: int
    language: Language
    syllables: int
    is_sure: bool
    readings: tuple[Reading, ...] = ()
    pronunciations: tuple[Pronunciation, ...] = ()
    is_aside: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is known how it is said at all."""
        return bool(self.readings or self.pronunciations)


@dataclass(frozen=True)
class SungLine:
    """A line that was read."""

    text: str
    kind: Kind
    units: tuple[Unit, ...] = ()

    @functools.cached_property
    def counted(self) -> tuple[Unit, ...]:
        """The units that make up the line: without ad-libs, unless there is nothing else."""
        return tuple(unit for unit in self.units if not unit.is_aside) or self.units

    @property
    def syllables(self) -> int:
        """Syllables, ad-libs apart."""
        return sum(unit.syllables for unit in self.counted)

    @property
    def is_known(self) -> bool:
        """Whether every unit can be counted."""
        return all(unit.is_known for unit in self.counted)

    @property
    def is_sure(self) -> bool:
        """Whether there is no doubt about its length."""
        return all(
            unit.is_known and (unit.is_sure or unit.language == "zh") for unit in self.counted
        )

    @functools.cached_property
    def ending(self) -> tuple[Unit, ...]:
        """Its last units of one language, at most `MOST_ENDING`; none where the last is unknown."""
        ending: list[Unit] = []
        for unit in reversed(self.counted):
            if not unit.is_known or len(ending) == MOST_ENDING:
                break
            if ending and unit.language != ending[0].language:
                break
            ending.append(unit)
        return tuple(reversed(ending))


def sung_line(text: str, chosen: Mapping[int, str] | None = None) -> SungLine:
    """Read a line.

    Args:
        text: Without its line feed.
        chosen: Readings that the writer picked, as pinyin by code point of the line.
    """
    if chosen:
        return _read(text, chosen)
    return _kept(text) if len(text) <= _KEPT_LENGTH else _read(text, {})


@functools.lru_cache(maxsize=_KEPT_LINES)
def _kept(text: str) -> SungLine:
    return _read(text, {})


def kind_of(text: str) -> Kind:
    """Return what a line is, without reading it."""
    return _kept_kind(text) if len(text) <= _KEPT_LENGTH else _kind(text)


@functools.lru_cache(maxsize=_KEPT_KINDS)
def _kept_kind(text: str) -> Kind:
    return _kind(text)


def _kind(text: str) -> Kind:
    stripped = text.strip()
    if not stripped:
        return "blank"
    # `# Chorus` names a section and `# remember the bridge` is a note: a heading comes first.
    if is_section_heading(text):
        return "heading"
    return "comment" if stripped.startswith("#") else "lyric"


def _read(text: str, chosen: Mapping[int, str]) -> SungLine:
    kind = kind_of(text)
    if kind != "lyric":
        return SungLine(text, kind)
    units = _with_numbers(text, sorted(_units(text, chosen), key=lambda unit: unit.start))
    return SungLine(text, "lyric", tuple(_with_asides(text, units)))


def _units(text: str, chosen: Mapping[int, str]) -> Iterator[Unit]:
    """Chinese characters, words and foreign letters, in no order; numbers without a reading."""
    readings = read_line(text, chosen)
    taken = [False] * len(text)
    for place, reading in enumerate(readings):
        if reading is not None:
            taken[place] = True
            syllables = int(reading.is_syllable)
            # The character of the reading is one string for all lines, a piece of `text` is not.
            yield Unit(
                reading.character, place, place + 1, "zh", syllables, reading.is_sure, (reading,)
            )
    for word in words(text):
        taken[word.start : word.end] = [True] * (word.end - word.start)
        said = pronunciations(word.text)
        if said:
            sure = any(way.is_sure for way in said)
            yield Unit(word.text, word.start, word.end, "en", said[0].syllables, sure, (), said)
        else:
            yield Unit(word.text, word.start, word.end, "", 0, False)
    yield from _left_over(text, taken)


def _left_over(text: str, taken: list[bool]) -> Iterator[Unit]:
    """Runs of digits, and of letters that neither language reads."""
    start = 0
    while start < len(text):
        end = start + 1
        if not taken[start] and (kind := _class(text[start])):
            while end < len(text) and not taken[end] and _class(text[end]) == kind:
                end += 1
            yield Unit(text[start:end], start, end, "", 0, False)
        start = end


def _class(character: str) -> str:
    if character.isdecimal():
        return "digit"
    if is_han(character):
        return f"han {character}"
    return "letter" if character.isalpha() else ""


def _with_numbers(text: str, units: list[Unit]) -> list[Unit]:
    """Read numbers in the language of what stands beside them, before rather than behind."""
    read: list[Unit] = []
    # For numbers that nothing stands before.
    beside = next((unit.language for unit in units if not unit.text.isdecimal()), "")
    for unit in units:
        if unit.text.isdecimal():
            unit = _number(unit, "zh" if beside == "zh" else "en")
        else:
            beside = unit.language
        read.append(unit)
    return read


def _number(unit: Unit, language: Language) -> Unit:
    if language == "zh":
        said = [reading for reading in read_line(chinese_numeral(unit.text)) if reading]
        return replace(
            unit,
            language="zh",
            syllables=len(said),
            is_sure=True,
            readings=tuple(said),
            pronunciations=(),
        )
    ways = pronunciations(unit.text)
    if not ways:
        return replace(unit, language="", syllables=0, is_sure=False)
    return replace(
        unit, language="en", syllables=ways[0].syllables, is_sure=True, pronunciations=ways
    )


def _with_asides(text: str, units: list[Unit]) -> Iterator[Unit]:
    if not any(bracket in text for bracket in _OPENING):
        yield from units
        return
    depth, inside = 0, []
    for character in text:
        depth += character in _OPENING
        inside.append(depth > 0)
        depth -= character in _CLOSING and depth > 0
    for unit in units:
        yield replace(unit, is_aside=inside[unit.start])
