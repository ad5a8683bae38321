"""Lines in both languages: their units, their length, where they end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.craft.line import kind_of, sung_line


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("夜里的风把名字吹成雨", 10),
        ("The summer said it never meant to stay", 10),
        ("银行行长 7 点 baby", 8),
        ("还有24个梦想没说出去", 12),
        ("7 more days", 4),
        ("我在 1997 年", 7),
        ("我的 baby 你在哪里", 8),
        ("这朵花儿开了", 5),
        ("女儿回家", 4),
        ("夜裡的風把名字吹成雨", 10),
        ("我爱你 (oh yeah)", 3),
        ("（我爱你）", 3),
        ("no (no", 1),
        ("🌧️雨🌧️", 1),
        ("don't stop, stop", 3),
        ("———", 0),
        ("", 0),
    ],
)
def test_syllables(text, syllables):
    line = sung_line(text)
    assert line.syllables == syllables
    assert line.is_known


@pytest.mark.parametrize("text", ["Привет мой друг", "안녕 my love", "我们 ありがとう", "𠮷𪚥"])
def test_what_nobody_here_can_read_is_marked_and_not_counted(text):
    line = sung_line(text)
    assert not line.is_known
    assert any(not unit.is_known and unit.syllables == 0 for unit in line.units)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[Verse 1]", "heading"),
        ("【副歌】", "heading"),
        ("# Chorus", "heading"),
        ("# remember the bridge", "comment"),
        ("  #note", "comment"),
        ("   ", "blank"),
        ("", "blank"),
        ("【春天】", "lyric"),
        ("(oh)", "lyric"),
    ],
)
def test_kinds(text, kind):
    assert kind_of(text) == kind
    assert sung_line(text).kind == kind


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("我们在门口等着你", "等着你"),
        ("I left my coat on the stairs", "coat on the stairs"),
        ("我爱你 baby", "baby"),
        ("say 我爱你", "我爱你"),
        ("walk away (yeah)", "walk away"),
        ("走吧 Привет", ""),
        ("等你！？…", "等你"),
        ("line 7", "line 7"),
        ("第 7", "第 7"),
    ],
)
def test_endings(text, ending):
    line = sung_line(text)
    said = text[line.ending[0].start : line.ending[-1].end] if line.ending else ""
    assert said.endswith(ending) if ending else said == ""
    assert said.replace(" ", "")[-2:] == ending.replace(" ", "")[-2:]


def test_a_reading_that_was_picked_holds_for_its_place_alone():
    picked = sung_line("长长的路", {1: "zhang3"})
    readings = [unit.readings[0] for unit in picked.units]
    assert readings[1].initial == "zh" and readings[1].is_sure
    assert readings[0].initial == "ch"
    assert sung_line("长长的路").units[1].readings[0].initial == "ch"


def test_spans_are_code_points_of_the_line():
    line = sung_line("🌧 我 don't 知道")
    assert ["🌧 我 don't 知道"[u.start : u.end] for u in line.units] == ["我", "don't", "知", "道"]


def test_a_line_of_ten_thousand_characters_is_read_whole():
    assert sung_line("我们" * 5000).syllables == 10_000
    assert sung_line("la " * 3000).syllables == 3000


@given(st.text())
def test_any_text_can_be_read(text):
    for line in text.split("\n"):
        read = sung_line(line)
        assert read.syllables == sum(unit.syllables for unit in read.counted)
        ends = [unit.end for unit in read.units]
        assert ends == sorted(ends) and (not ends or ends[-1] <= len(line))
        assert all(unit.start < unit.end for unit in read.units)
