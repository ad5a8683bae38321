"""Where a rhyme is wanted: what it replaces, and what it may rhyme with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from textual.document._document import Location

from lyricist.craft.line import SungLine, Unit, kind_of, sung_line
from lyricist.text.lines import is_han

Read = Callable[[str], SungLine]
"""Reads a line of the song, with the readings that the writer chose."""

# Lines above whose ends are offered to rhyme with.
_ABOVE = 4
# Lines looked through for them.
_REACH = 50
_OPENING = "([{\"'“‘（「『《¿¡"


@dataclass(frozen=True)
class RhymeSource:
    """What may be rhymed with. name: its last word or characters. ending: see `SungLine.ending`."""

    name: str
    ending: tuple[Unit, ...]

    @property
    def is_chinese(self) -> bool:
        """Whether Chinese words rhyme with it."""
        return self.ending[-1].language == "zh"


@dataclass(frozen=True)
class RhymePlace:
    """start, end: what the rhyme replaces, the same where it is put in. sources: the likeliest
    first."""

    start: Location
    end: Location
    sources: tuple[RhymeSource, ...]


def rhyme_place(
    lines: Sequence[str],
    start: Location,
    end: Location,
    target: str = "",
    read: Read = sung_line,
) -> RhymePlace:
    """Return where a rhyme goes and what with.

    A selection is replaced, and so is an English word that the cursor touches, for what is put in
    right beside it would be no word. Chinese goes in at the cursor. A rhyme is with what is
    replaced; else with `target`, with the Chinese characters before the cursor, with the lines
    around, or with the word before the cursor, which the line most likely goes on from.

    Args:
        lines: Of the song.
        start: Of the selection; the cursor where nothing is selected.
        end: Of the selection.
        target: What the line is to rhyme with by the locks.
        read: How lines are read.
    """
    own: tuple[Unit, ...] = ()
    before: tuple[Unit, ...] = ()
    row, column = end
    if start != end:
        first = start[1] if start[0] == row else 0
        own = sung_line(lines[row][first:column]).ending
    else:
        line = read(lines[row])
        touched = _touched(line, column)
        if touched is not None:
            start, end, own = (row, touched.start), (row, touched.end), (touched,)
        else:
            units = tuple(unit for unit in line.units if unit.end <= column)
            before = SungLine(line.text, "lyric", units).ending
    around = [read(text).ending for text in _lines_around(lines, row)]
    # Chinese has no spaces to tell that a word is over and another one wanted.
    if before and before[-1].language == "zh":
        around.insert(0, before)
    found: dict[str, RhymeSource] = {}
    for ending in (own, sung_line(target).ending, *around, before):
        if ending:
            source = RhymeSource(_name(ending), ending)
            found.setdefault(source.name.lower(), source)
    return RhymePlace(start, end, tuple(found.values()))


def _touched(line: SungLine, column: int) -> Unit | None:
    touching = (unit for unit in line.units if unit.start <= column <= unit.end)
    return next((unit for unit in touching if unit.language == "en"), None)


def _lines_around(lines: Sequence[str], row: int) -> Iterator[str]:
    """The sung lines above, the nearest first, and the one below."""
    above = lines[max(0, row - _REACH) : row][::-1]
    yield from [text for text in above if kind_of(text) == "lyric"][:_ABOVE]
    if row + 1 < len(lines):
        yield lines[row + 1]


def _name(ending: tuple[Unit, ...]) -> str:
    if ending[-1].language == "zh":
        return "".join(unit.text for unit in ending[-2:])
    return ending[-1].text


def put_in(word: str, before: str, replaced: str, after: str) -> str:
    """Return a word as it goes between two parts of a line: with spaces where English needs them,
    and with the capitals of what it replaces."""
    if replaced.isupper() and len(replaced) > 1:
        word = word.upper()
    elif replaced[:1].isupper():
        word = word[:1].upper() + word[1:]
    if not word or is_han(word[0]):
        return word
    if before and not (before[-1].isspace() or is_han(before[-1]) or before[-1] in _OPENING):
        word = " " + word
    return word + " " if after[:1].isalnum() and not is_han(after[0]) else word
