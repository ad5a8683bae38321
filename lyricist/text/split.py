"""The held-out songs: chosen by what a song says, so that a song never changes sides."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from lyricist.errors import UsageError
from lyricist.text.corpus import Song


def split_by_song(songs: Sequence[Song], fraction: float = 0.05) -> tuple[list[Song], list[Song]]:
    """Split `songs` into training and held-out ones, both in the order given.

    A song is held out by the hash of its text, whatever its neighbours are. With two songs or more
    and a fraction above 0, neither side is empty.

    Args:
        songs: The songs of a corpus.
        fraction: Share of the songs to hold out, from 0 to below 1.

    Raises:
        UsageError: If `fraction` is out of range.
    """
    if not 0 <= fraction < 1:
        raise UsageError(
            f"a held-out share of {fraction:g} is impossible",
            "give one from 0 to below 1, say 0.05",
        )
    if fraction == 0 or len(songs) < 2:
        return list(songs), []
    positions = [_position(song.text) for song in songs]
    held = [position < fraction for position in positions]
    by_position = sorted(range(len(songs)), key=lambda i: positions[i])
    if not any(held):
        held[by_position[0]] = True
    elif all(held):
        held[by_position[-1]] = False
    training = [song for song, out in zip(songs, held, strict=True) if not out]
    return training, [song for song, out in zip(songs, held, strict=True) if out]


def _position(text: str) -> float:
    """A number from 0 to 1, uniform over texts and the same on every machine."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
