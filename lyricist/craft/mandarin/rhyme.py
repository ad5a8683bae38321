"""押韵: whether two syllables or two line ends rhyme, how far back, and the tones of a line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Literal

from lyricist.craft.mandarin.finals import System, class_of, is_loose_pair
from lyricist.craft.mandarin.readings import Reading, simplified_line
from lyricist.text.lines import is_han

Grade = Literal["same", "perfect", "near"]

_TONE_SIGNS = {"平": "平", "仄": "仄", "轻": "・"}
_UNKNOWN = "?"


def rhyme_class(reading: Reading, system: System = "thirteen") -> str:
    """Return the rhyme class of a syllable; one curled by 儿化 counts by its base final.

    Args:
        reading: The syllable.
        system: `thirteen` for 十三辙 (e.g. `江阳`), `new` for 中华新韵 of 2005 (e.g. `唐`).

    Raises:
        ValueError: If there is no such system.
    """
    return class_of(reading.final, system)


def rhyme_grade(
    a: Reading, b: Reading, system: System = "thirteen", loose: bool = False
) -> Grade | None:
    """Tell how well two syllables rhyme; tones are kept apart (`same_tone`).

    Args:
        a: One syllable.
        b: The other one.
        system: Whose classes count, see `rhyme_class`.
        loose: Whether finals that songs rhyme across classes (通押) count as well.

    Returns:
        `same` for one character, in either script and whatever its tone; `perfect` for one class;
        `near` for 通押, only when `loose`; None where they do not rhyme.

    Raises:
        ValueError: If there is no such system.
    """
    if rhyme_class(a, system) == rhyme_class(b, system):
        return "same" if _is_same_character(a, b) else "perfect"
    return "near" if loose and is_loose_pair(a.final, b.final) else None


def same_tone(a: Reading, b: Reading) -> bool:
    """Whether two syllables have the same tone (dictionary tone, 1-4 or neutral)."""
    return a.tone == b.tone


def rhyme_length(
    a: Sequence[Reading | None],
    b: Sequence[Reading | None],
    system: System = "thirteen",
    most: int = 4,
) -> int:
    """Count the syllables at two line ends that agree in class, from the last one back.

    2 is 双押, 3 三押, 4 四押. A 儿 that is no syllable is skipped.

    Args:
        a: The readings of one line or of its end.
        b: Those of the other.
        system: Whose classes count, see `rhyme_class`.
        most: Where to stop counting.

    Returns:
        0 (no rhyme) to `most`.

    Raises:
        ValueError: If there is no such system.
    """
    pairs = zip(_from_the_end(a, most), _from_the_end(b, most), strict=False)
    agreeing = takewhile(
        lambda pair: rhyme_class(pair[0], system) == rhyme_class(pair[1], system), pairs
    )
    return sum(1 for _ in agreeing)


def rhyming_end(line: str, readings: Sequence[Reading | None]) -> tuple[Reading, ...]:
    """Return the syllables at the end of a line, up to what is neither Chinese nor punctuation.

    Args:
        line: The line.
        readings: What `read_line` gives for it, one entry for each code point.

    Returns:
        In the order of the line; empty where it ends with a Latin word, a number or a character
        that is not known.
    """
    end: list[Reading] = []
    for character, reading in zip(reversed(line), reversed(readings), strict=True):
        if reading is None and character.isalnum():
            break
        if reading is not None and reading.is_syllable:
            end.append(reading)
    return tuple(reversed(end))


def tonal_pattern(readings: Sequence[Reading | None], line: str | None = None) -> str:
    """Write the tones of a line, one mark for each syllable, e.g. `平平仄仄平`.

    Args:
        readings: What `read_line` gives.
        line: The line itself, so that a Chinese character that is not known is marked as well.

    Returns:
        平 or 仄 by modern tones, `・` for the neutral tone, `?` where the reading is not sure.
        What is no Chinese syllable is left out.
    """
    characters = line if line is not None else " " * len(readings)
    return "".join(
        _sign(reading)
        for character, reading in zip(characters, readings, strict=True)
        if (is_han(character) if reading is None else reading.is_syllable)
    )


def _sign(reading: Reading | None) -> str:
    if reading is None or not reading.is_sure:
        return _UNKNOWN
    return _TONE_SIGNS[reading.level]


def _from_the_end(readings: Sequence[Reading | None], most: int) -> list[Reading]:
    syllables = [r for r in readings[-(2 * most + 8) :] if r is not None and r.is_syllable]
    return syllables[::-1][:most]


def _is_same_character(a: Reading, b: Reading) -> bool:
    return a.character == b.character or simplified_line(a.character) == simplified_line(
        b.character
    )
