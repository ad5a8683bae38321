"""What the line being written is to be like: so many syllables, and a rhyme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.craft.line import SungLine
from lyricist.craft.modes import ABOVE, OFF, PATTERNS, TEMPLATE, TYPED
from lyricist.craft.sections import Section
from lyricist.craft.templates import Template, pattern


@dataclass(frozen=True, slots=True)
class Locks:
    """Where the targets of a line come from.

    length: one of `modes.LENGTH_MODES`. syllables: those typed. rhyme: one of `modes.RHYME_MODES`.
    word: what was typed to rhyme with. template: the section to follow, where one was chosen.
    """

    length: str = OFF
    rhyme: str = OFF
    syllables: int = 8
    word: str = ""
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """syllables: None for any number. rhyme: text to rhyme with, empty for none."""

    syllables: int | None = None
    rhyme: str = ""

    def __bool__(self) -> bool:
        return self.syllables is not None or bool(self.rhyme)


def target(lines: Sequence[SungLine], row: int, section: Section | None, locks: Locks) -> Target:
    """Return what line `row` of a song is to be like.

    Args:
        lines: Of the song.
        row: The line being written.
        section: Where it stands; None at the beginning of one that has no line yet.
        locks: Where targets come from.
    """
    before = [n for n in section.lyrics if n < row] if section is not None else []
    return Target(_syllables(lines, row, before, locks), _rhyme(lines, before, locks))


def _syllables(
    lines: Sequence[SungLine], row: int, before: Sequence[int], locks: Locks
) -> int | None:
    if locks.length == TYPED:
        return locks.syllables
    if locks.length == ABOVE:
        above = next((lines[n] for n in range(row - 1, -1, -1) if lines[n].kind == "lyric"), None)
        return above.syllables or None if above is not None else None
    if locks.length == TEMPLATE and locks.template is not None:
        wanted = locks.template.line(len(before))
        return wanted.syllables if wanted is not None else None
    return None


def _rhyme(lines: Sequence[SungLine], before: Sequence[int], locks: Locks) -> str:
    if locks.rhyme == TYPED:
        return locks.word
    if locks.rhyme == ABOVE:
        return lines[before[-1]].text if before else ""
    template = locks.template if locks.rhyme == TEMPLATE else None
    if locks.rhyme in PATTERNS:
        template = pattern(locks.rhyme)
    if template is None:
        return ""
    # A line whose end nobody can read leaves the next one of its letter to rhyme with.
    partners = (lines[before[n]] for n in template.partners(len(before)) if n < len(before))
    return next((line.text for line in partners if line.ending), "")
