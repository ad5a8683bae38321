"""Grades, rhymes of several syllables, and tonal patterns."""

from __future__ import annotations

import pytest

from lyricist.craft.mandarin.readings import read_line
from lyricist.craft.mandarin.rhyme import (
    rhyme_class,
    rhyme_grade,
    rhyme_length,
    rhyming_end,
    same_tone,
    tonal_pattern,
)


def _last(line):
    return rhyming_end(line, read_line(line))[-1]


def test_the_three_sounds_spelled_i_are_told_apart_by_the_new_rhymes():
    ji, shi, si = (_last(character) for character in "机诗思")
    assert [r.final for r in (ji, shi, si)] == ["i", "ir", "iz"]
    assert [rhyme_class(r, "new") for r in (ji, shi, si)] == ["齐", "支", "支"]
    assert rhyme_grade(ji, shi, "new") is None
    assert rhyme_grade(ji, shi, "new", loose=True) == "near"
    assert rhyme_grade(shi, si, "new") == "perfect"
    assert rhyme_grade(ji, shi) == "perfect"


def test_loose_rhymes_never_hide_a_perfect_one():
    assert rhyme_grade(_last("星"), _last("风"), loose=True) == "perfect"
    assert rhyme_grade(_last("风"), _last("風"), loose=True) == "same"


def test_tones_are_kept_apart_from_the_grade():
    assert rhyme_grade(_last("妈"), _last("骂")) == "perfect"
    assert not same_tone(_last("妈"), _last("骂"))
    assert same_tone(_last("花"), _last("家"))


@pytest.mark.parametrize(
    ("a", "b", "length"),
    [
        ("天", "海", 0),
        ("蓝天", "岸边", 2),
        ("夏天", "海边", 1),
        ("一片蓝天", "你在岸边", 2),
        ("月光", "学长", 2),
        ("红月光", "中学长", 3),
        ("唱红月光", "上中学长", 4),
        ("我唱红月光", "火上中学长", 4),
        ("花儿", "家", 1),
        ("红花儿", "中华", 2),
        ("月光，", "学长！", 2),
    ],
)
def test_a_rhyme_reaches_back_as_far_as_classes_agree(a, b, length):
    assert rhyme_length(read_line(a), read_line(b)) == length


def test_a_rhyme_is_counted_up_to_what_was_asked_for():
    a, b = read_line("我唱红月光"), read_line("火上中学长")
    assert rhyme_length(a, b, most=2) == 2
    assert rhyme_length(a, b, most=5) == 5
    assert rhyme_length((), b) == 0


def test_a_line_that_ends_in_latin_has_no_chinese_end():
    assert rhyming_end("爱 you", read_line("爱 you")) == ()
    assert [r.character for r in rhyming_end("say 爱你！", read_line("say 爱你！"))] == ["爱", "你"]


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ("春眠不觉晓", "平平仄平仄"),
        ("我们", "仄・"),
        ("花儿红", "平平"),
        ("爱 you，天", "仄平"),
        ("长", "?"),
    ],
)
def test_a_tonal_pattern_has_a_mark_for_each_syllable(line, pattern):
    assert tonal_pattern(read_line(line), line) == tonal_pattern(read_line(line)) == pattern


def test_a_character_nobody_knows_is_marked_where_the_line_is_given():
    line = "天\U0003134a"
    assert tonal_pattern(read_line(line), line) == "平?"
