"""Zip archives from outside: looked at before they are opened, read within limits."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from typing import IO, BinaryIO

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\5\6"
_LOCATOR_MARK = b"PK\6\7"
_LOCATOR_BYTES = 20
_LONGEST_COMMENT = 65_535
# Stored and deflated; the other methods take as much memory as an archive asks for.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile lets through of what its parts complain about in damaged archives.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    LookupError,
    TypeError,
    OverflowError,
)


def open_archive(file: BinaryIO, most_directory_bytes: int) -> zipfile.ZipFile:
    """Open a zip archive; closing it leaves `file` open.

    Args:
        most_directory_bytes: The list of its members may be so long; it is held in memory.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is no zip archive, damaged, or lists too much.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_COMMENT - _END.size - _LOCATOR_BYTES))
    tail = file.read()
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) - place < _END.size:
        raise ValueError("it is not a readable zip archive")
    directory_bytes = _END.unpack_from(tail, place)[5]
    is_zip64 = tail[max(0, place - _LOCATOR_BYTES) : place].startswith(_LOCATOR_MARK)
    if is_zip64 or directory_bytes > most_directory_bytes:
        raise ValueError("it holds too many files")
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (*DAMAGED, ValueError) as error:
        raise ValueError("it is not a readable zip archive") from error


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the members that are no folders, in their order."""
    # `ZipInfo.is_dir` cannot be asked where a name is empty.
    return [member for member in archive.infolist() if not member.filename.endswith("/")]


def why_not_read(member: zipfile.ZipInfo) -> str:
    """Return why a member is never unpacked, empty if it may be."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it is a link or no file"
    if member.flag_bits & 1:
        return "it is locked with a password"
    if member.compress_type not in _METHODS:
        return "it is packed in an unusual way"
    return ""


def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member.

    Raises:
        ValueError: If it is damaged.
    """
    try:
        return archive.open(member)
    except (*DAMAGED, ValueError) as error:
        raise ValueError(f"it is damaged ({error})") from error


def read_some(file: IO[bytes], most: int) -> bytes:
    """Read up to `most` unpacked bytes.

    Raises:
        OSError: If the disk refuses.
        ValueError: If the archive is damaged there.
    """
    try:
        return file.read(most)
    except (*DAMAGED, ValueError) as error:
        raise ValueError(f"it is damaged ({error})") from error
