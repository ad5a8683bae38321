"""Earlier versions of each song: whole texts, compressed, in a private folder for each document.

A version is one file: a line of JSON that says when and why it was kept, then the compressed text.
How many are kept is decided in `thinning`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import document_key, paths, private_folder
from lyricist.library.set_aside import set_aside
from lyricist.library.song_locks import UNTITLED
from lyricist.library.thinning import Kept, superfluous, superfluous_of_all
from lyricist.text.pieces import encoded_pieces
from lyricist.text.sources import read_regular_file

SAVED, MODEL, RESTORING, OPENED = "saved", "model", "restoring", "opened"
CAUSES = (SAVED, MODEL, RESTORING, OPENED)
MAX_CHARACTERS = 40_000_000
_FORMAT = 1
_MAX_HEADER = 65_536
_MAX_FILE_BYTES = 200_000_000
_SUFFIX = ".version"
_WHAT = "a version of a song"
# Looking through the versions of all songs takes a while where there are many.
_LOOK_AT_ALL_EVERY = 20


@dataclass(frozen=True)
class Version:
    """What is known of a version without reading its text.

    saved_at: seconds since 1970. cause: one of `CAUSES`. model: the model in use then; for the
    cause `model`, the one that was put in use. characters: length of the text. digest: of the text.
    """

    file: Path
    saved_at: float
    cause: str
    model: str
    characters: int
    digest: str


class VersionStore:
    """The versions of one document.

    Args:
        path: The document; None for one without a file.
        folder: Where the versions of all documents are; the platform's place if None.
        untitled: Name of the song without a file: another one in each window.
    """

    _since_looked_at_all = 0

    def __init__(
        self, path: Path | str | None, folder: Path | None = None, untitled: str = UNTITLED
    ) -> None:
        self._all = folder if folder is not None else paths().versions
        self.folder = self._all / (untitled if path is None else document_key(path))

    def keep(self, text: str, cause: str, model: str = "", now: float | None = None) -> bool:
        """Keep `text` as the newest version; False where the newest one is that text already.

        Raises:
            LyricistError: If the disk refuses or the text is too long.
        """
        if len(text) > MAX_CHARACTERS:
            raise LyricistError(
                f"no version is kept of a song of more than {MAX_CHARACTERS:,} characters",
                "split the song",
            )
        data, digest = _packed(text)
        newest = self._newest()
        if newest is not None and newest.digest == digest:
            return False
        now = time.time() if now is None else now
        header = {
            "format": _FORMAT,
            "saved_at": now,
            "cause": cause,
            "model": model,
            "characters": len(text),
            "digest": digest,
        }
        try:
            private_folder(self._all)
            private_folder(self.folder)
            file = self._new_file(digest)
            write_bytes(file, json.dumps(header).encode("ascii") + b"\n" + data)
        except OSError as error:
            raise LyricistError(
                f"this version of the song cannot be kept ({error.strerror or error})",
                "free some space; the song itself is not concerned",
            ) from error
        self._thin(now)
        return True

    def newest_first(self) -> list[Version]:
        """Return the versions, the newest first; damaged ones are set aside."""
        found = (self._read_header(file) for file in reversed(self._files()))
        return [version for version in found if version is not None]

    def text(self, version: Version) -> str:
        """Return the text of a version.

        Raises:
            LyricistError: If it is gone or damaged; a damaged one is set aside.
        """
        try:
            _, _, packed = read_regular_file(version.file, _MAX_FILE_BYTES).partition(b"\n")
            text = _unpacked(packed, version)
        except FileNotFoundError as error:
            raise LyricistError("this version is gone", "choose another one") from error
        except (OSError, ValueError, zlib.error) as error:
            set_aside(version.file, _WHAT)
            raise LyricistError("this version is damaged", "choose another one") from error
        return text

    def move_to(self, path: Path | str) -> None:
        """Give the versions to the document at `path`, beside those that it has.

        Raises:
            LyricistError: If the disk refuses.
        """
        target = VersionStore(path, self._all)
        if target.folder == self.folder or not self._files():
            return
        try:
            private_folder(target.folder)
            for file in self._files():
                os.replace(file, target.folder / file.name)
        except OSError as error:
            raise LyricistError(
                f"earlier versions of the song stay untitled ({error.strerror or error})",
                "free some space",
            ) from error

    def forget(self) -> None:
        """Delete all versions of the document."""
        with contextlib.suppress(OSError):
            shutil.rmtree(self.folder)

    def _files(self) -> Sequence[Path]:
        """Files of versions, the oldest first."""
        try:
            return sorted(self.folder.glob(f"*{_SUFFIX}"))
        except OSError:
            return []

    def _newest(self) -> Version | None:
        for file in reversed(self._files()):
            if (version := self._read_header(file)) is not None:
                return version
        return None

    def _new_file(self, digest: str) -> Path:
        """A name behind all others, also where the clock has been set back."""
        files = self._files()
        last = _number(files[-1]) if files else 0
        number = max(time.time_ns() // 1000, last + 1)
        return self.folder / f"{number:017d}-{digest[:8]}{_SUFFIX}"

    def _read_header(self, file: Path) -> Version | None:
        try:
            return _parse(file, _first_line(file))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            set_aside(file, _WHAT)
            return None

    def _thin(self, now: float) -> None:
        """Delete what is too much; where that fails, the next version tries again."""
        kept = [_kept(version.file, version.saved_at) for version in reversed(self.newest_first())]
        _delete(superfluous([one for one in kept if one is not None], now))
        VersionStore._since_looked_at_all -= 1
        if VersionStore._since_looked_at_all < 0:
            VersionStore._since_looked_at_all = _LOOK_AT_ALL_EVERY
            _delete(superfluous_of_all(_all_songs(self._all)))


def _all_songs(folder: Path) -> list[list[Kept]]:
    songs = []
    for song in folder.iterdir():
        files = sorted(song.glob(f"*{_SUFFIX}")) if song.is_dir() else []
        kept = (_kept(file, _number(file) / 1e6) for file in files)
        songs.append([one for one in kept if one is not None])
    return songs


def _kept(file: Path, saved_at: float) -> Kept | None:
    try:
        return Kept(file, saved_at, file.stat().st_size)
    except OSError:
        return None


def _delete(files: Sequence[Path]) -> None:
    for file in files:
        with contextlib.suppress(OSError):
            file.unlink()


def _number(file: Path) -> int:
    number = file.name.partition("-")[0]
    return int(number) if number.isdecimal() and len(number) == 17 else 0


def _packed(text: str) -> tuple[bytes, str]:
    """Return a text compressed, and its digest."""
    compressor, digest = zlib.compressobj(6), hashlib.sha256()
    pieces = []
    for piece in encoded_pieces(text):
        digest.update(piece)
        pieces.append(compressor.compress(piece))
    return b"".join([*pieces, compressor.flush()]), digest.hexdigest()


def _unpacked(packed: bytes, version: Version) -> str:
    """Return the text of a version.

    Raises:
        ValueError, zlib.error: If it is not what the header says.
    """
    decompressor = zlib.decompressobj()
    most = 4 * version.characters
    data = decompressor.decompress(packed, most + 1)
    if len(data) > most or not decompressor.eof:
        raise ValueError("text of another length")
    if hashlib.sha256(data).hexdigest() != version.digest:
        raise ValueError("another text")
    return data.decode("utf-8", "surrogatepass")


def _first_line(file: Path) -> bytes:
    """Return the header of a version's file, without reading a long text.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is a pipe or device, or has no header.
    """
    if not file.is_file():
        if not os.path.lexists(file):
            raise FileNotFoundError(file)
        raise ValueError("not a file")
    with open(file, "rb") as opened:
        line = opened.readline(_MAX_HEADER)
    if not line.endswith(b"\n"):
        raise ValueError("no header")
    return line


def _parse(file: Path, header: bytes) -> Version:
    """Check a header.

    Raises:
        ValueError, TypeError, KeyError: If it is none.
    """
    fields: dict[str, Any] = json.loads(header)
    version = Version(
        file,
        fields["saved_at"],
        fields["cause"],
        fields["model"],
        fields["characters"],
        fields["digest"],
    )
    if fields["format"] != _FORMAT or version.cause not in CAUSES:
        raise ValueError("a version of another format")
    if type(version.saved_at) not in (int, float) or not 0 <= version.saved_at < 1e11:
        raise ValueError("time of the wrong kind")
    if type(version.characters) is not int or not 0 <= version.characters <= MAX_CHARACTERS:
        raise ValueError("length of the wrong kind")
    if not isinstance(version.model, str) or not isinstance(version.digest, str):
        raise ValueError("model or digest of the wrong kind")
    return version
