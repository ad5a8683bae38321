"""Candidates that copy: what the writer began counts, what the writer's own song says does not."""

import pytest

from lyricist.network.card import ModelCard
from lyricist.network.training_index import TrainingIndex
from lyricist.suggest.copy_guard import CopyGuard, guard_of
from lyricist.suggest.protocol import CopyRules
from lyricist.text.passages import Length

POEM = "明月几时有，把酒问青天。\n不知天上宫阙，今夕是何年。\n我欲乘风归去，又恐琼楼玉宇。"
SONG = "I wandered lonely as a cloud\nThat floats on high o'er vales and hills,\nWhen all at once"
RULES = CopyRules()


@pytest.fixture
def guard():
    return CopyGuard(TrainingIndex.of([POEM, SONG]))


def test_only_what_copies_is_found(guard):
    copy, own = "不知天上宫阙，今夕是何年，我", "不知道哪一天你会再回来看我"
    assert guard.copied("", "", [copy, own], RULES) == {copy: Length(12, 0)}


def test_what_the_writer_began_counts_as_a_part_of_the_run(guard):
    before = "我在唱\n明月几时有，把酒问青天，"
    assert guard.copied(before, "", ["不知"], RULES) == {"不知": Length(12, 0)}
    assert guard.copied(before, "", ["不"], RULES) == {}
    assert guard.copied("I wandered lonely as a ", "", ["cloud"], RULES) == {"cloud": Length(0, 6)}


def test_a_word_may_end_behind_the_cursor(guard):
    assert guard.copied("I wandered lonely as a clo", "", ["ud"], RULES) == {"ud": Length(0, 6)}
    assert guard.copied("I wandered lonely as a clo", "", ["wn"], RULES) == {}


def test_a_candidate_that_adds_nothing_to_a_copy_is_none(guard):
    before = "明月几时有，把酒问青天。不知天上"
    assert guard.copied(before, "", ["有一架飞机", "！"], RULES) == {}


def test_the_run_is_told_whole_however_far_back_it_begins(guard):
    before = "a line of mine\n" + SONG[: -len(" once")]
    assert guard.copied(before, "", [" once"], RULES) == {" once": Length(0, 18)}


def test_what_the_song_says_elsewhere_is_no_copy(guard):
    line = "不知天上宫阙，今夕是何年，我"
    chorus = f"{line}\n我写的别的一行字在这里\n"
    assert guard.copied(chorus, "", [line], RULES) == {}
    assert guard.copied("开头\n", f"\n别的\n{line}", [line], RULES) == {}
    assert guard.copied("我写的别的一行字在这里\n", "", [line], RULES) == {line: Length(12, 0)}


def test_the_line_at_the_cursor_does_not_excuse_its_own_end(guard):
    before = "明月几时有，把酒问青天。\n不知天上"
    assert guard.copied(before, "", ["宫阙"], RULES) == {"宫阙": Length(16, 0)}


def test_long_words_are_not_overlooked():
    long = [f"{'ab' * 20}{n}" for n in range(6)]
    guard = CopyGuard(TrainingIndex.of([" ".join(long)]))
    before = "something else " * 30 + " ".join(long[:5])
    assert guard.copied(before, "", [f" {long[5]}"], RULES) == {f" {long[5]}": Length(0, 6)}


def test_limits_are_those_of_the_rules(guard):
    text = "不知天上宫阙今夕"
    assert guard.copied("", "", [text], RULES) == {}
    assert guard.copied("", "", [text], CopyRules(characters=8)) == {text: Length(8, 0)}


def test_without_an_index_the_writer_is_told_why(tmp_path):
    card = ModelCard("m", {}, "")
    assert guard_of(tmp_path, card) == (
        None,
        "copies cannot be told: the model has no index of what it was trained on",
    )
    stated = TrainingIndex.of([POEM]).save(tmp_path)
    damaged = ModelCard("m", {}, "", originality={**stated, "sha256": "0"})
    found, why = guard_of(tmp_path, damaged)
    assert found is None and "does not match the card" in why
    partly = ModelCard("m", {}, "", originality={**stated, "complete": False})
    found, why = guard_of(tmp_path, partly)
    assert found is not None and "base" in why
    assert guard_of(tmp_path, ModelCard("m", {}, "", originality=stated))[1] == ""
