"""What of a text may be written to a terminal: control characters become visible symbols.

Stored text is never changed; only what is drawn or printed goes through here.
"""

from __future__ import annotations

_BIDI_CONTROLS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINE_SEPARATORS = (0x2028, 0x2029)

_SYMBOLS: dict[int, str] = {code: chr(0x2400 + code) for code in range(0x20)}
_SYMBOLS[0x7F] = "\u2421"
_SYMBOLS.update(dict.fromkeys(range(128, 160), "�"))
_SYMBOLS.update(dict.fromkeys(_BIDI_CONTROLS, "�"))
_SYMBOLS.update(dict.fromkeys(_LINE_SEPARATORS, "␤"))
# Lone surrogates cannot be encoded for a terminal at all.
_SYMBOLS.update(dict.fromkeys(range(55296, 57344), "�"))

_SYMBOLS_KEEPING_LINES = {
    code: symbol for code, symbol in _SYMBOLS.items() if code not in (0x09, 0x0A)
}


def visible(text: str) -> str:
    """Return `text` on one line with every control character drawn as a symbol.

    C0 controls become U+2400 and up, DEL U+2421, C1 controls, bidirectional overrides and lone
    surrogates U+FFFD. Every replacement is one code point and one cell wide, so positions hold.
    """
    return text.translate(_SYMBOLS)


def visible_lines(text: str) -> str:
    """Like `visible`, but tabs and line feeds stay."""
    return text.translate(_SYMBOLS_KEEPING_LINES)
