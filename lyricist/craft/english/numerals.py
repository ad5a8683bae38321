"""Numerals as the words that are sung for them."""

from __future__ import annotations

import re

_SMALL_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS_NAMES = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL, _TENS = _SMALL_NAMES.split(), _TENS_NAMES.split()
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_NUMERAL = re.compile(r"'?([0-9]+)(st|nd|rd|th|'?s)?")
_SEPARATORS = re.compile(r"[/.,:-]")
_MAX_DIGITS = 40


def number_words(text: str) -> tuple[str, ...]:
    """Return the words for "7", "24/7", "1999", "2nd" or "'90s", () where `text` is no numeral.

    Up to 999 a number is counted, four digits are read as a year, more one by one.
    """
    words: list[str] = []
    for part in _SEPARATORS.split(text[:_MAX_DIGITS]):
        match = _NUMERAL.fullmatch(part)
        if not match or not part.isascii():
            return ()
        digits, ending = match.groups()
        words += _with_ending(_number(digits), ending or "")
    return tuple(words)


def _number(digits: str) -> list[str]:
    if len(digits) == 4 and digits[1:] != "000" and digits[0] != "0":
        if digits[1] == "0":
            return [_SMALL[int(digits[0])], "thousand", *_below_hundred(int(digits[2:]))]
        century = _below_hundred(int(digits[:2]))
        return century + (_below_hundred(int(digits[2:])) or ["hundred"])
    if len(digits) > 3 or (digits[0] == "0" and len(digits) > 1):
        return ["oh" if digit == "0" else _SMALL[int(digit)] for digit in digits]
    number = int(digits)
    if number == 0:
        return ["zero"]
    hundreds = [_SMALL[number // 100], "hundred"] if number >= 100 else []
    return hundreds + _below_hundred(number % 100)


def _below_hundred(number: int) -> list[str]:
    """Return nothing for zero."""
    if number < 20:
        return [_SMALL[number]] if number else []
    tens = [_TENS[number // 10]]
    return [*tens, _SMALL[number % 10]] if number % 10 else tens


def _with_ending(words: list[str], ending: str) -> list[str]:
    if not ending:
        return words
    last = words[-1]
    if ending.endswith("s") and ending != "st":
        changed = last[:-1] + "ies" if last.endswith("y") else last + "s"
    elif last.endswith("y"):
        changed = last[:-1] + "ieth"
    else:
        changed = _ORDINALS.get(last, last + "th")
    return [*words[:-1], changed]
