"""Which of the drawn lines are proposed: likely ones that differ, and no loops."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from lyricist.suggest.line_drawing import DrawnLine
from lyricist.suggest.protocol import Candidate
from lyricist.text.lines import is_han, next_word

# Something said four times on end, beginning anywhere.
_LOOP = re.compile(r"(.{1,12}?)\1{3}")
# So many characters do not come twice in a line, unless the song has that line.
_HAN_AGAIN, _LATIN_AGAIN = 6, 16
# Nats a character that a line may be less likely for having nothing in common with those chosen.
_DIFFERENCE = 1.0


class _Entry(NamedTuple):
    """A line that may be chosen."""

    line: DrawnLine
    fit: float
    pieces: frozenset[str]

    def worth(self, taken: Sequence[frozenset[str]]) -> float:
        """Higher is better, beside those that were taken."""
        if not taken:
            return self.line.expected_right * math.exp(self.fit)
        return self.line.log_prob + self.fit - _DIFFERENCE * _likeness(self.pieces, taken)


def is_loop(text: str, line: str = "") -> bool:
    """Whether a candidate goes round in circles.

    Args:
        text: The candidate.
        line: What stands before it in its line; saying the same again at length is a circle too.
    """
    if _LOOP.search(text) is not None:
        return True
    whole = line + text
    length = _HAN_AGAIN if any(map(is_han, text)) else _LATIN_AGAIN
    pieces = [whole[start : start + length] for start in range(len(whole) - length + 1)]
    return len(set(pieces)) < len(pieces)


def choose(
    lines: Sequence[DrawnLine], count: int, fits: Sequence[float] = (), song: str = ""
) -> list[Candidate]:
    """Return at most `count` candidates.

    The first, which is shown as ghost text, is the one of which most is expected to be right. Each
    next one is the likeliest less what it has in common with those before it (maximal marginal
    relevance: Carbonell & Goldstein 1998).

    Args:
        lines: As drawn.
        count: How many are wanted.
        fits: How well each leads into what stands after the cursor, in nats a character; higher is
            better. Empty where nothing does.
        song: The text before the cursor. Lines that go round in circles are left out, unless they
            stand in it.
    """
    line_so_far = song[song.rfind("\n") + 1 :]
    left: dict[str, _Entry] = {}
    for number, line in enumerate(lines):
        text = line.text.rstrip()
        if not text.strip() or (is_loop(text, line_so_far) and text not in song):
            continue
        fit = fits[number] if fits else 0.0
        if text not in left or left[text].line.log_prob + left[text].fit < line.log_prob + fit:
            left[text] = _Entry(line, fit, _pieces(text))
    chosen: list[Candidate] = []
    taken: list[frozenset[str]] = []
    while left and len(chosen) < count:
        worth = {text: entry.worth(taken) for text, entry in left.items()}
        best = max(worth, key=worth.__getitem__)
        entry = left.pop(best)
        taken.append(entry.pieces)
        chosen.append(_candidate(best, entry.line))
    return chosen


def _candidate(text: str, line: DrawnLine) -> Candidate:
    return Candidate(
        text,
        line.log_prob,
        line.probability_of(len(next_word(text))),
        line.mean_sources(),
    )


def _pieces(text: str) -> frozenset[str]:
    """What a line is made of: Chinese characters, and words without regard to case."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(piece for word in words for piece in (word if is_han(word[0]) else [word]))


def _likeness(pieces: frozenset[str], others: Sequence[frozenset[str]]) -> float:
    """The largest share, 0 to 1, of all pieces that two lines have in common."""
    shares = [len(pieces & other) / max(len(pieces | other), 1) for other in others]
    return max(shares, default=0.0)
