"""The songs that come with the package, as texts."""

from __future__ import annotations

from typing import Literal

from lyricist.library.paths import songbook


def songbook_texts(language: Literal["zh", "en"]) -> list[str]:
    """Return the packaged songs of a language, none where the songbook is not there."""
    files = sorted((songbook() / language).glob("*.txt"))
    return [file.read_text(encoding="utf-8") for file in files]
