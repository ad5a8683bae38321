"""Songs that a base model knows: what a fine-tuning replays, and what it must not forget."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lyricist.library.paths import held_out_songs, songbook
from lyricist.text.corpus import Song, read_corpus
from lyricist.text.split import split_by_song
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.candidates import first_songs

# A base to which more of a song's characters are new was not trained on such songs.
_MOST_UNKNOWN = 0.02
# Of the songs that are named: how many are not replayed.
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
        language: Of the base, `zh` or `en`: where no path is given, the shipped songs to take,
            and to measure on those that no shipped model was trained on.
        own: Texts of the writer's songs, for training or held out.
        paths: Files, folders and archives in place of the songbook.

    Raises:
        CorpusError: If one of `paths` cannot be read.
    """
    training = _shipped(songbook(), language)
    held_out = _shipped(held_out_songs(), language)
    if paths:
        training, held_out = split_by_song(read_corpus(paths).songs, _HELD_OUT)
    mine = set(own)
    learnt, measured = (
        [song.text for song in part if song.text not in mine and _is_known(song, vocabulary)]
        for part in (training, held_out)
    )
    return KnownSongs(tuple(learnt), tuple(first_songs(measured, _MAX_HELD_OUT_CHARACTERS)))


def _shipped(folder: Path, language: str) -> list[Song]:
    if not (language and (folder / language).is_dir()):
        return []
    return list(read_corpus([folder / language]).songs)


def _is_known(song: Song, vocabulary: Vocabulary) -> bool:
    unknown = sum(character not in vocabulary for character in song.text)
    return unknown <= _MOST_UNKNOWN * len(song.text)
