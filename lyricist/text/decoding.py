"""Bytes to text: byte-order mark, strict UTF-8, and only then a guess that says that it is one."""

from __future__ import annotations

import codecs
import re
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
# Whole files are looked through: an expression does that twenty times as fast as a loop.
_NOT_WESTERN = re.compile(
    "[{letters}]{{3}}|[^\\x00-\\x7f{letters}{signs}]".format(
        letters=re.escape("".join(sorted(WESTERN_LETTERS))),
        signs=re.escape("".join(sorted(WESTERN_SIGNS))),
    )
)
# Right readings of Chinese songs hold a fifth to a half of common characters, wrong ones a
# fiftieth; a title is too short to tell.
_COMMON_SHARE = 0.1
_SHORT = 24
# Short texts that read well either way are more often GB18030.
_GB_BONUS = 0.2
_EVERYDAY_SHARE = 0.2
_EVERYDAY_SIGNS = "\r\n\u3000，。、！？；：“”【】《》…"


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


class UnknownEncodingError(ValueError):
    """Bytes that may well be text, but in no encoding that holds for all of them."""


def decode(data: bytes) -> Decoded:
    """Return the text that `data` holds.

    Raises:
        UnknownEncodingError: If it is in no known encoding, or not in the one that it says.
        ValueError: If it is not text, with the reason.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ValueError(f"it is {kind}, not text")
    # Latin text in UTF-16 is every other byte a NUL, and valid UTF-8 all the same.
    if data.count(0) * 3 > len(data) and (wide := _unmarked_utf16(data)):
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
        raise UnknownEncodingError(
            f"its byte-order mark says {encoding}, but byte {error.start:,} is not"
        ) from error


def _controls(data: bytes) -> int:
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROLS))


def _guess(data: bytes) -> Decoded:
    wide = _unmarked_utf16(data)
    if wide:
        return wide
    if _controls(data) * 50 > min(len(data), _SAMPLE):
        raise ValueError("it is binary, not text")
    for guess in (_damaged_utf8, _chinese, _western, _detected):
        decoded = guess(data)
        if decoded:
            return decoded
    raise UnknownEncodingError("its encoding is unknown, save it as UTF-8")


def _unmarked_utf16(data: bytes) -> Decoded | None:
    """The right byte order yields printable text with many everyday characters, the wrong one
    rare characters."""
    best: tuple[float, str, str] = (_EVERYDAY_SHARE, "", "")
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        printable = sum(c.isprintable() or c.isspace() for c in sample)
        everyday = sum(c in COMMON_HAN or " " <= c <= "~" or c in _EVERYDAY_SIGNS for c in sample)
        if printable * 50 >= len(sample) * 49 and everyday > best[0] * len(sample):
            best = (everyday / len(sample), encoding, text)
    return Decoded(best[2], best[1], guessed=True) if best[1] else None


def _damaged_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with few broken bytes (a file cut inside a character) is still UTF-8."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = _beyond_ascii(text) - broken
    return Decoded(text, "utf-8", guessed=True) if whole >= 10 * broken else None


def _beyond_ascii(text: str) -> int:
    """How many characters are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _chinese(data: bytes) -> Decoded | None:
    """GB18030 and Big5 read each other's bytes as rare characters; common ones tell them apart."""
    best: tuple[float, str, str] = (0.0, "", "")
    for encoding, is_everyday in (("gb18030", _in_gb_level_1), ("big5hkscs", _in_big5_level_1)):
        text = data.decode(encoding, "replace")
        sample = [
            c for c in text[:_SAMPLE] if c > "\x7f" and unicodedata.category(c)[0] not in "PZ"
        ]
        if not sample or sample.count("\ufffd") * 50 > len(sample):
            continue
        common = sum(c in COMMON_HAN for c in sample) / len(sample)
        everyday = sum(map(is_everyday, sample)) / len(sample)
        short = len(sample) <= _SHORT and everyday >= 0.95
        score = common + everyday / 2 + (_GB_BONUS if encoding == "gb18030" else 0)
        if (common >= _COMMON_SHARE or short) and score > best[0]:
            best = (score, encoding, text)
    return Decoded(best[2], best[1], guessed=True) if best[1] else None


def _in_gb_level_1(character: str) -> bool:
    """Whether it is one of the 3,755 everyday characters of GB 2312."""
    return b"\xb0" <= character.encode("gb2312", "ignore") < b"\xd8"


def _in_big5_level_1(character: str) -> bool:
    """Whether it is one of the 5,401 everyday characters of Big5."""
    return b"\xa4" <= character.encode("big5", "ignore") < b"\xc7"


def _western(data: bytes) -> Decoded | None:
    """Latin letters with accents here and there; letters of other scripts come in long runs."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _NOT_WESTERN.search(text) else Decoded(text, "cp1252", guessed=True)


def _detected(data: bytes) -> Decoded | None:
    import charset_normalizer

    match = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if match is None:
        return None
    text = data.decode(match.encoding, "replace")
    damaged = text.count("\ufffd") * 50 > _beyond_ascii(text)
    return None if damaged else Decoded(text, match.encoding, guessed=True)
