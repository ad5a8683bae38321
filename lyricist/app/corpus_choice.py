"""The songs that the writer can choose to train on without looking for files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lyricist.library.models import model_for_text
from lyricist.library.paths import songbook
from lyricist.text.tilde import expanded

_LANGUAGES = {"zh": "Chinese", "en": "English"}


@dataclass(frozen=True)
class SongSource:
    """One entry of the list of songs: what it is called, and its paths."""

    label: str
    paths: tuple[str, ...]
    name: str = ""


def from_path(text: str) -> SongSource:
    """Return the source for a file, folder or archive that the writer named."""
    # Where there is no such user, the reading will say that the path does not exist.
    path = expanded(text.strip())
    path = path.absolute()
    return SongSource(str(path), (str(path),))


def saved_songs(recent: Sequence[str]) -> SongSource | None:
    """Return the writer's saved songs, those of the recent documents that still exist."""
    paths = tuple(path for path in recent if _is_file(path))
    if not paths:
        return None
    return SongSource(f"all my saved songs ({len(paths)})", paths, name="my-songs")


def written_by_the_writer(corpus: Sequence[str]) -> list[str]:
    """Return the files and folders of a corpus that lyricist did not bring along."""
    shipped = songbook().resolve()
    return [path for path in corpus if shipped not in (Path(path).resolve() / "_").parents]


def songbooks() -> list[SongSource]:
    """Return the songs that come with lyricist, by language."""
    return [
        SongSource(f"the songbook ({language})", (str(songbook() / code),), f"songbook-{code}")
        for code, language in _LANGUAGES.items()
        if (songbook() / code).is_dir()
    ]


def first_choice(recent: Sequence[str], text: str) -> SongSource | None:
    """Return what to train on unless the writer says otherwise: the saved songs, or else the
    songbook in the language of the song in the editor."""
    books = {source.name: source for source in songbooks()}
    return saved_songs(recent) or books.get(f"songbook-{model_for_text(text)}")


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
