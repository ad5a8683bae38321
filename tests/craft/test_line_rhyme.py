"""Rhymes of whole lines: within a language, and across."""

import pytest

from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import line_rhyme, sounds_of


def rhyme(first, second, **rules):
    return line_rhyme(sung_line(first), sung_line(second), RhymeRules(**rules))


@pytest.mark.parametrize(
    ("first", "second", "grade", "syllables"),
    [
        ("夜里的风把名字吹成雨", "我们在门口等着你", "perfect", 1),
        ("站台的灯光", "海边的月亮", "perfect", 1),
        ("我的天堂", "你的海洋", "perfect", 1),
        ("我们的故乡", "我们的故乡", "same", 4),
        ("风里的飘摇", "风里的逍遥", "perfect", 4),
        ("walked away", "meant to stay", "perfect", 1),
        ("along the street", "of your feet", "perfect", 1),
        ("the same old song", "the same old song", "same", 1),
        ("you are the sky", "我的爱", "cross", 1),
        ("跟我走", "let it go", "cross", 1),
        ("banana 你", "我的 baby", "cross", 1),
    ],
)
def test_rhymes(first, second, grade, syllables):
    for one, other in ((first, second), (second, first)):
        found = rhyme(one, other)
        assert found is not None and found.grade == grade
        assert found.syllables >= syllables


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("我的爱", "我的心"),
        ("more", "car"),
        ("love", "move"),
        ("you are the sky", "我的心"),
        ("stay", "山"),
        ("", "雨"),
        ("Привет", "你"),
        ("🌧", "🌧"),
    ],
)
def test_no_rhymes(first, second):
    assert rhyme(first, second) is None


def test_the_systems_differ():
    assert rhyme("一首诗", "飞机").grade == "perfect"
    assert rhyme("一首诗", "飞机", system="new") is None
    assert rhyme("一首诗", "飞机", system="new", loose=True).grade == "near"


def test_loose_rhymes_are_near_ones():
    assert rhyme("我的心", "天上的星") is None
    assert rhyme("我的心", "天上的星", loose=True).grade == "near"


def test_doubt_about_a_reading_is_told():
    assert rhyme("walked away", "frobay").is_sure is False
    assert rhyme("walked away", "stay").is_sure


def test_traditional_characters_rhyme_like_simplified_ones():
    assert rhyme("冷冷的風", "黑暗的夜空").grade == "perfect"


def test_a_sound_tells_lines_of_both_languages_together():
    assert set(sounds_of(sung_line("my sky").ending)) & set(sounds_of(sung_line("我的爱").ending))
    assert sounds_of(sung_line("???").ending) == ()
