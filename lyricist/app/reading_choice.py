"""How a Chinese character of a line may be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lyricist.craft.line import sung_line
from lyricist.craft.mandarin.readings import Reading, readings_of
from lyricist.craft.mandarin.rhyme import rhyme_class
from lyricist.craft.modes import RhymeRules
from lyricist.text.lines import is_han

_BY_ITSELF = "as the line says"


@dataclass(frozen=True)
class ReadingChoice:
    """question: what is asked. place: code point of the line. readings: the commonest first. rows:
    a line for each of them, and a last one that takes a choice back, where there is one. present:
    the number of the one that holds now."""

    question: str
    place: int
    readings: tuple[Reading, ...]
    rows: tuple[str, ...]
    present: int


def reading_choice(
    line: str, column: int, chosen: Mapping[int, str], rules: RhymeRules
) -> ReadingChoice | str:
    """Return the readings of the character before the cursor, else of the one at it; or why there
    is nothing to choose.

    Args:
        line: As it is written.
        column: Of the cursor.
        chosen: Readings of the line that the writer picked before.
        rules: Whose rhyme classes are shown.
    """
    places = (place for place in (column - 1, column) if 0 <= place < len(line))
    place = next((place for place in places if is_han(line[place])), None)
    if place is None:
        return "there is no Chinese character here"
    units = sung_line(line, chosen).units
    present = next((u.readings[0] for u in units if u.start == place and u.readings), None)
    found = list(readings_of(line[place]))
    if present is not None and _sound(present) not in map(_sound, found):
        found.insert(0, present)
    if len(found) < 2 or present is None:
        return f"{line[place]} has no other reading"
    rows = [f"{reading.pinyin:8}{rhyme_class(reading, rules.system)}" for reading in found]
    if place in chosen:
        rows.append(_BY_ITSELF)
    number = [_sound(reading) for reading in found].index(_sound(present))
    return ReadingChoice(f"{line[place]} is read here", place, tuple(found), tuple(rows), number)


def _sound(reading: Reading) -> tuple[str, str, int]:
    return reading.initial, reading.final, reading.tone
