"""The writer's other songs as one text: recent documents, and what models were trained on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from lyricist.errors import LyricistError
from lyricist.library.settings import load_settings
from lyricist.text.corpus import read_corpus

# More would take seconds to read and index.
MAX_CHARACTERS = 1_000_000
# A file or folder beyond this would take the service many seconds to read.
MAX_BYTES = 8_000_000
BREAK = "\n\n\n"


def own_songs(except_for: str = "") -> str:
    """Return the songs that the settings name, each once, at most `MAX_CHARACTERS` in all.

    Files that are gone or cannot be read, and what is larger than `MAX_BYTES`, are passed over.

    Args:
        except_for: Path of the song being written, whose saved text is no other song.
    """
    settings, _ = load_settings()
    return BREAK.join(_within_limit(_songs([*settings.recent, *settings.corpus], except_for)))


def _songs(paths: Iterable[str], except_for: str) -> Iterator[str]:
    seen: set[str] = set()
    excepted = os.path.realpath(except_for) if except_for else ""
    for path in paths:
        try:
            songs = read_corpus([path]).songs if _size(path) <= MAX_BYTES else ()
        except (LyricistError, OSError):
            continue
        for song in songs:
            # A folder of songs may hold the one that is open.
            if song.text not in seen and os.path.realpath(song.source) != excepted:
                seen.add(song.text)
                yield song.text


def _within_limit(songs: Iterable[str]) -> Iterator[str]:
    left = MAX_CHARACTERS
    for song in songs:
        if len(song) > left:
            return
        left -= len(song)
        yield song


def _size(path: str) -> int:
    """Bytes of a file, or of all files in a folder.

    Raises:
        OSError: If it is gone.
    """
    if not os.path.isdir(path):
        return os.path.getsize(path)
    files = (os.path.join(root, name) for root, _, names in os.walk(path) for name in names)
    return sum(os.path.getsize(file) for file in files if os.path.isfile(file))
