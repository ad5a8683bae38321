"""A song looked at as a whole: the scheme of each section, and what each line is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.craft.internal import internal_rhymes
from lyricist.craft.line import SungLine, sung_line
from lyricist.craft.marks import MOST_LINES, ending_span
from lyricist.craft.modes import RhymeRules
from lyricist.craft.patterns import sound_pattern
from lyricist.craft.scheme import SchemeLine, scheme
from lyricist.craft.sections import sections
from lyricist.craft.totals import Totals, totals


@dataclass(frozen=True, slots=True)
class AnalysedLine:
    """A line that is sung.

    number: of the song's lines, from 1. letter: of its section's scheme, `?` where its end cannot
    be read. syllables: ad-libs apart; None where some cannot be counted. is_sure: whether none is
    a guess. pattern: 平仄 and stresses, see `patterns`. rhymes: whether another line of its section
    rhymes with it and does not just end on the same word. rhyming_syllables: how many of its
    syllables rhyme, as many as agree at its end and one for each word that rhymes within it.
    """

    number: int
    text: str
    letter: str
    syllables: int | None
    is_sure: bool
    pattern: str
    rhymes: bool
    rhyming_syllables: int


@dataclass(frozen=True, slots=True)
class AnalysedSection:
    """name: what a list of sections calls it. heading: as it is written, empty without one."""

    name: str
    heading: str
    lines: tuple[AnalysedLine, ...]

    @property
    def scheme(self) -> str:
        """The letters of its lines, e.g. `ABAB`."""
        return "".join(line.letter for line in self.lines)


@dataclass(frozen=True, slots=True)
class Analysis:
    """A song's sections in order, and what they add up to."""

    sections: tuple[AnalysedSection, ...]
    totals: Totals


def analysis(lines: Sequence[str], rules: RhymeRules) -> Analysis:
    """Analyse a song.

    A section of more than `marks.MOST_LINES` lines is judged in pieces of so many.

    Args:
        lines: Of the song, without line feeds.
        rules: How rhymes are judged.
    """
    found: list[AnalysedSection] = []
    every: list[SungLine] = []
    for section in sections(lines):
        analysed: list[AnalysedLine] = []
        for start in range(0, len(section.lyrics), MOST_LINES):
            numbers = section.lyrics[start : start + MOST_LINES]
            sung = [sung_line(lines[number]) for number in numbers]
            every += sung
            analysed += _piece(numbers, sung, rules)
        found.append(AnalysedSection(section.name, section.heading, tuple(analysed)))
    counted = [line for section in found for line in section.lines]
    patterns = (line.pattern for line in counted)
    rhyming = sum(line.rhymes for line in counted)
    inside = sum(line.rhyming_syllables for line in counted)
    return Analysis(tuple(found), totals(every, patterns, rhyming, inside))


def _piece(
    numbers: Sequence[int], sung: Sequence[SungLine], rules: RhymeRules
) -> list[AnalysedLine]:
    places = scheme(sung, rules)
    rhyming = _rhyming_families(sung, places)
    agreeing = _agreeing(places)
    analysed = []
    for place, (number, line, found) in enumerate(zip(numbers, sung, places, strict=True)):
        rhymes = found.family in rhyming
        neighbours = sung[max(0, place - 1) : place + 2]
        at_end = agreeing[place] if rhymes else 0
        analysed.append(
            AnalysedLine(
                number + 1,
                line.text,
                found.letter,
                line.syllables if line.is_known else None,
                line.is_sure,
                sound_pattern(line),
                rhymes,
                _rhyming_syllables(line, neighbours, rules, at_end),
            )
        )
    return analysed


def _rhyming_families(sung: Sequence[SungLine], places: Sequence[SchemeLine]) -> set[int]:
    """Those whose lines end on different words: to repeat a word is not to rhyme."""
    last_words: dict[int, set[str]] = {}
    for line, place in zip(sung, places, strict=True):
        if line.ending:
            last_words.setdefault(place.family, set()).add(line.ending[-1].text.casefold())
    return {family for family, words in last_words.items() if len(words) > 1}


def _agreeing(places: Sequence[SchemeLine]) -> list[int]:
    """How many syllables at the end of each line agree with the line that it goes with, before or
    after it."""
    most = [1] * len(places)
    for number, place in enumerate(places):
        if place.partner is not None and place.rhyme is not None:
            for line in (number, place.partner):
                most[line] = max(most[line], place.rhyme.syllables)
    return most


def _rhyming_syllables(
    line: SungLine, neighbours: Sequence[SungLine], rules: RhymeRules, at_end: int
) -> int:
    ending = ending_span(line, at_end) if at_end else None
    begins = ending[0] if ending is not None else len(line.text)
    within = sum(start < begins for start, _ in internal_rhymes(line, neighbours, rules))
    return min(at_end + within, line.syllables)
