"""Whether two lines rhyme: in Chinese, in English, and across.

Three grades: `perfect`, `near`, and the weaker `cross` between languages. `same` is a line that
ends on the very same word, which is a repetition rather than a rhyme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lyricist.craft.english import rhyme as english
from lyricist.craft.line import SungLine, Unit
from lyricist.craft.mandarin import rhyme as mandarin
from lyricist.craft.mandarin.readings import Reading
from lyricist.craft.modes import RhymeRules
from lyricist.craft.vowels import sound_of_final, sound_of_phonemes

Grade = Literal["same", "perfect", "near", "cross"]
GRADES: tuple[Grade, ...] = ("same", "perfect", "near", "cross")
NEAR_STRENGTH = 0.6
_CROSS_STRENGTH = 0.3


@dataclass(frozen=True, slots=True)
class LineRhyme:
    """How two lines rhyme. strength: 0 to 1. syllables: how many of the last ones agree, from 单押
    (1) to 四押 (4). is_sure: whether there is no doubt how both are said."""

    grade: Grade
    strength: float
    syllables: int = 1
    is_sure: bool = True


def line_rhyme(first: SungLine, second: SungLine, rules: RhymeRules) -> LineRhyme | None:
    """Return how two lines rhyme, None where they do not or where either's end is unknown."""
    return ending_rhyme(first.ending, second.ending, rules)


def ending_rhyme(
    first: tuple[Unit, ...], second: tuple[Unit, ...], rules: RhymeRules
) -> LineRhyme | None:
    """Return how two endings rhyme (see `SungLine.ending`)."""
    if not first or not second:
        return None
    languages = {first[-1].language, second[-1].language}
    if languages == {"zh"}:
        return _mandarin(syllable_readings(first), syllable_readings(second), rules)
    if languages == {"en"}:
        return _english(first, second)
    return _cross(first, second)


def _mandarin(
    first: tuple[Reading, ...], second: tuple[Reading, ...], rules: RhymeRules
) -> LineRhyme | None:
    if not first or not second:
        return None
    grade = mandarin.rhyme_grade(first[-1], second[-1], rules.system, rules.loose)
    if grade is None:
        return None
    sure = first[-1].is_sure and second[-1].is_sure
    if grade == "near":
        return LineRhyme("near", NEAR_STRENGTH, 1, sure)
    syllables = max(1, mandarin.rhyme_length(first, second, rules.system))
    return LineRhyme("same" if grade == "same" else "perfect", 1.0, syllables, sure)


def _english(first: tuple[Unit, ...], second: tuple[Unit, ...]) -> LineRhyme | None:
    found = english.rhyme(_said(first), _said(second))
    if found is None:
        return None
    if first[-1].text.lower() == second[-1].text.lower():
        return LineRhyme("same", 1.0, found.syllables, found.is_sure)
    grade: Grade = "perfect" if found.kind in ("perfect", "identical") else "near"
    return LineRhyme(grade, found.strength, found.syllables, found.is_sure)


def _cross(first: tuple[Unit, ...], second: tuple[Unit, ...]) -> LineRhyme | None:
    if not set(sounds_of(first)) & set(sounds_of(second)):
        return None
    sure = first[-1].is_sure and second[-1].is_sure
    return LineRhyme("cross", _CROSS_STRENGTH, 1, sure)


def sounds_of(ending: tuple[Unit, ...]) -> tuple[str, ...]:
    """Return the sounds (see `vowels`) that a line's end may have, the likeliest first."""
    if not ending:
        return ()
    if ending[-1].language == "zh":
        readings = syllable_readings(ending)
        sounds = [sound_of_final(reading.final) for reading in readings[-1:]]
    else:
        sounds = [sound_of_phonemes(way.phonemes) for way in ending[-1].pronunciations]
    return tuple(dict.fromkeys(filter(None, sounds)))


def syllable_readings(units: tuple[Unit, ...]) -> tuple[Reading, ...]:
    """Return the readings of Chinese units that are syllables of their own."""
    return tuple(reading for unit in units for reading in unit.readings if reading.is_syllable)


def _said(units: tuple[Unit, ...]) -> str:
    return " ".join(unit.text for unit in units)
