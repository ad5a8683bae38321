"""The hashes of passages (see `text.passages`), of many songs at once or of a few passages quickly.

A passage's pieces are combined as a polynomial modulo 2**64 (Karp & Rabin 1987) and mixed with the
finalizer of SplitMix64 (Steele, Lea & Flood 2014).
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lyricist.text.passages import PASSAGE_CHARACTERS, PASSAGE_WORDS, pieces, sign

# A letter and a word weigh so much that either length of passage weighs the same.
_LETTER, _WORD = PASSAGE_WORDS, PASSAGE_CHARACTERS
_WHOLE = PASSAGE_CHARACTERS * PASSAGE_WORDS
_REACH = np.arange(PASSAGE_CHARACTERS)
_ALL = (1 << 64) - 1
_FACTORS = [pow(0x9E3779B97F4A7C15, k, 1 << 64) for k in range(PASSAGE_CHARACTERS)]
_POWERS = np.array(_FACTORS, np.uint64)
_OTHER = 0xD1B54A32D192ED03
_CHUNK = 1 << 15


class Passages(NamedTuple):
    """Passages of some rows of pieces, (n,) each: their hashes, the place of their first piece and
    that behind their last one, counted through all rows."""

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def passages_of(rows: Sequence[Sequence[int]]) -> Passages:
    """Return the passages that begin at each piece, as far as they end in the same row.

    Args:
        rows: Signs of pieces (see `text.passages.sign`).
    """
    lengths = [len(row) for row in rows]
    count = sum(lengths)
    signs = np.zeros(count + PASSAGE_CHARACTERS, np.uint64)
    signs[:count] = list(itertools.chain.from_iterable(rows))
    sums = np.zeros(count + 1, np.int64)
    is_word = (signs[:count] & np.uint64(1)).astype(np.int64)
    np.cumsum(_LETTER + (_WORD - _LETTER) * is_word, out=sums[1:])
    ends = np.searchsorted(sums, sums[:-1] + _WHOLE)
    starts = np.flatnonzero(ends <= np.repeat(np.cumsum(lengths), lengths))
    ends = ends[starts]
    windows = signs[starts[:, None] + _REACH] * _POWERS
    windows[(ends - starts)[:, None] <= _REACH] = 0
    return Passages(_mixed(windows.sum(axis=1, dtype=np.uint64)), starts, ends)


def passage_ends(signs: Sequence[int]) -> list[int]:
    """Return where the passage that begins at each piece ends, as far as it does."""
    words = sum(number & 1 for number in signs)
    if words in (0, len(signs)):
        length = PASSAGE_WORDS if words else PASSAGE_CHARACTERS
        return list(range(length, len(signs) + 1))
    ends: list[int] = []
    end = weight = 0
    for first in signs:
        while weight < _WHOLE:
            if end == len(signs):
                return ends
            weight += _WORD if signs[end] & 1 else _LETTER
            end += 1
        ends.append(end)
        weight -= _WORD if first & 1 else _LETTER
    return ends


def hash_of(signs: Sequence[int]) -> int:
    """Return the hash of one passage."""
    return _mixed_one(sum(map(operator.mul, signs, _FACTORS)) & _ALL)


def step_of(number: int) -> int:
    """Return what leads from one bit of a hash to the next."""
    return _mixed_one(number ^ _OTHER) | 1


def steps_of(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return `step_of` many hashes, (n,)."""
    return _mixed(hashes ^ np.uint64(_OTHER)) | np.uint64(1)


def hashes_of(texts: Iterable[str]) -> NDArray[np.uint64]:
    """Return the hashes of all passages of some songs, each once. None goes across two songs."""
    found = [passages_of(rows).hashes for rows in _batches(texts)]
    return np.unique(np.concatenate([np.empty(0, np.uint64), *found]))


def _batches(texts: Iterable[str]) -> Iterator[list[list[int]]]:
    """The pieces of songs, some songs together; a long one in parts that overlap by what a passage
    needs."""
    batch: list[list[int]] = []
    waiting = 0
    for text in texts:
        signs = [sign(piece) for piece in pieces(text)]
        for start in range(0, len(signs), _CHUNK):
            batch.append(signs[start : start + _CHUNK + PASSAGE_CHARACTERS - 1])
            waiting += len(batch[-1])
            if waiting >= _CHUNK:
                yield batch
                batch, waiting = [], 0
    yield batch


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finalizer of SplitMix64."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _mixed_one(number: int) -> int:
    mixed = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _ALL
    return mixed ^ (mixed >> 31)
