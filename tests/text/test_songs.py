"""How one file becomes songs."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.library.paths import songbook
from lyricist.text import songs
from lyricist.text.songs import clean, songs_in


def test_two_blank_lines_separate_songs_and_single_ones_stanzas():
    assert songs_in("a1\na2\n\na3\n\n\nb1\n\nb2\n\n\n\n") == ["a1\na2\n\na3", "b1\n\nb2"]


def test_blank_lines_made_of_spaces_are_blank():
    assert songs_in("a\n \n\u3000\t\nb  \r\n\r\n\r\nc") == ["a", "b", "c"]


def test_titled_blocks_are_songs():
    text = "【菩萨蛮】\n小山重叠金明灭\n\n【更漏子】\n柳丝长\n\n【尾声】\n春雨细"
    assert songs_in(text) == text.split("\n\n")


def test_section_names_are_not_titles():
    text = "【主歌一】\n第一句\n\n【副歌】\n第二句\n\n【说唱 男】\n第三句"
    assert songs_in(text) == [text]


def test_a_file_with_section_headings_is_one_song():
    text = "[Verse 1]\nhello\n\n[Chorus]\nworld"
    assert songs_in(text) == [text]


def test_plain_blocks_are_songs():
    assert songs_in("one\n\ntwo\nlines\n\nthree") == ["one", "two\nlines", "three"]


def test_markdown_titles_begin_songs():
    text = "# First\n\n[Verse]\na\n\n[Chorus]\nb\n\n# Second\n\nc\n\nd"
    assert songs_in(text, ".md") == ["# First\n\n[Verse]\na\n\n[Chorus]\nb", "# Second\n\nc\n\nd"]


def test_markdown_sections_do_not_begin_songs():
    text = "# Song\n\n## Verse 1\na\n\n# Chorus\nb"
    assert songs_in(text, ".md") == [text]


def test_lrc_loses_times_and_metadata_and_keeps_lines():
    text = (
        "\ufeff[ti:Song]\r\n[ar: Someone]\r\n[offset:+100]\r\n[00:01.00]first [line]\r\n"
        "[00:05.50][01:20.3]second\r\n[00:09]\r\n\r\n\r\n"
        "[00:10.00]<00:10.1>word <00:11.2>by word\r\n"
        "[refrain]\r\n[Chorus: All]\r\n"
    )
    assert songs_in(text, ".LRC") == [
        "first [line]\nsecond\n\nword by word\n[refrain]\n[Chorus: All]"
    ]


def test_json_fields_and_lines_are_songs():
    songs = [{"title": "x", "text": "one\n\ntwo"}, {"lyrics": ["three", "four"]}, {"other": 1}, 5]
    expected = ["one\n\ntwo", "three\nfour"]
    assert songs_in(json.dumps(songs), ".json") == expected
    assert songs_in("\n\n".join(map(json.dumps, songs)), ".jsonl") == expected
    assert songs_in(json.dumps(songs[0]), ".json") == expected[:1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"text": "a"}\n{broken', "line 2"),
        ('{"title": "a"}', "no `text`"),
        ("[1, 2]", "no `text`"),
        ("[" * 100_000, "nested|JSON"),
    ],
)
def test_damaged_json_is_refused_with_a_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        songs_in(text, ".jsonl")


@pytest.mark.parametrize("suffix", [".txt", ".md", ".lrc", ".json", ".jsonl", ".lyrics"])
def test_nothing_yields_no_songs(suffix):
    assert songs_in(" \n\n\t\n", suffix) == []


def test_noise_is_taken_out_and_line_separators_become_line_feeds():
    assert clean("\ufeffa\x1b\x00b\u2028c\x0bd\ud800 \t\n") == "ab\nc\nd\ufffd"


@given(st.text(), st.sampled_from([".txt", ".lrc"]))
def test_songs_are_whole_clean_and_never_empty(text, suffix):
    for song in songs_in(text, suffix):
        assert song
        assert song == song.strip("\n")
        assert clean(song) == song
        assert "\r" not in song
        song.encode("utf-8")


@given(st.text())
def test_no_visible_character_gets_lost(text):
    kept = "".join("".join(songs_in(text)).split())
    assert kept == "".join(clean(text).split())


def test_each_title_in_the_songbook_begins_a_song():
    for path in songbook().glob("*/*.txt"):
        text = path.read_text(encoding="utf-8")
        songs = songs_in(text)
        assert "\n\n\n".join(songs) + "\n" == text, path.name
        assert all(song.count("\n# ") == 0 and song.startswith("# ") for song in songs), path.name


PIECES = [
    "\n",
    "\n\n",
    "\n\n\n",
    "\r\n",
    " \n",
    "\r",
    "\v",
    "\u200b",
    "\t",
    "a",
    "# Title",
    "# Verse",
]
PIECES += ["[Chorus]", "【夜】", "《夜》x", "\u0301", "\u3000", "é", "😀", "[00:01.00]x", "[ti:x]"]


@given(
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.integers(1, 8),
    st.sampled_from([".txt", ".lrc"]),
)
def test_in_how_many_parts_a_text_is_cleaned_makes_no_difference(text, size, suffix):
    whole = songs_in(text, suffix)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(songs, "_PART_CHARACTERS", size)
        assert songs_in(text, suffix) == whole


def test_one_rare_character_does_not_multiply_the_memory_that_a_large_text_takes():
    text = "😀\n" + "and the rain came down on number one\nand two\n\n" * 80_000
    tracemalloc.start()
    try:
        assert len(songs_in(text)) == 80_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The text itself takes four bytes a character, and so would any copy of it.
    assert peak < 4 * len(text)


def test_json_beyond_the_limit_has_to_be_one_song_a_line(monkeypatch):
    monkeypatch.setattr(songs, "_MOST_JSON_CHARACTERS", 40)
    lines = [json.dumps({"text": f"song {n}"}) for n in range(5)]
    assert songs_in("\n".join(lines), ".json") == [f"song {n}" for n in range(5)]
    with pytest.raises(ValueError, match="write one song a line"):
        songs_in(f"[{', '.join(lines)}]", ".json")
