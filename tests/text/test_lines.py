"""Graphemes, cells, words and headings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.text.lines import (
    cell_width,
    cut_to_cells,
    graphemes,
    is_han,
    is_section_heading,
    next_word,
)

FAMILY = "👩\u200d👩\u200d👧"
lyric_text = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["爱", "的", "，", "。", " ", "a", "love", "'", "e\u0301", FAMILY, "🇨🇳", "\x1b"]
        )
    ).map("".join),
)


@given(lyric_text)
def test_graphemes_join_to_the_text(text):
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("love", 4),
        ("爱你", 4),
        (FAMILY, 2),
        ("e\u0301", 1),
        ("\u0301", 0),
        ("\x1b\t", 2),
        ("🇨🇳", 2),
    ],
)
def test_cells_are_those_the_terminal_uses(text, cells):
    assert cell_width(text) == cells


@given(lyric_text, st.integers(0, 30))
def test_a_cut_is_never_wider_than_asked_and_splits_no_grapheme(text, cells):
    head = cut_to_cells(text, cells)
    assert text.startswith(head)
    assert cell_width(head) <= cells
    parts = graphemes(text)
    assert head in {"".join(parts[:n]) for n in range(len(parts) + 1)}


@given(lyric_text)
def test_a_text_that_fits_is_not_cut(text):
    assert cut_to_cells(text, cell_width(text)) == text


def test_a_wide_character_is_not_cut_in_half():
    assert cut_to_cells("爱你", 3) == "爱"
    assert cut_to_cells(FAMILY + "x", 1) == ""


@given(lyric_text)
def test_the_next_word_is_a_head_of_the_text_and_never_empty(text):
    word = next_word(text)
    assert text.startswith(word)
    assert bool(word) == bool(text)


@given(lyric_text)
def test_word_by_word_a_text_is_used_up_without_splitting_graphemes(text):
    words, rest = [], text
    while rest:
        words.append(next_word(rest))
        rest = rest[len(words[-1]) :]
    assert "".join(words) == text
    assert graphemes(text) == [g for word in words for g in graphemes(word)] or "\r" in text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("love is blind", "love"),
        ("  love is", "  love"),
        ("don't stop", "don't"),
        ("hello, world", "hello,"),
        ("今天的天气真好，我们去公园", "今天"),
        ("真好，我们去公园", "真好，"),
        ("love你", "love"),
        ("我love你", "我"),
        ("。然后", "。"),
        (" 分开了", " 分开"),
        ("（转身", "（转身"),
        ("“真好”，她说", "“真好”，"),
        ("真好！（转身", "真好！"),
        ("   ", "   "),
        (f"{FAMILY} x", FAMILY),
    ],
)
def test_words_end_where_a_reader_would_end_them(text, word):
    assert next_word(text) == word


@pytest.mark.parametrize("character", ["爱", "愛", "々", "𠮷"])
def test_chinese_characters_are_han(character):
    assert is_han(character)


@pytest.mark.parametrize("character", ["a", "，", "の", "한", "1", ""])
def test_other_characters_are_not_han(character):
    assert not is_han(character)


@pytest.mark.parametrize(
    "line",
    [
        "[Verse 1]",
        "[Chorus]",
        "[/Hook]",
        "[Outro x2]",
        "[Verse 2: Both]",
        "[主歌]",
        " [Bridge] ",
        "【主歌】",
        "【主歌一】",
        "【副歌 2】",
        "【副歌×2】",
        "【桥段】",
        "【导歌】",
        "【尾声】",
        "【说唱一】",
        "【间奏】",
        "【前奏】",
        "【男】",
        "【女】",
        "【合】",
        "【男·女】",
        "【主歌A】",
        "【副歌：合】",
        "【Rap】",
        "Chorus:",
        "chorus",
        "Verse 2",
        "Pre-Chorus",
        "(Chorus)",
        "（副歌）",
        "主歌一",
        "副歌：",
        "## Bridge",
        "# Verse 1",
    ],
)
def test_headings_are_recognised(line):
    assert is_section_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "[]",
        "[00:12.30]",
        "[12]",
        "【】",
        "【菩萨蛮】",
        "【女儿情】",
        "【合欢树】",
        "【一个小农家的暮】",
        "# Title",
        "bridge over the water",
        "Break",
        "男",
        "合",
        "chorus of angels sing",
        "我唱副歌",
        "a [b] c",
        "[a] and [b]",
    ],
)
def test_lyrics_and_titles_are_not_headings(line):
    assert not is_section_heading(line)


@pytest.mark.parametrize("name", ["主歌" + "一" * 70 + "歌", "副歌" + "·" * 35 + "一" * 35 + "!歌"])
def test_a_long_run_of_numerals_is_decided_without_trying_every_split(name):
    """With plain quantifiers this line takes longer than anyone waits."""
    assert not is_section_heading(name)
    assert not is_section_heading(f"【{name}】")
