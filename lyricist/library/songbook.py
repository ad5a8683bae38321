"""The songs that come with the package."""

from __future__ import annotations

import math
from typing import Literal

from lyricist.library.paths import songbook
from lyricist.text.songs import songs_in

# To count the words of more would keep who looks up the first rhyme waiting for seconds.
_ENOUGH_TO_COUNT = 200


def songbook_songs(language: Literal["zh", "en"], at_most: int = _ENOUGH_TO_COUNT) -> list[str]:
    """Return packaged songs of a language, none where the songbook is not there.

    Args:
        language: Theirs.
        at_most: So many songs, taken evenly from the whole book.
    """
    files = sorted((songbook() / language).glob("*.txt"))
    songs = [song for file in files for song in songs_in(file.read_text(encoding="utf-8"))]
    return songs[:: max(1, math.ceil(len(songs) / at_most))]
