"""What is shown beside each line and within it: length, scheme, rhymes, tones and stresses.

Lines are marked section by section, and a section that has not changed is not worked out again.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from lyricist.craft.internal import internal_rhymes
from lyricist.craft.line import SungLine, kind_of, sung_line
from lyricist.craft.line_mark import NO_MARK, LineMark, Span
from lyricist.craft.modes import RhymeRules
from lyricist.craft.patterns import sound_pattern
from lyricist.craft.rhyme import sounds_of
from lyricist.craft.scheme import SchemeLine, scheme
from lyricist.craft.templates import Template, deviation
from lyricist.craft.vowels import SOUNDS

# A song without blank lines is marked in pieces of so many lines.
MOST_LINES = 256
# More characters than this in a piece would keep a key waiting: it is halved until they fit.
MOST_CHARACTERS = 2000
# A line beyond this is no line to be sung.
LONGEST_LINE = 400
_KEPT_SECTIONS = 64

Chosen = Mapping[str, Mapping[int, str]]
"""Readings that the writer picked: by the line's text, then pinyin by code point."""


def mark_at(
    lines: Sequence[str],
    row: int,
    rules: RhymeRules,
    chosen: Chosen | None = None,
    template: Template | None = None,
) -> LineMark:
    """Return the mark of one line.

    Args:
        lines: Of the song.
        row: Which one.
        rules: How rhymes are judged.
        chosen: Readings that the writer picked.
        template: What the line's section follows, if it does.
    """
    if len(lines[row]) > LONGEST_LINE or kind_of(lines[row]) != "lyric":
        return NO_MARK
    start, end = section_bounds(lines, row)
    texts = tuple(text if len(text) <= LONGEST_LINE else "" for text in lines[start:end])
    picked = (
        tuple((text, tuple(sorted(chosen[text].items()))) for text in set(texts) if text in chosen)
        if chosen
        else ()
    )
    return _section_marks(texts, picked, rules, template)[row - start]


def section_bounds(lines: Sequence[str], row: int) -> tuple[int, int]:
    """Return the first line of the section of line `row`, and the one behind its last."""
    size = MOST_LINES
    while size > 1 and _characters(lines, row - row % size, size) > MOST_CHARACTERS:
        size //= 2
    piece = row - row % size
    start = row
    while start > piece and kind_of(lines[start - 1]) not in ("blank", "heading"):
        start -= 1
    end, limit = row + 1, min(len(lines), piece + size)
    while end < limit and kind_of(lines[end]) not in ("blank", "heading"):
        end += 1
    return start, end


def _characters(lines: Sequence[str], first: int, count: int) -> int:
    """Characters that would have to be read of some lines."""
    lengths = map(len, lines[first : first + count])
    return sum(length for length in lengths if length <= LONGEST_LINE)


@functools.lru_cache(maxsize=_KEPT_SECTIONS)
def _section_marks(
    texts: tuple[str, ...],
    picked: tuple[tuple[str, tuple[tuple[int, str], ...]], ...],
    rules: RhymeRules,
    template: Template | None,
) -> tuple[LineMark, ...]:
    readings = {text: dict(places) for text, places in picked}
    lines = [sung_line(text, readings.get(text)) for text in texts]
    sung = [line for line in lines if line.kind == "lyric"]
    found = iter(zip(range(len(sung)), sung, scheme(sung, rules), strict=True))
    return tuple(
        _mark(*next(found), sung, rules, template) if line.kind == "lyric" else NO_MARK
        for line in lines
    )


def _mark(
    number: int,
    line: SungLine,
    place: SchemeLine,
    sung: Sequence[SungLine],
    rules: RhymeRules,
    template: Template | None,
) -> LineMark:
    sounds = sounds_of(line.ending)
    together = place.rhyme.syllables if place.rhyme else 1
    ending = ending_span(line, together)
    neighbours = sung[max(0, number - 1) : number + 2]
    underlined = list(internal_rhymes(line, neighbours, rules))
    if together > 1 and ending is not None:
        underlined.append(ending)
    return LineMark(
        line.syllables,
        line.is_known,
        place.letter if line.ending else "?",
        SOUNDS.index(sounds[0]) if place.has_family and sounds else None,
        ending if place.has_family else None,
        tuple(underlined),
        sound_pattern(line),
        deviation(template, sung, number, rules) if template is not None else None,
    )


def ending_span(line: SungLine, syllables: int) -> Span | None:
    """Return where the last `syllables` of a line stand, whole words; None where it has no end."""
    counted, left = line.ending, max(syllables, 1)
    if not counted:
        return None
    start = counted[-1].start
    for unit in reversed(counted):
        if left <= 0:
            break
        start = unit.start
        left -= unit.syllables
    return start, counted[-1].end
