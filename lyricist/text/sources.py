"""The files behind a corpus: named files, folders and zip archives, as bytes within limits."""

from __future__ import annotations

import os
import stat
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lyricist.errors import CorpusError
from lyricist.text.archives import files_in, open_archive, open_member, read_some, why_not_read
from lyricist.text.display import visible
from lyricist.text.tilde import expanded

TEXT_SUFFIXES = (".txt", ".md", ".lrc", ".json", ".jsonl", ".lyrics")
ARCHIVE_SUFFIX = ".zip"
MAX_MEMBER_BYTES = 64_000_000
# What can be read within 1 GiB of memory, even where rare characters make each of a text take four
# bytes: nine times as much as the files.
MAX_TOTAL_BYTES = 110_000_000
MAX_RATIO = 200
# A hundred thousand songs with short names.
_MAX_DIRECTORY_BYTES = 8_000_000
_STDIN = "-"
_MEND = "give text files, folders or .zip archives of songs"
_LESS = "give fewer or smaller files"


class TooLargeError(ValueError):
    """A file beyond the limit."""


@dataclass(frozen=True)
class SourceFile:
    """One file of a corpus.

    name: how to show it (no control characters). suffix: its extension, lower case, with the dot.
    data: its bytes, None where it was skipped. reason: why. named: the writer asked for this very
    file, so that a failure is an error.
    """

    name: str
    suffix: str
    data: bytes | None = None
    reason: str = ""
    named: bool = False


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of `path`, never waiting on a pipe or device.

    Raises:
        OSError: If it is missing, unreadable or a folder.
        ValueError: If it is a special file or holds more than `max_bytes`.
    """
    with open_regular_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > max_bytes else file.read(size + 1)
        if len(data) > size:
            # It grows, or is one of those whose size is known to nobody.
            data += file.read(max_bytes)
    if size > max_bytes or len(data) > max_bytes:
        raise TooLargeError(f"it is larger than {max_bytes // 1_000_000:,} MB")
    return data


def open_regular_file(path: Path) -> BinaryIO:
    """Open `path` for reading, never waiting on a pipe or device.

    Raises:
        OSError: If it is missing, unreadable or a folder.
        ValueError: If it is a special file.
    """
    # Opening a device can act on it, so ask first.
    _check_regular(os.stat(path))
    file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115
    try:
        _check_regular(os.fstat(file.fileno()))
    except ValueError:
        file.close()
        raise
    return file


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise ValueError("it is a device, pipe or socket, not a file")


def source_files(paths: Sequence[Path | str]) -> Iterator[SourceFile]:
    """Yield the files of a corpus in a stable order; `-` is standard input.

    Folders are searched to any depth; hidden files and other extensions are passed over.

    Raises:
        CorpusError: If a named path is missing, unreadable, special or too large.
    """
    seen: set[str] = set()
    total = 0
    for given in paths:
        for source in _from_path(given):
            if source.name in seen:
                continue
            seen.add(source.name)
            total += len(source.data or b"")
            if total > MAX_TOTAL_BYTES:
                raise CorpusError(
                    f"the corpus is larger than {MAX_TOTAL_BYTES // 1_000_000:,} MB",
                    _LESS,
                )
            yield source


def _from_path(given: Path | str) -> Iterator[SourceFile]:
    if str(given) == _STDIN:
        yield SourceFile("standard input", ".txt", _read_stdin(), named=True)
        return
    path = expanded(given)
    name = visible(str(path))
    try:
        if path.is_dir():
            yield from _from_folder(path)
        elif path.suffix.lower() == ARCHIVE_SUFFIX:
            yield from _from_archive(path, name, named=True)
        else:
            data = read_regular_file(path, MAX_TOTAL_BYTES)
            yield SourceFile(name, path.suffix.lower(), data, named=True)
    except FileNotFoundError as error:
        raise CorpusError(f"{name} does not exist", "check the path") from error
    except (OSError, ValueError) as error:
        mend = _LESS if isinstance(error, TooLargeError) else _MEND
        raise CorpusError(f"{name} cannot be read: {_reason(error)}", mend) from error


def _read_stdin() -> bytes:
    data = sys.stdin.buffer.read(MAX_TOTAL_BYTES + 1)
    if len(data) > MAX_TOTAL_BYTES:
        cause = f"standard input is larger than {MAX_TOTAL_BYTES // 1_000_000:,} MB"
        raise CorpusError(cause, _LESS)
    return data


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _from_folder(folder: Path) -> Iterator[SourceFile]:
    os.scandir(folder).close()  # os.walk passes over a folder that it may not read
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for file in sorted(files):
            path = Path(root) / file
            suffix = path.suffix.lower()
            if file.startswith(".") or suffix not in (*TEXT_SUFFIXES, ARCHIVE_SUFFIX):
                continue
            name = visible(str(path))
            try:
                if suffix == ARCHIVE_SUFFIX:
                    yield from _from_archive(path, name, named=False)
                else:
                    yield SourceFile(name, suffix, read_regular_file(path, MAX_MEMBER_BYTES))
            except (OSError, ValueError) as error:
                yield SourceFile(name, suffix, reason=_reason(error))


def _from_archive(path: Path, name: str, named: bool) -> Iterator[SourceFile]:
    with open_regular_file(path) as file, open_archive(file, _MAX_DIRECTORY_BYTES) as archive:
        total = 0
        for member in sorted(files_in(archive), key=lambda m: m.filename):
            inner = Path(member.filename)
            suffix = inner.suffix.lower()
            hidden = any(part.startswith((".", "__MACOSX")) for part in inner.parts)
            if hidden or suffix not in TEXT_SUFFIXES:
                continue
            shown = f"{name}/{visible(member.filename)}"
            reason = why_not_read(member) or _refused(member, total)
            if reason:
                yield SourceFile(shown, suffix, reason=reason)
                continue
            try:
                with open_member(archive, member) as unpacked:
                    data = read_some(unpacked, MAX_MEMBER_BYTES + 1)
            except (OSError, ValueError) as error:
                yield SourceFile(shown, suffix, reason=visible(_reason(error)))
                continue
            total += len(data)
            yield SourceFile(shown, suffix, data)


def _refused(member: zipfile.ZipInfo, total: int) -> str:
    """Why a member is not unpacked; the sizes are those that zipfile holds it to."""
    if member.file_size > MAX_MEMBER_BYTES:
        return f"it is larger than {MAX_MEMBER_BYTES // 1_000_000} MB"
    if total + member.file_size > MAX_TOTAL_BYTES:
        return f"the archive holds more than {MAX_TOTAL_BYTES // 1_000_000} MB"
    if member.file_size > 1_000_000 and member.file_size > MAX_RATIO * member.compress_size:
        return "it is compressed beyond belief"
    return ""
