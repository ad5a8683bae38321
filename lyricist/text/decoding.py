"""Bytes to text: byte-order mark, strict UTF-8, and only then a guess that says that it is one."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

from lyricist.text.common_characters import COMMON_HAN, WESTERN_LETTERS, WESTERN_SIGNS

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BYTE_ORDER_MARKS = {encoding: mark for mark, encoding in _MARKS}

_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"{\\rtf", "a rich-text document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
# Tab, line feed, vertical tab, form feed, carriage return and escape occur in text files.
_CONTROLS = bytes(c for c in range(0x20) if c not in b"\t\n\v\f\r\x1b") + b"\x7f"
_SAMPLE = 1 << 16


@dataclass(frozen=True)
class Decoded:
    """A text and how it was read.

    encoding: a Python codec name, without the mark. bom: a byte-order mark was there (and is not
    part of `text`). guessed: the bytes do not prove the encoding, so the writer should be told.
    """

    text: str
    encoding: str
    bom: bool = False
    guessed: bool = False


def decode(data: bytes) -> Decoded:
    """Return the text that `data` holds.

    Raises:
        ValueError: If it is not text, with the reason.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ValueError(f"it is {kind}, not text")
    wide = _decode_unmarked_utf16(data)
    if wide:
        return wide
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data)
    controls = _controls(data)
    if controls > 3 and controls * 10 > min(len(data), _SAMPLE):
        raise ValueError("it is binary, not text")
    return Decoded(text, "utf-8")


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding, bom=True)
    except UnicodeDecodeError as error:
        if encoding == "utf-32-le":
            return _decode_marked(b"\0\0" + data, "utf-16-le")
        raise ValueError(
            f"its byte-order mark says {encoding}, but byte {error.start:,} is not"
        ) from error


def _controls(data: bytes) -> int:
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROLS))


def _decode_unmarked_utf16(data: bytes) -> Decoded | None:
    """Recognise UTF-16 by its NUL bytes: all in one half of the pairs, and text comes out."""
    if len(data) % 2 or b"\0" not in data:
        return None
    even, odd = data[::2].count(0), data[1::2].count(0)
    if min(even, odd) * 20 > max(even, odd):
        return None
    if (even + odd) * 4 < len(data) and _is_utf8(data):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    readable = sum(c.isprintable() or c in "\t\r\n\u3000\xa0" for c in sample)
    return Decoded(text, encoding, guessed=True) if readable * 50 >= len(sample) * 49 else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> Decoded:
    if b"\0" in data or _controls(data) * 50 > min(len(data), _SAMPLE):
        raise ValueError("it is binary, not text")
    for guess in (_damaged_utf8, _chinese, _western, _detected):
        decoded = guess(data)
        if decoded:
            return decoded
    raise ValueError("its encoding is unknown")


def _damaged_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with few broken bytes (a file cut inside a character) is still UTF-8."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(c > "\x7f" for c in text[:_SAMPLE]) - broken
    return Decoded(text, "utf-8", guessed=True) if whole >= 10 * broken else None


def _chinese(data: bytes) -> Decoded | None:
    """GB18030 and Big5 read each other's bytes as rare characters; common ones tell them apart."""
    best: tuple[float, str, str] | None = None
    for encoding in ("gb18030", "big5hkscs"):
        text = data.decode(encoding, "replace")
        sample = [c for c in text[:_SAMPLE] if c > "\x7f" and not _is_sign(c)]
        if not sample or sample.count("\ufffd") * 50 > len(sample):
            continue
        share = sum(c in COMMON_HAN for c in sample) / len(sample)
        if share >= 0.12 and (best is None or share > best[0]):
            best = (share, encoding, text)
    return Decoded(best[2], best[1], guessed=True) if best else None


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PZ"


def _western(data: bytes) -> Decoded | None:
    """Latin letters with a few accents among them and nothing else."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    high = [c for c in text if c > "\x7f"]
    letters = sum(c.isalpha() for c in text)
    accents = sum(c in WESTERN_LETTERS for c in high)
    if any(c not in WESTERN_LETTERS and c not in WESTERN_SIGNS for c in high):
        return None
    return Decoded(text, "cp1252", guessed=True) if accents * 3 <= letters else None


def _detected(data: bytes) -> Decoded | None:
    import charset_normalizer

    match = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if match is None:
        return None
    text = data.decode(match.encoding, "replace")
    damaged = text.count("\ufffd") * 50 > sum(c > "\x7f" for c in text)
    return None if damaged else Decoded(text, match.encoding, guessed=True)
