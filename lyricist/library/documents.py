"""Songs as files: opened with their encoding and line ends, saved back with the same ones."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from lyricist.errors import DocumentError
from lyricist.library.atomic import write_bytes
from lyricist.text.decoding import BYTE_ORDER_MARKS, decode
from lyricist.text.display import visible
from lyricist.text.sources import read_regular_file

MAX_DOCUMENT_BYTES = 20_000_000
_STILL_OPEN = "your text is still open"


@dataclass(frozen=True)
class FileFormat:
    """How a document's text is stored.

    encoding: a Python codec name. bom: it begins with a byte-order mark. newline: the line end,
    the most frequent one of a mixed file. guessed: the encoding is a guess.
    """

    encoding: str = "utf-8"
    bom: bool = False
    newline: str = "\n"
    guessed: bool = False


@dataclass(frozen=True)
class OpenedDocument:
    """A document as it was opened: `text` has LF line ends only, `original` is the file's bytes."""

    text: str
    format: FileFormat
    original: bytes
    path: Path


def open_document(path: Path) -> OpenedDocument:
    """Read a song.

    Only CR, LF and CRLF end lines; every other character stays as it is.

    Raises:
        DocumentError: If it is missing, a folder, a device or pipe, unreadable, larger than
            `MAX_DOCUMENT_BYTES` or not text.
    """
    shown = visible(str(path))
    try:
        original = read_regular_file(path, MAX_DOCUMENT_BYTES)
    except FileNotFoundError as error:
        raise DocumentError(f"{shown} does not exist", "check the path") from error
    except IsADirectoryError as error:
        raise DocumentError(f"{shown} is a folder", "open a text file in it") from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise DocumentError(f"{shown} cannot be opened: {reason}", "open a text file") from error
    try:
        decoded = decode(original)
    except ValueError as error:
        raise DocumentError(f"{shown} cannot be opened: {error}", "open a text file") from error
    newline = _dominant_line_end(decoded.text)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    layout = FileFormat(decoded.encoding, decoded.bom, newline, decoded.guessed)
    return OpenedDocument(text, layout, original, path)


def save_document(
    path: Path,
    text: str,
    format: FileFormat = FileFormat(),
    unchanged_from: OpenedDocument | None = None,
) -> None:
    """Write a song so that the file is old or new at every moment.

    Args:
        path: Where to; a symbolic link is followed.
        text: With LF line ends.
        format: How to store it.
        unchanged_from: The document as opened; if its text still is `text`, its very bytes are
            written.

    Raises:
        DocumentError: If it cannot be written, or the encoding lacks a character of `text`.
    """
    shown = visible(str(path))
    if unchanged_from is not None and unchanged_from.text == text:
        data = unchanged_from.original
    else:
        data = _encode(text, format, shown)
    try:
        _check_target(path, shown)
        write_bytes(path, data)
    except (OSError, ValueError) as error:
        raise _not_saved(error, shown) from error


def _dominant_line_end(text: str) -> str:
    both = text.count("\r\n")
    counts = {"\n": text.count("\n") - both, "\r\n": both, "\r": text.count("\r") - both}
    return max(counts, key=lambda newline: counts[newline])


def _encode(text: str, layout: FileFormat, shown: str) -> bytes:
    stored = text if layout.newline == "\n" else text.replace("\n", layout.newline)
    try:
        data = stored.encode(layout.encoding)
    except UnicodeEncodeError as error:
        character = stored[error.start]
        lone = 0xD800 <= ord(character) < 0xE000
        raise DocumentError(
            f"{shown} is stored as {layout.encoding}, which has no "
            f"`{visible(character)}` (U+{ord(character):04X})",
            "delete that character" if lone else "save it as UTF-8",
        ) from error
    except LookupError as error:
        raise DocumentError(
            f"the encoding {visible(layout.encoding)} is unknown", "save it as UTF-8"
        ) from error
    return BYTE_ORDER_MARKS.get(layout.encoding, b"") + data if layout.bom else data


def _check_target(path: Path, shown: str) -> None:
    """Replacing a file ignores what the file itself forbids, so look first."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(status.st_mode):
        raise DocumentError(f"{shown} is a folder", "give the name of a file")
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(f"{shown} is a device or pipe", "save under another name")
    if not os.access(path, os.W_OK):
        raise DocumentError(f"{shown} is write-protected", "save under another name")


def _not_saved(error: OSError | ValueError, shown: str) -> DocumentError:
    code = error.errno if isinstance(error, OSError) else None
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        mend = "free some space or save elsewhere"
    elif code in (errno.ENOENT, errno.ENOTDIR):
        reason, mend = "its folder does not exist", "save into another folder"
    elif code in (errno.EACCES, errno.EPERM, errno.EROFS):
        mend = "save into a folder that you can write to"
    else:
        mend = "save under another name"
    return DocumentError(f"{shown} is not saved ({reason})", f"{mend}; {_STILL_OPEN}")
