"""Files of any encoding to normalized songs, with a report of what was found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lyricist.errors import CorpusError
from lyricist.text.decoding import decode
from lyricist.text.display import visible
from lyricist.text.songs import songs_in
from lyricist.text.sources import SourceFile, source_files
from lyricist.text.vocabulary import Vocabulary

TINY_CORPUS = 2000
_SHOWN_REMARKS = 3
_MEND = "give text files, folders or .zip archives of songs"


@dataclass(frozen=True)
class Song:
    """One song: NFC, LF, no blank lines around it, no line feed at the end.

    source: the file it came from, fit to be shown.
    """

    text: str
    source: str = ""


@dataclass(frozen=True)
class CorpusReport:
    """What a corpus holds.

    files: files read. songs: distinct songs. lines: lines that are not blank. characters: of all
    songs, line feeds included. unknowns: characters outside the vocabulary given. guessed: file
    and encoding. skipped: file and reason. sha256: of the songs. warnings: one-line remarks.
    """

    files: int
    songs: int
    duplicate_songs: int
    lines: int
    characters: int
    distinct_characters: int
    unknowns: int = 0
    guessed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    sha256: str = ""
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain fields for JSON."""
        return asdict(self) | {
            "guessed": [list(pair) for pair in self.guessed],
            "skipped": [list(pair) for pair in self.skipped],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class Corpus:
    """Songs and the report on them."""

    songs: tuple[Song, ...]
    report: CorpusReport


def read_corpus(paths: Sequence[Path | str], vocabulary: Vocabulary | None = None) -> Corpus:
    """Read the songs of files, folders and zip archives (`-`: standard input).

    A file that was named must be readable; one inside a folder or archive is skipped and reported.

    Args:
        paths: What to read, in this order.
        vocabulary: Whose unknown characters are to be counted.

    Raises:
        CorpusError: If something named cannot be read, or nothing usable is found.
    """
    reading = _Reading()
    for source in source_files(paths):
        reading.add(source)
    if not reading.songs:
        raise CorpusError(_nothing_found(paths, reading), _MEND)
    report = _report(reading, vocabulary)
    return Corpus(tuple(reading.songs), report)


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.songs: list[Song] = []
        self.files = 0
        self.duplicates = 0
        self.guessed: list[tuple[str, str]] = []
        self.skipped: list[tuple[str, str]] = []
        self._hashes: set[bytes] = set()

    def add(self, source: SourceFile) -> None:
        """Take in the songs of one file.

        Raises:
            CorpusError: If a named file holds no songs.
        """
        try:
            songs = self._songs(source)
        except ValueError as error:
            if source.named:
                raise CorpusError(f"{source.name} cannot be used: {error}", _MEND) from error
            self.skipped.append((source.name, str(error)))
            return
        self.files += 1
        for text in songs:
            # Songs that differ in spacing only are the same song.
            key = hashlib.sha256(" ".join(text.split()).encode()).digest()
            if key in self._hashes:
                self.duplicates += 1
            else:
                self._hashes.add(key)
                self.songs.append(Song(text, source.name))

    def _songs(self, source: SourceFile) -> list[str]:
        if source.data is None:
            raise ValueError(source.reason)
        decoded = decode(source.data)
        songs = songs_in(decoded.text, source.suffix)
        if not songs:
            raise ValueError("it is empty")
        if decoded.guessed:
            self.guessed.append((source.name, decoded.encoding))
        return songs


def _nothing_found(paths: Sequence[Path | str], reading: _Reading) -> str:
    names = ", ".join(visible(str(path)) for path in paths)
    cause = f"no songs found in {names}" if names else "no corpus given"
    if reading.skipped:
        name, reason = reading.skipped[0]
        more = f" and {len(reading.skipped) - 1:,} more" if len(reading.skipped) > 1 else ""
        cause += f" (skipped {name}: {reason}{more})"
    return cause


def _report(reading: _Reading, vocabulary: Vocabulary | None) -> CorpusReport:
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    lines = 0
    for song in reading.songs:
        counts.update(song.text)
        digest.update(song.text.encode() + b"\n\n\n")
        lines += sum(line != "" for line in song.text.split("\n"))
    ink = [character for character in counts if not character.isspace()]
    if len(ink) < 2:
        raise CorpusError(
            f"the corpus holds only one distinct character ({visible(''.join(ink))})",
            "give songs with words",
        )
    characters = counts.total()
    unknowns = 0
    if vocabulary is not None:
        unknowns = sum(n for character, n in counts.items() if character not in vocabulary)
    return CorpusReport(
        files=reading.files,
        songs=len(reading.songs),
        duplicate_songs=reading.duplicates,
        lines=lines,
        characters=characters,
        distinct_characters=len(counts),
        unknowns=unknowns,
        guessed=tuple(reading.guessed),
        skipped=tuple(reading.skipped),
        sha256=digest.hexdigest(),
        warnings=tuple(_warnings(reading, characters)),
    )


def _warnings(reading: _Reading, characters: int) -> list[str]:
    remarks = []
    if characters < TINY_CORPUS:
        remarks.append(
            f"the corpus is tiny ({characters:,} characters): expect it to be learned by heart"
        )
    remarks += _some([f"{name}: encoding guessed as {enc}" for name, enc in reading.guessed])
    remarks += _some([f"{name}: skipped, {reason}" for name, reason in reading.skipped])
    return remarks


def _some(remarks: list[str]) -> list[str]:
    hidden = len(remarks) - _SHOWN_REMARKS
    return [*remarks[:_SHOWN_REMARKS], f"and {hidden:,} more such files"] if hidden > 0 else remarks
