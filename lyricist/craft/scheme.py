"""The rhyme scheme of a section: A B A B."""

from __future__ import annotations

import itertools
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.craft.line import SungLine
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import GRADES, LineRhyme, line_rhyme

# Rhymes are heard over a few lines, not over a whole song.
_REACH = 16


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A line in its section.

    letter: lines that rhyme have the same. partner: the line that it rhymes with best, of those
    before it, counted within the section; None for the first of a letter. rhyme: how. has_family:
    whether it rhymes with any other line. family: the letter's number, from 0, which goes on where
    letters end; below 0 where the line's end cannot be read.
    """

    letter: str
    partner: int | None = None
    rhyme: LineRhyme | None = None
    has_family: bool = False
    family: int = 0


def scheme(lines: Sequence[SungLine], rules: RhymeRules) -> list[SchemeLine]:
    """Return the scheme of a section's sung lines, in order.

    A line joins the letter of the line that it rhymes with best; of equally good ones, the nearest.
    """
    partners = [_partner(lines, number, rules) for number in range(len(lines))]
    new, families = itertools.count(), list[int]()
    for number, partner in enumerate(partners):
        if partner is not None:
            families.append(families[partner[0]])
        else:
            families.append(next(new) if lines[number].ending else -1 - number)
    # Counted by number: far into a section, many families share a letter.
    sizes = Counter(families)
    return [
        SchemeLine(
            letter(family),
            partner[0] if partner else None,
            partner[1] if partner else None,
            sizes[family] > 1,
            family,
        )
        for family, partner in zip(families, partners, strict=True)
    ]


def _partner(
    lines: Sequence[SungLine], number: int, rules: RhymeRules
) -> tuple[int, LineRhyme] | None:
    """The line before line `number` that it rhymes with best, and how."""
    best: tuple[int, LineRhyme] | None = None
    for earlier in range(number - 1, max(-1, number - 1 - _REACH), -1):
        rhyme = line_rhyme(lines[earlier], lines[number], rules)
        if rhyme is not None and (best is None or _better(rhyme, best[1])):
            best = earlier, rhyme
    return best


def letter(number: int) -> str:
    """Return the letter of a rhyme family: A to Z, then a to z, and `·` beyond; `?` where a line's
    end cannot be read (below 0)."""
    if number < 0:
        return "?"
    letters = string.ascii_uppercase + string.ascii_lowercase
    return letters[number] if number < len(letters) else "·"


def _better(rhyme: LineRhyme, than: LineRhyme) -> bool:
    """By grade first; the same word is as good a rhyme as any for telling what belongs together."""
    return (_rank(rhyme), -rhyme.strength) < (_rank(than), -than.strength)


def _rank(rhyme: LineRhyme) -> int:
    return max(1, GRADES.index(rhyme.grade))
