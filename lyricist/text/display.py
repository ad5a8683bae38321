"""What of a text may be written to a terminal: what acts, hides or reorders becomes a symbol.

Stored text is never changed; only what is drawn or printed goes through here.
"""

from __future__ import annotations

import functools
import re
import unicodedata

# What Unicode calls default ignorable: nothing is drawn for it.
_IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200D),
    (0x2060, 0x2065),
    (0x206A, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_ANNOTATIONS = ((0xFFF9, 0xFFFB),)
_BIDI_CONTROLS = (
    (0x061C, 0x061C),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2066, 0x2069),
)
_LINE_SEPARATORS = ((0x2028, 0x2029),)
# Surrogates cannot be encoded for a terminal at all; the others are no characters.
_NO_CHARACTERS = (
    (0xD800, 0xDFFF),
    (0xFDD0, 0xFDEF),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)
# Scripts whose letters join by joiners, and scripts whose letters have variants of their own.
_JOINING = ((0x0600, 0x109F), (0x1780, 0x18AF), (0x1A20, 0x1CFF), (0xA800, 0xABFF))
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_MONGOLIAN = ((0x1800, 0x18AF),)
# Among these are all marks that pile up on a letter.
_MARKS = (
    "\u0300-\u1cff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff"
)
_MOST_MARKS = 10

_UNSEEN, _STRANGE, _LINE_END = "\u25cc", "\ufffd", "\u2424"
_ZWNJ, _ZWJ, _FLAG, _LAST_TAG = 0x200C, 0x200D, 0x1F3F4, 0xE007F


def visible(text: str) -> str:
    """Return `text` on one line with everything that acts or hides drawn as a symbol.

    C0 controls become U+2400 and up, DEL U+2421, C1 controls, bidirectional controls, lone
    surrogates and what is no character U+FFFD, and what has no looks of its own U+25CC (zero-width
    spaces, soft hyphens, fillers, tags, variation selectors). Joiners, selectors and tags stay
    where they make an emoji or a letter what it is, and ten marks stay on one letter. Every
    replacement is one code point and one cell wide, so positions hold.
    """
    return _drawn(text, "\x00-\x1f")


def visible_lines(text: str) -> str:
    """Like `visible`, but tabs and line feeds stay."""
    return _drawn(text, "\x00-\x08\x0b-\x1f")


def _drawn(text: str, low_controls: str) -> str:
    # Nearly every line is known at once to need nothing.
    if text.isprintable() and (text.isascii() or not _suspect().search(text)):
        return text
    drawn = _special(low_controls).sub(_as_symbols, text)
    return drawn if drawn.isascii() else _towers().sub(_without_tower, drawn)


@functools.cache
def _suspect() -> re.Pattern[str]:
    """Of what is printable: marks, and what is nothing by itself."""
    return re.compile(f"[{_MARKS}\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


@functools.cache
def _special(low_controls: str) -> re.Pattern[str]:
    """Runs of what may have to be replaced. Its first character is sought far faster if it is
    written apart."""
    ranges = (
        (0x7F, 0x9F),
        *_IGNORABLE,
        *_ANNOTATIONS,
        *_BIDI_CONTROLS,
        *_LINE_SEPARATORS,
        *_NO_CHARACTERS,
    )
    inner = "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)
    return re.compile(f"[{low_controls}{inner}][{low_controls}{inner}]*")


@functools.cache
def _towers() -> re.Pattern[str]:
    """Runs that are long enough to hold more marks on one letter than may be."""
    return re.compile(f"[{_MARKS}][{_MARKS}]{{{_MOST_MARKS},}}")


def _as_symbols(match: re.Match[str]) -> str:
    text, start = match.string, match.start()
    return "".join(
        character if _belongs(text, start + i) else _SYMBOLS[ord(character)]
        for i, character in enumerate(match[0])
    )


def _without_tower(match: re.Match[str]) -> str:
    """No more than ten marks in a row: a terminal draws a tower of them over other lines."""
    marks, shown = 0, []
    for character in match[0]:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        shown.append(_UNSEEN if marks > _MOST_MARKS else character)
    return "".join(shown)


def _belongs(text: str, at: int) -> bool:
    """Whether a character that is not seen makes its neighbours what they are."""
    code = ord(text[at])
    before = text[at - 1] if at else ""
    if not before:
        return False
    if code == _ZWJ and _is_pictorial(text, at - 1):
        return text[at + 1 : at + 2] != "" and unicodedata.category(text[at + 1]) == "So"
    if code in (_ZWNJ, _ZWJ):
        return _within(ord(before), _JOINING) and unicodedata.category(before)[0] in "LM"
    if 0xFE00 <= code <= 0xFE0F:
        return unicodedata.category(before) in _VARIED or _within(ord(before), _HAN)
    if 0xE0100 <= code <= 0xE01EF:
        return _within(ord(before), _HAN)
    if 0x180B <= code <= 0x180F:
        return _within(ord(before), _MONGOLIAN) and not 0x180B <= ord(before) <= 0x180F
    return 0xE0020 <= code <= _LAST_TAG and _is_in_flag(text, at)


# Categories of signs that have a coloured and a plain form.
_VARIED = ("So", "Sm", "Sk", "Po", "Nd")


def _is_pictorial(text: str, at: int) -> bool:
    """Whether an emoji ends at a place."""
    return unicodedata.category(text[at]) in ("So", "Sk") or (
        text[at] == "\ufe0f" and at > 0 and unicodedata.category(text[at - 1]) == "So"
    )


def _is_in_flag(text: str, at: int) -> bool:
    """Whether a tag is part of a flag: a black flag, a few letters as tags, the last tag."""
    start = text.rfind(chr(_FLAG), max(0, at - 7), at)
    end = text.find(chr(_LAST_TAG), at, at + 7)
    if start < 0 or end < 0 or end - start > 7:
        return False
    return all(0xE0061 <= ord(tag) <= 0xE007A for tag in text[start + 1 : end])


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


class _Symbols(dict[int, str]):
    """The symbol of a code point that is replaced."""

    def __missing__(self, code: int) -> str:
        if code < 0x20:
            symbol = chr(0x2400 + code)
        elif code == 0x7F:
            symbol = "\u2421"
        elif _within(code, _LINE_SEPARATORS):
            symbol = _LINE_END
        elif _within(code, (*_IGNORABLE, *_ANNOTATIONS)):
            symbol = _UNSEEN
        else:
            symbol = _STRANGE
        self[code] = symbol
        return symbol


_SYMBOLS = _Symbols()
