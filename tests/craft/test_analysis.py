"""What a song adds up to, and that long ones are bounded."""

from __future__ import annotations

import time

import pytest

from lyricist.craft.analysis import analysis
from lyricist.craft.modes import RhymeRules

RULES = RhymeRules()


def totals(*lines):
    return analysis(lines, RULES).totals


def test_lines_rhyme_within_their_section_only():
    song = analysis(["the night", "the light", "", "so bright", "a stone"], RULES)
    assert [section.scheme for section in song.sections] == ["AA", "AB"]
    assert [line.rhymes for s in song.sections for line in s.lines] == [True, True, False, False]
    assert song.totals.rhyming_line_share == 0.5


def test_to_repeat_a_word_is_not_to_rhyme():
    assert totals("in the night", "of the night").rhyming_lines == 0
    assert totals("in the night", "of the night", "light").rhyming_lines == 3


def test_syllables_inside_rhymes_are_as_many_as_agree():
    assert totals("看月光", "听雪亮").rhyming_syllables == 4
    assert totals("my emotion", "the ocean").rhyming_syllables == 4
    assert totals("a stone", "my emotion").rhyming_syllables == 0


def test_rhymes_within_lines_count_as_well():
    plain = totals("the old stone of light", "we go again tonight")
    inner = totals("the old night of light", "we go again tonight")
    assert inner.rhyming_syllables == plain.rhyming_syllables + 1


def test_tones_are_those_of_sure_syllables():
    found = totals("天空的海", "长")
    assert (found.level, found.oblique, found.neutral) == (2, 1, 1)
    assert found.level_share == pytest.approx(2 / 3)
    assert totals("no tones").level_share is None


def test_words_that_say_something_are_counted():
    found = totals("我们的月亮 the rain", "月亮在 rain and the Rain", "月亮")
    assert {(word.text, word.count) for word in found.words} == {("月亮", 3), ("rain", 3)}


def test_repeated_lines_and_doubts_are_listed():
    found = totals("再长", "привет brillig", "再长", "привет")
    assert found.repeated == 1
    assert [(line.text, line.count) for line in found.repeated_lines] == [("再长", 2)]
    assert [(word.text, word.count) for word in found.unknown] == [("привет", 2)]
    assert {(doubt.text, doubt.count) for doubt in found.unsure} == {("长", 2), ("brillig", 1)}


def test_an_ad_lib_is_no_part_of_the_length():
    line = analysis(["分开以后 (oh yeah)"], RULES).sections[0].lines[0]
    assert line.syllables == 4 and len(line.pattern) == 4


def test_nothing_sung_is_no_section():
    song = analysis(["[Chorus]", "", "# note"], RULES)
    assert song.sections == () and song.totals.lines == 0
    assert song.totals.rhyming_line_share == 0 and song.totals.rhyming_syllable_share == 0


def test_ten_thousand_lines_in_one_section_take_seconds():
    lines = [f"我数过第{n}盏路灯 the light of number {n % 97}" for n in range(10_000)]
    analysis(lines[:300], RULES)
    started = time.process_time()
    song = analysis(lines, RULES)
    assert len(song.sections[0].lines) == 10_000
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "piece", ["我爱你月亮", "the light ", "1 ", "привет ", "a-", "我,", "(", "😀"]
)
def test_a_line_of_ten_thousand_characters_takes_a_moment(piece):
    line = (piece * 10_000)[:10_000]
    started = time.process_time()
    assert analysis([line, line], RULES).totals.lines == 2
    assert time.process_time() - started < 5
