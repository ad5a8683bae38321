"""Text from which the very bytes it was read from can be made again.

A byte that is no part of any character is one lone surrogate in the text (U+DC80 and up) and goes
back as that byte. In UTF-16 and UTF-32 lone surrogates are stored as what they are.
"""

from __future__ import annotations

from lyricist.text.decoding import BYTE_ORDER_MARKS, Decoded, UnknownEncodingError, decode

_FEW_BYTES = 3
_FEW_SHARE = 0.1
_STAND_INS = dict.fromkeys(range(0xD800, 0xE000))


def decode_exactly(data: bytes) -> Decoded:
    """Return the text that `data` holds, with stand-ins for a few bytes that are no text.

    Raises:
        ValueError: If it is not text, with the reason.
    """
    reason: ValueError | None = None
    readings: list[tuple[str, bool]] = []
    try:
        decoded = decode(data)
        if not decoded.guessed or _is_stored_as(decoded.text, decoded.encoding, data):
            return decoded
        readings.append((decoded.encoding, False))
    except UnknownEncodingError as error:
        reason = error
        marks = BYTE_ORDER_MARKS.items()
        readings += [(encoding, True) for encoding, mark in marks if data.startswith(mark)]
    if not any(marked for _, marked in readings):
        readings.append(("utf-8", False))
    for encoding, marked in readings:
        body = data[len(BYTE_ORDER_MARKS[encoding]) :] if marked else data
        text = _with_stand_ins(body, encoding)
        if text is not None:
            return Decoded(text, encoding, marked, guessed=True)
    raise reason or ValueError("its encoding is unknown, save it as UTF-8")


def encode_exactly(text: str, encoding: str) -> bytes:
    """Return `text` as bytes, stand-ins as the bytes that they stand for.

    Raises:
        UnicodeEncodeError: If the encoding lacks a character.
        LookupError: If there is no such encoding.
    """
    return text.encode(encoding, _handler(encoding))


def stand_ins(text: str) -> int:
    """Return how many characters of `text` stand for bytes that are no text."""
    return 0 if text.isascii() else len(text) - len(text.translate(_STAND_INS))


def _with_stand_ins(data: bytes, encoding: str) -> str | None:
    """Read `data`; None where too much of it is no text, or other bytes would come back."""
    try:
        text = data.decode(encoding, _handler(encoding))
    except UnicodeError:
        return None
    few = stand_ins(text) <= max(_FEW_BYTES, len(text) * _FEW_SHARE)
    return text if few and _is_stored_as(text, encoding, data) else None


def _is_stored_as(text: str, encoding: str, data: bytes) -> bool:
    try:
        return encode_exactly(text, encoding) == data
    except UnicodeError:
        return False


def _handler(encoding: str) -> str:
    wide = encoding.startswith(("utf-16", "utf-32"))
    return "surrogatepass" if wide else "surrogateescape"
