"""Which versions are too many: the newer they are, the closer together they may stay.

A song keeps at most `MOST` versions and `MOST_BYTES`, all songs together `MOST_BYTES_OF_ALL`. What
goes is the one whose neighbours lie closest together for its age, so that after years there are
some of the last hour, some of the last day and some of each year. The newest version of a song
never goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MOST = 60
MOST_BYTES = 16_000_000
MOST_BYTES_OF_ALL = 256_000_000
# The last few stay whatever else is there, so that each of them can be gone back to.
_UNTOUCHED = 10


@dataclass(frozen=True)
class Kept:
    """A version's file. saved_at: seconds since 1970. size: in bytes."""

    file: Path
    saved_at: float
    size: int


def superfluous(versions: Sequence[Kept], now: float) -> list[Path]:
    """Return what of one song is to go.

    Args:
        versions: Those of one song, the oldest first.
        now: Seconds since 1970.
    """
    left, gone = list(versions), []
    size = sum(one.size for one in left)
    while len(left) > 1 and (len(left) > MOST or size > MOST_BYTES):
        place = _least_missed(left, now)
        size -= left[place].size
        gone.append(left.pop(place).file)
    return gone


def superfluous_of_all(songs: Sequence[Sequence[Kept]]) -> list[Path]:
    """Return what is to go for all songs together to stay within bounds, the oldest first.

    Args:
        songs: The versions of each song, the oldest first.
    """
    size = sum(one.size for song in songs for one in song)
    older = sorted((one for song in songs for one in song[:-1]), key=lambda one: one.saved_at)
    gone = []
    for one in older:
        if size <= MOST_BYTES_OF_ALL:
            break
        size -= one.size
        gone.append(one.file)
    return gone


def _least_missed(versions: Sequence[Kept], now: float) -> int:
    """Return the place of the version that leaves the smallest gap for its age."""
    candidates = range(1, max(2, len(versions) - _UNTOUCHED))
    if len(versions) <= 2:
        return 0

    def gap(place: int) -> float:
        after, before = versions[place + 1].saved_at, versions[place - 1].saved_at
        return max(0.0, after - before) / max(1.0, now - versions[place].saved_at)

    return min(candidates, key=gap)
