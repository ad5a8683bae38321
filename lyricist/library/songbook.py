"""The songs that come with the package, as texts."""

from __future__ import annotations

from typing import Literal

from lyricist.library.paths import songbook

# To count the words of more would keep who looks up the first rhyme waiting for seconds.
_ENOUGH_TO_COUNT = 200


def songbook_texts(language: Literal["zh", "en"], at_most: int = _ENOUGH_TO_COUNT) -> list[str]:
    """Return packaged songs of a language, none where the songbook is not there.

    Args:
        language: Theirs.
        at_most: So many songs, taken evenly from the whole book.
    """
    files = sorted((songbook() / language).glob("*.txt"))
    step = max(1, -(-len(files) // at_most))
    return [file.read_text(encoding="utf-8") for file in files[::step]]
