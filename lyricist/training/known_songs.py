"""Songs that a base model knows: what a fine-tuning replays, and what it must not forget."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lyricist.library.paths import songbook
from lyricist.text.corpus import Song, read_corpus
from lyricist.text.split import split_by_song
from lyricist.text.vocabulary import Vocabulary

# A base to which more of a song's characters are new was not trained on such songs.
_MOST_UNKNOWN = 0.02
# The last phase of the shipped bases held out as many of these songs.
_HELD_OUT = 0.05
_MAX_HELD_OUT_CHARACTERS = 15_000


@dataclass(frozen=True)
class KnownSongs:
    """Texts. training: to be replayed. held_out: to measure forgetting on."""

    training: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()


def known_songs(
    vocabulary: Vocabulary, language: str, own: Collection[str], paths: Sequence[str] = ()
) -> KnownSongs:
    """Return songs in characters that the base knows, without the writer's own.

    Args:
        vocabulary: Of the base.
        language: Of the base, `zh` or `en`: the shipped songbook to take where no path is given.
        own: Texts of the writer's songs, for training or held out.
        paths: Files, folders and archives in place of the songbook.

    Raises:
        CorpusError: If one of `paths` cannot be read.
    """
    wanted: Sequence[str | Path] = paths or [songbook() / language]
    if not paths and not (language and (songbook() / language).is_dir()):
        return KnownSongs()
    mine = set(own)
    songs = [
        song
        for song in read_corpus(wanted).songs
        if song.text not in mine and _is_known(song, vocabulary)
    ]
    training, held_out = split_by_song(songs, _HELD_OUT)
    measured, characters = [], 0
    for song in held_out:
        if characters < _MAX_HELD_OUT_CHARACTERS:
            measured.append(song.text)
            characters += len(song.text)
    return KnownSongs(tuple(song.text for song in training), tuple(measured))


def _is_known(song: Song, vocabulary: Vocabulary) -> bool:
    unknown = sum(character not in vocabulary for character in song.text)
    return unknown <= _MOST_UNKNOWN * len(song.text)
