"""Which of the drawn lines are proposed: likely ones that differ, and no loops."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lyricist.suggest.line_drawing import DrawnLine
from lyricist.suggest.protocol import Candidate
from lyricist.text.lines import is_han, next_word

# Something said four times on end, beginning anywhere.
_LOOP = re.compile(r"(.{1,12}?)\1{3}")
# Nats a character that a line may be less likely for having nothing in common with those chosen.
_DIFFERENCE = 1.0


def is_loop(text: str) -> bool:
    """Whether a line goes round in circles."""
    return _LOOP.search(text) is not None


def choose(
    lines: Sequence[DrawnLine], count: int, scores: Sequence[float], song: str = ""
) -> list[Candidate]:
    """Return at most `count` candidates, the best first.

    Each next one is the best by its score less what it has in common with those before it (maximal
    marginal relevance: Carbonell & Goldstein 1998).

    Args:
        lines: As drawn.
        count: How many are wanted.
        scores: Of each line, in nats a character; higher is better.
        song: The text before the cursor. Lines that go round in circles are left out, unless they
            stand in it.
    """
    pool: dict[str, tuple[float, DrawnLine]] = {}
    for line, score in zip(lines, scores, strict=True):
        text = line.text.rstrip()
        if not text.strip() or (is_loop(text) and text not in song):
            continue
        if text not in pool or pool[text][0] < score:
            pool[text] = score, line
    left = {text: (score, line, _pieces(text)) for text, (score, line) in pool.items()}
    chosen: list[Candidate] = []
    taken: list[frozenset[str]] = []
    while left and len(chosen) < count:
        worth = {
            text: score - _DIFFERENCE * _likeness(pieces, taken)
            for text, (score, _, pieces) in left.items()
        }
        best = max(worth, key=worth.__getitem__)
        _, line, pieces = left.pop(best)
        taken.append(pieces)
        chosen.append(_candidate(best, line))
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
