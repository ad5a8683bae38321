"""Numbers as they are said in Chinese."""

import pytest

from lyricist.craft.numerals import chinese_numeral


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("0", "零"),
        ("7", "七"),
        ("10", "十"),
        ("12", "十二"),
        ("24", "二十四"),
        ("99", "九十九"),
        ("100", "一百"),
        ("101", "一百零一"),
        ("110", "一百一十"),
        ("112", "一百一十二"),
        ("520", "五百二十"),
        ("007", "零零七"),
        ("1997", "一九九七"),
        ("2024", "二零二四"),
        ("٣", "三"),
        ("２４", "二十四"),
    ],
)
def test_numerals(digits, said):
    assert chinese_numeral(digits) == said
