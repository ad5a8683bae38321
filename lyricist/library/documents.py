"""Songs as files: opened with their encoding and line ends, saved back with the same ones."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from lyricist.errors import DocumentError
from lyricist.library.atomic import remove_leftovers
from lyricist.library.in_place import finish_write, write_anyhow
from lyricist.text.decoding import BYTE_ORDER_MARKS
from lyricist.text.display import visible
from lyricist.text.exact import decode_exactly, encode_exactly
from lyricist.text.line_ends import dominant_line_end, split_line_ends, with_line_ends
from lyricist.text.sources import read_regular_file

# Beyond these, the screen could not follow every key and every change of its size at once.
MAX_DOCUMENT_BYTES = 1_000_000
MAX_LINE_CHARACTERS = 250_000
# What a text may grow to by pasting: as any encoding it can be opened again.
MAX_TEXT_CHARACTERS = 300_000
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
    """A document as its file is.

    text: with LF line ends only. original: the file's bytes. ends: the line end of each line but
    the last, where they are not all the one of the format.
    """

    text: str
    format: FileFormat
    original: bytes
    path: Path
    ends: tuple[str, ...] = ()


def open_document(path: Path) -> OpenedDocument:
    """Read a song.

    Only CR, LF and CRLF end lines; every other character stays as it is. A few bytes that are no
    text are there as stand-ins (see `lyricist.text.exact`).

    Raises:
        DocumentError: If it is missing, a folder, a device or pipe, unreadable, larger than
            `MAX_DOCUMENT_BYTES`, not text, or has a line beyond `MAX_LINE_CHARACTERS`.
    """
    shown = visible(str(path))
    # Where that fails, the file is opened as it is.
    with contextlib.suppress(OSError, ValueError):
        finish_write(path)
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
        document = document_of(original, path)
    except ValueError as error:
        raise DocumentError(f"{shown} cannot be opened: {error}", "open a text file") from error
    _check_lines(document.text, shown)
    return document


def _check_lines(text: str, shown: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE_CHARACTERS:
            raise DocumentError(
                f"{shown} cannot be opened: line {number:,} has {len(line):,} characters",
                f"break it into lines of at most {MAX_LINE_CHARACTERS:,}",
            )


def save_document(
    path: Path,
    text: str,
    format: FileFormat = FileFormat(),
    opened: OpenedDocument | None = None,
) -> OpenedDocument:
    """Write a song so that the file is old or new at every moment, and return what it now is.

    Args:
        path: Where to; a symbolic link is followed.
        text: With LF line ends.
        format: How to store it.
        opened: The document that `text` was made from; what has not changed keeps its very bytes.

    Raises:
        DocumentError: If it cannot be written, or the encoding lacks a character of `text`.
    """
    shown = visible(str(path))
    saved = _stored(path, text, format, opened, shown)
    try:
        _check_target(path, shown)
        write_anyhow(path, saved.original)
    except (OSError, ValueError) as error:
        raise _not_saved(error, shown) from error
    remove_leftovers(Path(os.path.realpath(path)).parent)
    return saved


def document_of(data: bytes, path: Path) -> OpenedDocument:
    """Return the document that a file at `path` with these bytes is.

    Raises:
        ValueError: If it is not text, with the reason.
    """
    decoded = decode_exactly(data)
    text, ends = split_line_ends(decoded.text)
    newline = dominant_line_end(ends)
    layout = FileFormat(decoded.encoding, decoded.bom, newline, decoded.guessed)
    return OpenedDocument(text, layout, data, path, _if_mixed(ends, newline))


def _stored(
    path: Path, text: str, layout: FileFormat, opened: OpenedDocument | None, shown: str
) -> OpenedDocument:
    if opened is not None and opened.text == text and opened.format == layout:
        return OpenedDocument(text, layout, opened.original, path, opened.ends)
    ends: tuple[str, ...] = ()
    if opened is not None and opened.ends:
        ended = with_line_ends(text, opened.text, opened.ends)
        ends = _if_mixed(split_line_ends(ended)[1], layout.newline)
    else:
        ended = text if layout.newline == "\n" else text.replace("\n", layout.newline)
    return OpenedDocument(text, layout, _encode(ended, layout, shown), path, ends)


def _if_mixed(ends: tuple[str, ...], newline: str) -> tuple[str, ...]:
    return () if ends.count(newline) == len(ends) else ends


def _encode(text: str, layout: FileFormat, shown: str) -> bytes:
    try:
        data = encode_exactly(text, layout.encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
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
