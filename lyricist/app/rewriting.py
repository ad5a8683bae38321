"""Other lines in the place of one: what they have to keep, and which of those drawn are shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lyricist.app.rhyme_place import Read
from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import line_rhyme
from lyricist.craft.scheme import scheme
from lyricist.craft.sections import section_at, sections
from lyricist.suggest.protocol import Answer, Lock

SHOWN = 5


@dataclass(frozen=True)
class Rewriting:
    """A line to be written anew. row: where it stands. text: as it is. lock: what stays."""

    row: int
    text: str
    syllables: int
    lock: Lock


@dataclass(frozen=True)
class Offers:
    """Lines in its place, and where there are none, why."""

    lines: tuple[str, ...]
    reason: str = ""


def rewriting(
    lines: Sequence[str], row: int, rules: RhymeRules, read: Read = sung_line
) -> Rewriting | None:
    """Return what line `row` keeps when it is written anew; None where it is no line to be sung.

    It keeps its syllables, where they can be counted, and goes on rhyming with the line of its
    section that it rhymes with now: the best one above, else the first one below. A line that
    rhymes with none is free to end as it likes, as it was before. Where the two lines end on the
    same word, the new one may as well.
    """
    own = read(lines[row])
    if own.kind != "lyric" or not own.syllables:
        return None
    length = own.syllables if own.is_known else 0
    lock = Lock(length, "", rules.system, rules.loose)
    partner = _partner(lines, row, rules, read)
    if partner is not None:
        rhyme = line_rhyme(read(lines[partner]), own, rules)
        repeat = rhyme is not None and rhyme.grade == "same"
        lock = replace(lock, rhyme=lines[partner], repeat=repeat)
    return Rewriting(row, lines[row], own.syllables, lock)


def _partner(lines: Sequence[str], row: int, rules: RhymeRules, read: Read) -> int | None:
    section = section_at(sections(lines), row)
    if section is None:
        return None
    found = scheme([read(lines[number]) for number in section.lyrics], rules)
    place = section.lyrics.index(row)
    above = found[place].partner
    if above is not None:
        return section.lyrics[above]
    below = (n for n in range(place + 1, len(found)) if found[n].partner == place)
    return next((section.lyrics[number] for number in below), None)


def offers(answer: Answer, wanted: Rewriting, seen: Collection[str]) -> Offers:
    """Return the lines of an answer that were not shown before, indented as the old one is."""
    indent = wanted.text[: len(wanted.text) - len(wanted.text.lstrip())]
    texts = (indent + candidate.text.strip() for candidate in answer.candidates)
    new = [text for text in dict.fromkeys(texts) if text not in seen and text.strip()]
    return Offers(tuple(new[:SHOWN]), answer.reason)
