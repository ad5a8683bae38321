"""Reading a line: what each code point gives, what is in doubt, and what the writer picks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.craft.mandarin.readings import read_line, readings_of, warm_up


@pytest.fixture(autouse=True, scope="module")
def _loaded():
    warm_up()


def _pinyin(line, chosen=None):
    return [r.pinyin if r else None for r in read_line(line, chosen or {})]


def test_what_is_not_chinese_has_no_reading():
    assert _pinyin("a爱1😀，あ é\n") == [None, "ài", *[None] * 7]


def test_traditional_is_read_like_simplified_and_kept_as_written():
    assert _pinyin("長大以後，銀行") == _pinyin("长大以后，银行")
    assert [r.character for r in read_line("長大") if r] == ["長", "大"]


def test_cantonese_is_never_sure():
    readings = read_line("嘅咗唔冇嚟佢")
    assert len(readings) == 6
    assert not [r for r in readings if r and r.is_sure]


def test_a_character_nobody_knows_is_left_out():
    assert read_line("\U0003134a々") == (None, None)


def test_a_polyphone_is_sure_only_where_something_decides():
    assert not read_line("长")[0].is_sure
    assert read_line("长大")[0].is_sure
    assert read_line("爱")[0].is_sure


def test_the_common_reading_of_an_everyday_word_is_sure():
    assert [r.is_sure for r in read_line("我们都好的了和")] == [True] * 7


@pytest.mark.parametrize("picked", ["chong2", "chóng"])
def test_what_the_writer_picks_is_sure(picked):
    reading = read_line("重", {0: picked})[0]
    assert (reading.pinyin, reading.is_sure) == ("chóng", True)


def test_a_pick_wins_over_a_word_and_elsewhere_changes_nothing():
    assert _pinyin("银行，", {1: "xing2", 2: "a1"}) == ["yín", "xíng", None]


def test_a_pick_that_is_no_syllable_is_refused():
    with pytest.raises(ValueError, match="no syllable"):
        read_line("重", {0: "xyz"})


def test_the_other_readings_are_offered_commonest_first():
    assert [r.pinyin for r in readings_of("长")][:2] == ["cháng", "zhǎng"]
    assert [r.pinyin for r in readings_of("長")][:2] == ["cháng", "zhǎng"]
    assert "zhǎng" in [other.pinyin for other in read_line("长")[0].others]
    assert "cháng" not in [other.pinyin for other in read_line("长")[0].others]
    assert readings_of("x") == readings_of("") == readings_of("爱你") == ()


@pytest.mark.parametrize("line", ["花儿", "一点儿", "这儿", "哪儿", "有点儿", "小孩儿", "花兒"])
def test_erhua_curls_the_syllable_before(line):
    *_, before, curl = read_line(line)
    assert before.erhua
    assert before.is_syllable
    assert curl.erhua
    assert not curl.is_syllable


@pytest.mark.parametrize(
    "line",
    ["女儿", "儿子", "婴儿", "少儿", "孤儿", "幼儿", "儿童", "儿女", "女兒", "我的儿", "混血儿"],
)
def test_a_child_is_a_syllable_of_its_own(line):
    assert all(r.is_syllable and not r.erhua for r in read_line(line))


def test_a_writer_may_sing_the_curl_as_a_syllable():
    assert _pinyin("花儿", {1: "er2"}) == ["huā", "ér"]
    assert _pinyin("花儿") == ["huār", "r"]


@pytest.mark.parametrize("line", ["句女绿雪远云", "居去虚玉"])
def test_the_rounded_vowel_is_never_written_u(line):
    assert all(r.final.startswith("ü") for r in read_line(line))


def test_tones_are_those_of_the_dictionary():
    assert [r.tone for r in read_line("一个不是你好")] == [1, 4, 4, 4, 3, 3]
    assert [r.level for r in read_line("天门好梦的")] == ["平", "平", "仄", "仄", "轻"]


def test_a_line_without_end_is_read_in_bounded_time():
    line = "我在重新开始的地方等你回来看着银行行长" * 600
    started = time.perf_counter()
    readings = read_line(line[:10_000])
    assert len(readings) == 10_000
    # Measured at 0.05 s; the bound leaves room for a busy machine.
    assert time.perf_counter() - started < 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("长行重儿得地着了為著一不 a"))))
def test_any_text_gives_one_entry_for_each_code_point(text):
    assert len(read_line(text)) == len(text)
