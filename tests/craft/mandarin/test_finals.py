"""Finals in their own notation, and the classes of the two systems."""

from __future__ import annotations

import pytest

from lyricist.craft.mandarin.finals import FINALS, class_of, is_loose_pair
from lyricist.craft.mandarin.pinyin import parsed, spelled


@pytest.mark.parametrize(
    ("pinyin", "final"),
    [
        ("ji1", "i"),
        ("shi1", "ir"),
        ("ri4", "ir"),
        ("si1", "iz"),
        ("ci2", "iz"),
        ("yu3", "ü"),
        ("ju4", "ü"),
        ("lu3", "u"),
        ("nü3", "ü"),
        ("nv3", "ü"),
        ("xue2", "üe"),
        ("quan2", "üan"),
        ("yun2", "ün"),
        ("jun1", "ün"),
        ("lun2", "uen"),
        ("wen2", "uen"),
        ("liu2", "iou"),
        ("you3", "iou"),
        ("gui1", "uei"),
        ("weng1", "ueng"),
        ("zhong1", "ong"),
        ("yong3", "iong"),
        ("xiong2", "iong"),
        ("er2", "er"),
        ("ńg", "en"),
    ],
)
def test_a_final_is_written_as_it_sounds(pinyin, final):
    assert parsed(pinyin).final == final


@pytest.mark.parametrize(
    "pinyin", ["chóng", "lǜ", "jù", "xué", "yuǎn", "yīng", "wēng", "guǐ", "liú", "lún", "ér", "shì"]
)
def test_pinyin_is_spelled_as_it_was_taken_apart(pinyin):
    assert spelled(parsed(pinyin)) == pinyin


def test_what_is_no_syllable_is_refused():
    with pytest.raises(ValueError, match="no syllable"):
        parsed("love")


def test_there_are_thirteen_tracks_and_fourteen_rhymes():
    assert len({class_of(final, "thirteen") for final in FINALS}) == 13
    assert len({class_of(final, "new") for final in FINALS}) == 14


def test_the_systems_differ_in_the_sounds_spelled_i_only():
    assert [class_of(f, "thirteen") for f in ("i", "ir", "iz", "ü", "er")] == ["一七"] * 5
    assert [class_of(f, "new") for f in ("i", "ir", "iz", "ü", "er")] == [
        "齐",
        "支",
        "支",
        "齐",
        "齐",
    ]


def test_loose_pairs_hold_both_ways_and_leave_an_and_ang_apart():
    assert is_loose_pair("in", "ing")
    assert is_loose_pair("ing", "in")
    assert not is_loose_pair("an", "ang")
    assert not is_loose_pair("en", "ong")


def test_an_unknown_system_is_refused():
    with pytest.raises(ValueError, match="no system"):
        class_of("a", "pingshui")  # type: ignore[arg-type]
