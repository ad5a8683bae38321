"""Files of any encoding to normalized songs, with a report of what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lyricist.errors import CorpusError
from lyricist.text.advice import TINY_CORPUS, advice_on
from lyricist.text.cleaning import AS_IT_IS, Cleaning, CleaningReport, cleaned
from lyricist.text.corpus_report import CorpusReport, report_on
from lyricist.text.decoding import decode
from lyricist.text.display import visible
from lyricist.text.songs import Song, songs_in
from lyricist.text.sources import SourceFile, source_files
from lyricist.text.vocabulary import Vocabulary

__all__ = ["TINY_CORPUS", "Cleaning", "Corpus", "CorpusReport", "Song", "read_corpus"]

_SHOWN_REMARKS = 3
_MEND = "give text files, folders or .zip archives of songs"


@dataclass(frozen=True)
class Corpus:
    """Songs and the report on them."""

    songs: tuple[Song, ...]
    report: CorpusReport


def read_corpus(
    paths: Sequence[Path | str],
    vocabulary: Vocabulary | None = None,
    cleaning: Cleaning = AS_IT_IS,
) -> Corpus:
    """Read the songs of files, folders and zip archives (`-`: standard input).

    A file that was named must be readable; one inside a folder or archive is skipped and reported.

    Args:
        paths: What to read, in this order.
        vocabulary: Whose unknown characters are to be counted.
        cleaning: What to leave out or convert; the files stay as they are.

    Raises:
        CorpusError: If something named cannot be read, or nothing usable is found.
    """
    reading = _read(paths)
    if not reading.songs:
        raise CorpusError(_nothing_found(paths, reading), _MEND)
    songs, done = cleaned(reading.songs, cleaning)
    if not songs:
        raise CorpusError(
            f"nothing is left of the songs: all {done.left_out:,} lines are credits, links, times "
            "or chords",
            "give songs with words, or leave cleaning off",
        )
    return Corpus(tuple(songs), _report(songs, vocabulary, reading, done))


def _read(paths: Sequence[Path | str]) -> _Reading:
    # In a function of its own, so that the bytes of the last file are not kept for longer.
    reading = _Reading()
    for source in source_files(paths):
        reading.add(source)
    return reading


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.songs: list[Song] = []
        self.files = 0
        self.duplicates = 0
        self.guessed: list[tuple[str, str]] = []
        self.skipped: list[tuple[str, str]] = []
        self._fingerprints: set[bytes] = set()

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
            song = Song(text, source.name)
            if song.fingerprint in self._fingerprints:
                self.duplicates += 1
            else:
                self._fingerprints.add(song.fingerprint)
                self.songs.append(song)

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


def _report(
    songs: Sequence[Song],
    vocabulary: Vocabulary | None,
    reading: _Reading,
    done: CleaningReport,
) -> CorpusReport:
    report = replace(
        report_on(songs, vocabulary),
        files=reading.files,
        duplicate_songs=reading.duplicates + done.duplicate_songs,
        guessed=tuple(reading.guessed),
        skipped=tuple(reading.skipped),
        cleaning=done,
    )
    return replace(report, warnings=tuple(advice_on(report) + _on_files(reading)))


def _on_files(reading: _Reading) -> list[str]:
    remarks = _some([f"{name}: encoding guessed as {enc}" for name, enc in reading.guessed])
    remarks += _some([f"{name}: skipped, {reason}" for name, reason in reading.skipped])
    return remarks


def _some(remarks: list[str]) -> list[str]:
    hidden = len(remarks) - _SHOWN_REMARKS
    return [*remarks[:_SHOWN_REMARKS], f"and {hidden:,} more such files"] if hidden > 0 else remarks
