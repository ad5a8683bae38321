"""Simplified and traditional: which is which, and from one to the other."""

import sys
from collections import Counter

import pytest

from lyricist.errors import CorpusError
from lyricist.text import script
from lyricist.text.script import ScriptMix, converted, script_mix

SIMPLIFIED = "这里的风还在说话\n爱与梦都过去了\n皇后"
TRADITIONAL = "這裡的風還在說話\n愛與夢都過去了\n皇后"


def mix_of(text):
    return script_mix(Counter(text))


def test_either_script_is_converted_into_the_other():
    assert converted(TRADITIONAL, "simplified") == SIMPLIFIED
    assert converted(SIMPLIFIED, "traditional") == TRADITIONAL
    assert converted(TRADITIONAL, "keep") == TRADITIONAL


def test_words_are_converted_as_words():
    assert (
        converted("头发 发现 干杯 干净 皇后 以后", "traditional") == "頭髮 發現 乾杯 乾淨 皇后 以後"
    )


def test_text_that_is_not_chinese_stays_as_it_is():
    text = "[Verse 1]\n the  rain — café 😀\n\n"
    assert converted(text, "simplified") == converted(text, "traditional") == text


def test_only_characters_that_one_script_alone_has_are_counted():
    simplified, traditional = mix_of(SIMPLIFIED), mix_of(TRADITIONAL)
    assert simplified.traditional == 0 and simplified.simplified >= 8
    assert traditional.simplified == 0 and traditional.traditional >= 8
    # Written alike in both.
    assert mix_of("皇后在台北看云，山里的人想你") == ScriptMix(0, 0)
    assert mix_of("the rain") == ScriptMix(0, 0)


def test_a_few_strays_are_no_mix():
    assert not mix_of(SIMPLIFIED * 100 + "愛").is_mixed
    assert mix_of(SIMPLIFIED * 10 + TRADITIONAL * 2).is_mixed
    assert mix_of(SIMPLIFIED * 10 + TRADITIONAL * 2).prevailing == "simplified"
    assert mix_of(TRADITIONAL).prevailing == "traditional"
    assert ScriptMix().prevailing == ""


def test_without_opencc_there_is_one_line_that_says_so(monkeypatch):
    script._converter.cache_clear()
    monkeypatch.setitem(sys.modules, "opencc", None)
    with pytest.raises(CorpusError, match="OpenCC") as caught:
        converted("爱", "traditional")
    assert "pip install" in caught.value.mend
    script._converter.cache_clear()
