"""Numbers as they are said in Chinese: 7 is 七, 24 is 二十四, 1997 is 一九九七."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
# Years and longer numbers are said digit by digit.
_MOST_COUNTED = 3


def chinese_numeral(digits: str) -> str:
    """Return how a number is said, one Chinese character a syllable.

    Up to three digits are counted, longer ones are spelled out, as years and telephone numbers are.

    Args:
        digits: Decimal digits of any script.
    """
    values = [int(digit) for digit in digits]
    if len(values) > _MOST_COUNTED or (len(values) > 1 and values[0] == 0):
        return "".join(_DIGITS[value] for value in values)
    return _counted(values)


def _counted(values: list[int]) -> str:
    said = ""
    for place, value in zip(range(len(values) - 1, -1, -1), values, strict=True):
        if value:
            said += _DIGITS[value] + _UNITS[place]
        elif said and not said.endswith(_DIGITS[0]):
            said += _DIGITS[0]
    said = said.rstrip(_DIGITS[0]) or _DIGITS[0]
    # 12 is 十二, while 112 is 一百一十二.
    return said.removeprefix(_DIGITS[1]) if said.startswith("一十") else said
