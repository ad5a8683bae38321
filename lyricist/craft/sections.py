"""The sections of a song: runs of lines between headings and blank lines."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.craft.line import kind_of

_KEPT_SONGS = 2


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of a song that belong together.

    start, end: its lines, heading included and the end not. heading: as it is written, brackets and
    all; empty where a section has none. number: the how many-th of that heading it is, from 0.
    lyrics: the numbers of the lines that are sung.
    """

    start: int
    end: int
    heading: str
    number: int
    lyrics: tuple[int, ...]

    @property
    def name(self) -> str:
        """What a list of sections calls it."""
        if not self.heading:
            return f"verse {self.number + 1}"
        return self.heading if not self.number else f"{self.heading} ({self.number + 1})"


def sections(lines: Sequence[str]) -> tuple[Section, ...]:
    """Return the sections of a song in order.

    A heading begins one, and so does a blank line; a blank line right under a heading does not.
    Sections without a line that is sung are left out.
    """
    return _sections(tuple(lines))


@functools.lru_cache(maxsize=_KEPT_SONGS)
def _sections(lines: tuple[str, ...]) -> tuple[Section, ...]:
    found: list[Section] = []
    numbers: Counter[str] = Counter()
    start, heading = 0, ""
    lyrics: list[int] = []
    for number, line in enumerate((*lines, "")):
        kind = kind_of(line)
        if kind == "heading" or (kind == "blank" and lyrics):
            if lyrics:
                section = Section(start, number, heading, numbers[heading], tuple(lyrics))
                found.append(section)
                numbers[heading] += 1
            start, lyrics = number, []
            heading = line.strip() if kind == "heading" else ""
        elif kind == "lyric":
            lyrics.append(number)
    return tuple(found)


def section_at(found: Sequence[Section], line: int) -> Section | None:
    """Return the section that a line stands in, None outside all."""
    return next((section for section in found if section.start <= line < section.end), None)
