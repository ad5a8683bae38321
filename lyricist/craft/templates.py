"""A section that another one follows: the lengths of its lines, and which of them rhyme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.craft.line import SungLine
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import line_rhyme
from lyricist.craft.scheme import scheme


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """What a line is to be like. syllables: None where any number will do. letter: of its scheme;
    empty where it need not rhyme."""

    syllables: int | None
    letter: str


@dataclass(frozen=True, slots=True)
class Template:
    """What the lines of a section are to be like, one after the other.

    repeats: whether it begins again after its last line, with other rhymes.
    """

    lines: tuple[TemplateLine, ...]
    repeats: bool = False

    def line(self, number: int) -> TemplateLine | None:
        """Return what line `number` of a section is to be like, None beyond the template."""
        if not self.lines or (number >= len(self.lines) and not self.repeats):
            return None
        return self.lines[number % len(self.lines)]

    def partners(self, number: int) -> tuple[int, ...]:
        """Return the lines before line `number` that it is to rhyme with, the nearest first."""
        own = self.line(number)
        if own is None or not own.letter:
            return ()
        first = number - number % len(self.lines) if self.repeats else 0
        earlier = (
            other
            for other in range(number - 1, first - 1, -1)
            if (line := self.line(other)) is not None and line.letter == own.letter
        )
        return tuple(earlier)


@dataclass(frozen=True, slots=True)
class Deviation:
    """How a line differs from its template.

    syllables: how many it has too many, negative for too few. rhymes: False where it should rhyme
    with an earlier line and does not. extra: the template has no such line.
    """

    syllables: int = 0
    rhymes: bool = True
    extra: bool = False

    def __bool__(self) -> bool:
        return bool(self.syllables) or not self.rhymes or self.extra


def template_of(lines: Sequence[SungLine], rules: RhymeRules) -> Template:
    """Return the template that a section's sung lines make; a line that rhymes with no other is
    free to."""
    letters = scheme(lines, rules)
    return Template(
        tuple(
            TemplateLine(line.syllables or None, found.letter if found.has_family else "")
            for line, found in zip(lines, letters, strict=True)
        )
    )


def pattern(letters: str) -> Template:
    """Return the template of a scheme such as `ABAB`, of lines of any length.

    One with a single letter goes on rhyming; all others begin anew after their last line. A letter
    that occurs once is free.
    """
    free = {letter for letter in letters if letters.count(letter) == 1}
    lines = [TemplateLine(None, "" if letter in free else letter) for letter in letters]
    if len(set(letters)) == 1:
        lines = lines[:1] * 64
    return Template(tuple(lines), repeats=True)


def deviation(
    template: Template, lines: Sequence[SungLine], number: int, rules: RhymeRules
) -> Deviation:
    """Return how line `number` of a section's sung lines differs from what the template says."""
    wanted = template.line(number)
    if wanted is None:
        return Deviation(extra=True)
    own = lines[number]
    more = own.syllables - wanted.syllables if wanted.syllables and own.is_known else 0
    partners = [lines[other] for other in template.partners(number) if other < len(lines)]
    rhymes = not partners or any(line_rhyme(other, own, rules) for other in partners)
    return Deviation(more, rhymes)
