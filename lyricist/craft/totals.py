"""What the lines of a song add up to: rhyme density, repetition, tones, and what is in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lyricist.craft.line import SungLine, Unit
from lyricist.craft.patterns import LEVEL, NEUTRAL, OBLIQUE
from lyricist.craft.song_words import content_words


@dataclass(frozen=True, slots=True)
class Counted:
    """A text and how often it occurs."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A unit that is read, but perhaps otherwise. reading: pinyin or ARPAbet that was assumed."""

    text: str
    reading: str
    count: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all lines that are sung.

    rhyming_lines: lines with a rhyme in their section. rhyming_syllables: those inside a rhyme, of
    one syllable or several, at line ends or within. repeated: how many lines stood there before.
    level, oblique, neutral: Chinese syllables in 平, 仄 and 轻声, as far as they are sure.
    repeated_lines, words, unsure, unknown: the most frequent first.
    """

    lines: int
    syllables: int
    rhyming_lines: int
    rhyming_syllables: int
    repeated: int
    level: int
    oblique: int
    neutral: int
    repeated_lines: tuple[Counted, ...]
    words: tuple[Counted, ...]
    unsure: tuple[Doubt, ...]
    unknown: tuple[Counted, ...]

    @property
    def rhyming_line_share(self) -> float:
        """Share of lines that rhyme, 0 to 1."""
        return self.rhyming_lines / max(self.lines, 1)

    @property
    def rhyming_syllable_share(self) -> float:
        """Share of syllables inside a rhyme, 0 to 1."""
        return self.rhyming_syllables / max(self.syllables, 1)

    @property
    def level_share(self) -> float | None:
        """Share of 平 among 平 and 仄, 0 to 1; None without Chinese syllables."""
        both = self.level + self.oblique
        return self.level / both if both else None


def totals(
    lines: Sequence[SungLine], patterns: Iterable[str], rhyming_lines: int, rhyming_syllables: int
) -> Totals:
    """Add up the lines of a song that are sung.

    Args:
        lines: In the order of the song.
        patterns: Of each line, see `patterns.sound_pattern`.
        rhyming_lines: How many have a rhyme.
        rhyming_syllables: How many of their syllables are inside one.
    """
    texts = Counter(line.text.strip() for line in lines)
    tones = Counter("".join(patterns))
    words: Counter[str] = Counter()
    # A line that comes again is as it was.
    for text, line in {line.text.strip(): line for line in lines}.items():
        for word in content_words(line):
            words[word] += texts[text]
    units = [unit for line in lines for unit in line.units]
    unsure = Counter(doubt for unit in units for doubt in _doubts(unit))
    return Totals(
        len(lines),
        sum(line.syllables for line in lines),
        rhyming_lines,
        rhyming_syllables,
        len(lines) - len(texts),
        tones[LEVEL],
        tones[OBLIQUE],
        tones[NEUTRAL],
        _repeated(texts),
        _repeated(words),
        tuple(Doubt(*doubt, count) for doubt, count in unsure.most_common()),
        _counted(Counter(unit.text for unit in units if not unit.is_known).most_common()),
    )


def _doubts(unit: Unit) -> Iterator[tuple[str, str]]:
    if unit.language == "zh":
        for reading in unit.readings:
            if not reading.is_sure:
                yield reading.character, reading.pinyin
    elif unit.is_known and not unit.is_sure:
        yield unit.text.lower(), " ".join(unit.pronunciations[0].phonemes)


def _repeated(counts: Counter[str]) -> tuple[Counted, ...]:
    return _counted((text, count) for text, count in counts.most_common() if count > 1)


def _counted(counts: Iterable[tuple[str, int]]) -> tuple[Counted, ...]:
    return tuple(Counted(text, count) for text, count in counts)
