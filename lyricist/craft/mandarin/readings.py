"""How each character of a line is read, which readings are in doubt, and what else it could be."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from lyricist.craft.mandarin import tables
from lyricist.craft.mandarin.context import guess
from lyricist.craft.mandarin.erhua import is_erhua
from lyricist.craft.mandarin.pinyin import NEUTRAL, Syllable, parsed, spelled
from lyricist.craft.mandarin.segmentation import words_of
from lyricist.text.lines import is_han
from lyricist.text.script import converted

Level = Literal["平", "仄", "轻"]

_NOTHING: Mapping[int, str] = MappingProxyType({})
_ERHUA = frozenset("儿兒")
# Written Cantonese; Mandarin dictionaries give these a reading that nobody sings.
_CANTONESE = frozenset(
    "嘅咗唔冇嚟佢哋嗰喺乜嘢啲咁噉谂諗攞揾搵瞓畀俾嗌氹冧嬲啱睇嘥啫喎囖攰乸孖餸黐㗎冚乪"
)


# What OpenCC leaves as it is, though it is read like the character of everyday.
_EVERYDAY = str.maketrans("妳牠", "你它")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one character of a line is read.

    Attributes:
        character: As it is written, simplified or traditional.
        initial: The consonant (声母) in pinyin; empty where there is none.
        final: The final (韵母) in the notation of `finals`.
        tone: 1 to 4, or 5 for the neutral tone (轻声).
        is_sure: False where the character has other readings in common use and nothing decided.
        erhua: True for a 儿 that is no syllable and for the syllable that it curls (儿化).
    """

    character: str
    initial: str
    final: str
    tone: int
    is_sure: bool
    erhua: bool = False

    @property
    def level(self) -> Level:
        """平 for tones 1 and 2, 仄 for 3 and 4 (modern tones), 轻 for the neutral one."""
        if self.tone == NEUTRAL:
            return "轻"
        return "平" if self.tone <= 2 else "仄"

    @property
    def is_syllable(self) -> bool:
        """Whether it is a syllable of its own; the 儿 of 花儿 is not."""
        return not (self.erhua and self.character in _ERHUA)

    @property
    def pinyin(self) -> str:
        """Pinyin with its tone mark, to be shown, e.g. `chóng`; `huār` where 儿化 curls it."""
        if not self.is_syllable:
            return "r"
        written = spelled(Syllable(self.initial, self.final, self.tone))
        return written + "r" if self.erhua else written

    @property
    def others(self) -> tuple[Reading, ...]:
        """The other readings of the character, commonest first."""
        return tuple(
            other
            for other in readings_of(self.character)
            if (other.initial, other.final, other.tone) != (self.initial, self.final, self.tone)
        )


@functools.lru_cache(maxsize=4096)
def readings_of(character: str) -> tuple[Reading, ...]:
    """Return all readings of one character, commonest first; rare and classical ones come last.

    Args:
        character: One code point; anything but a known Chinese character has no readings. Each
            reading is unsure unless it is the only common one.
    """
    if len(character) != 1 or not is_han(character):
        return ()
    simplified = simplified_line(character)
    syllables = dict.fromkeys(
        syllable
        for pinyin in tables.readings_of_character(simplified)
        if (syllable := _parsed_or_none(pinyin)) is not None
    )
    alone = _is_sure_alone(simplified)
    return tuple(
        _reading(character, syllable, alone and i == 0) for i, syllable in enumerate(syllables)
    )


def read_line(line: str, chosen: Mapping[int, str] = _NOTHING) -> tuple[Reading | None, ...]:
    """Read a line of Mandarin in context.

    Words decide first (ours, then pypinyin's), then neighbours (`context`), then the commonest
    reading. Tones are those of the dictionary (本调): the sandhi (变调) of 一, 不 and of third
    tones is not applied, as it changes no rhyme and rhyme books count the dictionary's tones.

    Args:
        line: Simplified or traditional, with anything else in between.
        chosen: What the writer picked: by position in code points, pinyin such as `chong2` or
            `chóng`. It is sure. Positions without a Chinese character are left alone.

    Returns:
        One entry for each code point of `line`; None where it is no known Chinese character.

    Raises:
        ValueError: If what was chosen is no syllable of Mandarin.
        CorpusError: If OpenCC cannot be loaded.
    """
    simplified = simplified_line(line)
    readings: list[Reading | None] = []
    for start, end in words_of(simplified):
        decided = tables.readings_in_word(simplified[start:end]) if end - start > 1 else (None,)
        for position, pinyin in enumerate(decided, start):
            picked = chosen.get(position)
            if not is_han(line[position]):
                readings.append(None)
            elif picked is not None:
                readings.append(_reading(line[position], parsed(picked), True))
            else:
                readings.append(_read(line[position], simplified, position, pinyin))
    return _with_erhua(simplified, readings, chosen)


def warm_up() -> None:
    """Load OpenCC, pypinyin's dictionaries and our tables, which else the first line waits for."""
    tables.load()
    read_line("長大以後")


def simplified_line(line: str) -> str:
    """Return `line` in simplified characters, at the same positions; anything else is a space."""
    chinese = "".join(character if is_han(character) else " " for character in line)
    changed = converted(chinese, "simplified")
    if len(changed) != len(chinese):
        changed = "".join(converted(character, "simplified")[:1] for character in chinese)
    return changed.translate(_EVERYDAY)


def _read(character: str, simplified: str, position: int, pinyin: str | None) -> Reading | None:
    syllable = _parsed_or_none(pinyin) if pinyin else None
    if syllable is not None:
        return _reading(character, syllable, True)
    guessed = guess(simplified, position)
    if guessed is not None:
        return _reading(character, parsed(guessed.pinyin), guessed.is_sure)
    readings = readings_of(character)
    return readings[0] if readings else None


def _reading(character: str, syllable: Syllable, is_sure: bool) -> Reading:
    return Reading(character, syllable.initial, syllable.final, syllable.tone, is_sure)


def _parsed_or_none(pinyin: str) -> Syllable | None:
    try:
        return parsed(pinyin)
    except ValueError:
        # pypinyin lists a few sounds of dialects.
        return None


def _is_sure_alone(simplified: str) -> bool:
    if simplified in _CANTONESE:
        return False
    polyphone = tables.polyphones().get(simplified)
    if polyphone is not None:
        return polyphone.is_first_usual or len(polyphone.readings) == 1
    return _is_in_use(simplified)


def _is_in_use(simplified: str) -> bool:
    """Whether it is among the 6,763 characters of GB 2312, whose readings are well attested."""
    try:
        simplified.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _with_erhua(
    simplified: str, readings: list[Reading | None], chosen: Mapping[int, str]
) -> tuple[Reading | None, ...]:
    for position, reading in enumerate(readings):
        before = readings[position - 1] if position else None
        if reading is None or before is None or simplified[position] != "儿":
            continue
        if position not in chosen and is_erhua(simplified, position):
            readings[position] = replace(reading, erhua=True)
            readings[position - 1] = replace(before, erhua=True)
    return tuple(readings)
