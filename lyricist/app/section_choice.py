"""What a section of the song may follow, and what that looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.app.rhyme_place import Read
from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.sections import Section, section_at, sections
from lyricist.craft.templates import Template, template_of
from lyricist.library.song_notes import Follow

_ANY_LINE = "la"
_REFERENCE, _NOTHING = "a reference lyric …", "nothing"
_MOST_SHOWN = 8


@dataclass(frozen=True)
class SectionChoice:
    """own: the section at the cursor. others: those that it may follow, each with its shape."""

    own: Section
    others: tuple[tuple[Section, str], ...]

    def follow(self, number: int) -> Follow:
        """Return the note that lets the section follow one of the others."""
        other = self.others[number][0]
        return Follow(self.own.heading, self.own.number, other.heading, other.number)

    @property
    def rows(self) -> tuple[str, ...]:
        """What may be followed, a line each: the others, a reference lyric, nothing."""
        others = (f"{other.name}   {shape}" for other, shape in self.others)
        return (*others, _REFERENCE, _NOTHING)

    @property
    def nothing(self) -> int:
        """The number of the row that ends the following."""
        return len(self.others) + 1

    def present(self, now: Follow | None) -> int | None:
        """Return the row of what is followed now, None for a section that is gone."""
        if now is None:
            return self.nothing
        if now.reference:
            return self.nothing - 1
        named = now.source, now.source_number
        keys = [(section.heading, section.number) for section, _ in self.others]
        return keys.index(named) if named in keys else None


def section_choice(
    lines: Sequence[str], row: int, rules: RhymeRules, read: Read = sung_line
) -> SectionChoice | None:
    """Return what the section of a line may follow; None at a heading that nothing stands under.

    An empty line belongs to the section that it is about to begin or to go on with.
    """
    texts = [*lines]
    if not texts[row].strip():
        texts[row] = _ANY_LINE
    found = sections(texts)
    own = section_at(found, row)
    if own is None:
        return None
    others = [section for section in found if section != own]
    return SectionChoice(
        own,
        tuple(
            (other, shape(template_of([read(texts[n]) for n in other.lyrics], rules)))
            for other in others
        ),
    )


def reference_template(text: str, rules: RhymeRules) -> Template | None:
    """Return the template that a reference lyric makes, None where it has no line to be sung."""
    sung = [line for part in text.split("\n") if (line := sung_line(part)).kind == "lyric"]
    return template_of(sung, rules) if sung else None


def shape(template: Template) -> str:
    """Return a template in one line, e.g. `7A 7A 5 7A`."""
    parts = [f"{line.syllables or '?'}{line.letter}" for line in template.lines[:_MOST_SHOWN]]
    return " ".join([*parts, "…"] if len(template.lines) > _MOST_SHOWN else parts)
