"""Runs as in the training text: from which length on, whatever stands between."""

import random

import pytest

from lyricist.network.training_index import TrainingIndex
from lyricist.network.verbatim import Limits, verbatim_spans
from lyricist.text.passages import Length

POEM = "明月几时有，把酒问青天。\n不知天上宫阙，今夕是何年。\n我欲乘风归去，又恐琼楼玉宇。"
SONG = "I wandered lonely as a cloud\nThat floats on high o'er vales and hills,\nWhen all at once"
MIXED = "今夜的月光 falling down 落在我的 window again"
INDEX = TrainingIndex.of([POEM, SONG, MIXED])
LIMITS = Limits()


def found(text, limits=LIMITS):
    return [(text[s.start : s.end], s.length) for s in verbatim_spans(text, INDEX, limits)]


@pytest.mark.parametrize(("count", "expected"), [(11, []), (12, [12]), (13, [13])])
def test_twelve_characters_are_a_run_and_eleven_are_none(count, expected):
    copied = POEM.replace("，", "").replace("。", "").replace("\n", "")[:count]
    assert [length.characters for _, length in found(f"没写过{copied}也没写")] == expected


@pytest.mark.parametrize(("count", "expected"), [(5, []), (6, [6]), (9, [9])])
def test_six_words_are_a_run_and_five_are_none(count, expected):
    copied = " ".join(SONG.split()[:count])
    assert [length.words for _, length in found(f"nobody sang {copied} yesterday")] == expected


def test_a_changed_comma_a_line_end_and_case_hide_nothing():
    assert found("明月几时有把酒\n\n问青天！不知 天上") == [
        ("明月几时有把酒\n\n问青天！不知 天上", Length(14, 0))
    ]
    assert found("LONELY, as a cloud that floats -- on HIGH, oer") == [
        ("LONELY, as a cloud that floats -- on HIGH, oer", Length(0, 9))
    ]


def test_one_other_word_in_the_middle_ends_a_run():
    assert found("lonely as a cloud that shines on high o'er vales") == []
    assert found("明月几时有，把酒对青天。不知天上") == []


def test_lines_that_mix_both_are_measured_in_both():
    assert found(f"说 {MIXED} 吧") == [(MIXED, Length(9, 4))]
    # Four characters of twelve and three words of six come to less than a whole.
    assert found("落在我的 window again tonight") == []


def test_the_limits_can_be_others():
    assert found("明月几时有把酒问", Limits(8, 5)) == [("明月几时有把酒问", Length(8, 0))]
    assert found("明月几时有把酒问青天不知天上", Limits(20, 6)) == []


def test_two_runs_are_told_apart():
    spans = found(f"{POEM[:20]}\nthis I made up\n{SONG[:40]}")
    assert [length for _, length in spans] == [Length(16, 0), Length(0, 8)]


def test_sounds_again_and_again_are_nobodys():
    index = TrainingIndex.of(["la la la la la la la la", "啦啦啦啦啦啦啦啦啦啦啦啦啦啦"])
    for text in ("la la la la la la la", "啦啦啦啦啦啦啦啦啦啦啦啦"):
        assert verbatim_spans(text, index, Limits()) == []


def test_all_that_is_copied_is_found_whatever_stands_around_it():
    source = random.Random(2)
    plain = "".join(character for character in POEM if character.isalpha())
    for _ in range(200):
        length = source.randint(12, len(plain))
        start = source.randint(0, len(plain) - length)
        before = "".join(map(chr, source.choices(range(0x5000, 0x6000), k=source.randint(0, 9))))
        spans = verbatim_spans(before + plain[start : start + length] + "龘", INDEX, Limits())
        assert [(s.start, s.length.characters) for s in spans] == [(len(before), length)]
