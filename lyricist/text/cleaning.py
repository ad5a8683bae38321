"""Songs without what nobody sings, and in one Chinese script. Files are never touched: this
changes what is learned from them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lyricist.text.boilerplate import Boilerplate, boilerplate_of, without_inline
from lyricist.text.script import converted
from lyricist.text.songs import Song

_GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Cleaning:
    """What is wanted. boilerplate: leave out credits, links, times, chords. script: `keep`, or
    convert Chinese to `simplified` or `traditional`."""

    boilerplate: bool = False
    script: str = "keep"


AS_IT_IS = Cleaning()


@dataclass(frozen=True)
class CleaningReport:
    """What was done.

    lines: how many were left out, by kind. marked_lines: lines that lost times or chords inside
    them. converted_songs: songs that another script has changed. empty_songs: of which nothing
    was left. duplicate_songs: that had become the same as another.
    """

    lines: tuple[tuple[str, int], ...] = ()
    marked_lines: int = 0
    converted_songs: int = 0
    empty_songs: int = 0
    duplicate_songs: int = 0

    @property
    def left_out(self) -> int:
        """Lines of all kinds that were left out."""
        return sum(number for _, number in self.lines)


def cleaned(songs: Sequence[Song], cleaning: Cleaning) -> tuple[list[Song], CleaningReport]:
    """Return the songs as wanted, without those that become empty or the same as another.

    Section headings stay.

    Raises:
        CorpusError: If a conversion is wanted and OpenCC cannot be loaded.
    """
    if cleaning == AS_IT_IS:
        return list(songs), CleaningReport()
    kept: dict[bytes, Song] = {}
    lines: Counter[Boilerplate] = Counter()
    marked = changed = empty = duplicates = 0
    for song in songs:
        text = song.text
        if cleaning.boilerplate:
            text, marks = _without_boilerplate(text, lines)
            marked += marks
        if not text:
            empty += 1
            continue
        in_script = converted(text, cleaning.script)
        changed += in_script != text
        new = replace(song, text=in_script)
        if kept.setdefault(new.fingerprint, new) is not new:
            duplicates += 1
    report = CleaningReport(by_kind(lines), marked, changed, empty, duplicates)
    return list(kept.values()), report


def by_kind(counts: Counter[Boilerplate]) -> tuple[tuple[str, int], ...]:
    """Return the kinds that occur, in the order of a report."""
    return tuple((str(kind), counts[kind]) for kind in Boilerplate if counts[kind])


def _without_boilerplate(text: str, counts: Counter[Boilerplate]) -> tuple[str, int]:
    """The text that is left, and how many of its lines had marks in them."""
    kept, marks = [], 0
    for line in text.split("\n"):
        kind = boilerplate_of(line)
        if kind is not None:
            counts[kind] += 1
            continue
        plain = without_inline(line)
        marks += plain != line
        # What a time stood before may be a credit.
        kind = boilerplate_of(plain) if plain != line else None
        if kind is not None:
            counts[kind] += 1
        else:
            kept.append(plain)
    return _GAP.sub("\n\n", "\n".join(kept)).strip("\n"), marks
