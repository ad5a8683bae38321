"""Scores of texts: nats summed over characters, new lines and repeated lines apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lyricist.text.score import Score


@dataclass(frozen=True)
class SongScores:
    """A song and its characters' log-probabilities in nats. unknown: which are outside the
    vocabulary."""

    text: str
    log_probs: Sequence[float]
    unknown: Sequence[bool]

    def score(self, begin: int = 0, end: int | None = None) -> Score:
        """Sum up a part of the song."""
        part = self.log_probs[begin:end]
        return Score(len(part), sum(self.unknown[begin:end]), -math.fsum(part))

    def lines(self) -> list[tuple[str, Score]]:
        """Return each line with the score of its characters and its line feed."""
        scored, begin = [], 0
        for line in self.text.split("\n"):
            end = begin + len(line) + 1
            scored.append((line, self.score(begin, end)))
            begin = end
        return scored


@dataclass(frozen=True)
class LineScores:
    """A text's score, apart for lines that stood in it before and for all others. lines,
    repeated_lines: how many lines that are not blank there are, and how many of them repeat."""

    new: Score
    repeated: Score
    lines: int
    repeated_lines: int

    @property
    def total(self) -> Score:
        """All characters."""
        return self.new + self.repeated


def line_scores(songs: Sequence[SongScores]) -> LineScores:
    """Tell the lines that repeat an earlier one of the same songs from those that are new."""
    seen: set[str] = set()
    new = repeated = Score()
    lines = repeated_lines = 0
    for song in songs:
        for line, score in song.lines():
            lines += line.strip() != ""
            if line.strip() and line in seen:
                repeated, repeated_lines = repeated + score, repeated_lines + 1
            else:
                new += score
            seen.add(line)
    return LineScores(new, repeated, lines, repeated_lines)
