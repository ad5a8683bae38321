"""Where a text runs word for word as in what a model was trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lyricist.network.passage_hashes import passage_ends
from lyricist.network.training_index import TrainingIndex
from lyricist.text.passages import (
    PASSAGE_CHARACTERS,
    PASSAGE_WORDS,
    Length,
    length_of,
    places,
    sign,
)

# Passages of fewer different pieces, as la la la la la, are nobody's.
_LEAST_DIFFERENT = 3


@dataclass(frozen=True)
class Limits:
    """From which length on a run counts: so many unspaced letters, words, or a mixture of both."""

    characters: int = 12
    words: int = 6

    def passages(self, signs: Sequence[int]) -> int:
        """The fewest passages in a run of these pieces that counts."""
        words = sum(sign & 1 for sign in signs)
        if not words:
            return max(self.characters - PASSAGE_CHARACTERS + 1, 1)
        return max(self.words - PASSAGE_WORDS + 1, 1) if words == len(signs) else 1


class Span(NamedTuple):
    """A run in a text: columns `start` to `end`, and how long it is."""

    start: int
    end: int
    length: Length


def verbatim_runs(
    signs: Sequence[int], limits: Limits, is_seen: Callable[[int, int], bool]
) -> Iterator[tuple[int, int]]:
    """Yield (first piece, behind the last) of each row of passages that all were seen.

    Only where so many passages follow each other as a run that counts needs; it may still be too
    short.

    Args:
        signs: The pieces.
        limits: What counts.
        is_seen: Asked for as few passages as possible, by their first piece and that behind.
    """
    ends = passage_ends(signs)
    fewest = limits.passages(signs)
    start = 0
    while start + fewest <= len(ends):
        # A run that begins at one of the next few passages holds the last of them.
        last = start + fewest - 1
        if not is_seen(last, ends[last]):
            start = last + 1
            continue
        first = last
        while first > start and is_seen(first - 1, ends[first - 1]):
            first -= 1
        while last + 1 < len(ends) and is_seen(last + 1, ends[last + 1]):
            last += 1
        if last - first + 1 >= fewest:
            yield first, ends[last]
        start = last + 2


def is_telling(signs: Sequence[int]) -> bool:
    """Whether a passage of these pieces is more than a few sounds again and again."""
    return len(set(signs)) >= _LEAST_DIFFERENT


def verbatim_spans(text: str, index: TrainingIndex, limits: Limits) -> list[Span]:
    """Return where `text` runs as in what the model was trained on, as far as it counts."""
    found = places(text)
    signs = [sign(place.text) for place in found]

    def is_seen(start: int, end: int) -> bool:
        passage = signs[start:end]
        return is_telling(passage) and index.has_one(passage)

    spans = []
    for start, end in verbatim_runs(signs, limits, is_seen):
        length = length_of([place.text for place in found[start:end]])
        if length.reaches(limits.characters, limits.words):
            spans.append(Span(found[start].start, found[end - 1].end, length))
    return spans
