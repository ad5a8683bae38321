"""Rhymes within lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lyricist.craft.line import SungLine, Unit
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import ending_rhyme

# An English word shorter than this is heard as no rhyme, however it sounds.
_SHORTEST = 3
_UNHEARD = frozenset(
    """the and but for you your are was were that this with they them then there have has had not
    can will would could should our his her its from into when what who how all any""".split()  # noqa: SIM905
)


def internal_rhymes(
    line: SungLine, neighbours: Sequence[SungLine], rules: RhymeRules
) -> Iterator[tuple[int, int]]:
    """Yield where something within a line rhymes with its own end or with a neighbour's.

    In Chinese only what stands before a pause is heard so, in English any word of weight.

    Args:
        line: The line.
        neighbours: The lines around it, itself included.
        rules: How rhymes are judged.
    """
    endings = [other.ending for other in neighbours if other.ending]
    for unit in _heard(line):
        for ending in endings:
            if ending[-1].text.lower() == unit.text.lower():
                continue
            found = ending_rhyme((unit,), ending, rules)
            if found is not None and found.grade == "perfect":
                yield unit.start, unit.end
                break


def _heard(line: SungLine) -> Iterator[Unit]:
    for unit, following in pairwise(line.units):
        if unit.language == "zh":
            # Between the two stands a space or a comma.
            if following.start > unit.end:
                yield unit
        elif unit.language == "en" and _has_weight(unit.text.lower()):
            yield unit


def _has_weight(word: str) -> bool:
    return len(word) >= _SHORTEST and word not in _UNHEARD
