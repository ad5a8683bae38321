"""lyricist analyze: sections, lines and totals of files in either language."""

import io
import sys

import pytest

SONG = """# 雨夜

[Verse]
雨落在街上 灯还亮着
我看着月光
the rain came down tonight
and washed away the light

【副歌】
我们在一起
我们在雨里
我们在一起
"""
LINE = {
    "number", "text", "letter", "syllables", "is_sure", "pattern", "rhymes", "rhyming_syllables",
}  # fmt: skip
TOTALS = {
    "lines", "syllables", "rhyming_lines", "rhyming_syllables", "repeated", "level", "oblique",
    "neutral", "rhyming_line_share", "rhyming_syllable_share", "level_share", "repeated_lines",
    "words", "unsure", "unknown",
}  # fmt: skip


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text(SONG, encoding="utf-8")
    return path


def test_sections_lines_and_totals_are_printed(lyricist, song):
    result = lyricist("analyze", song)
    assert result.status == 0, result.err
    lines = result.out.splitlines()
    assert lines[0] == "[Verse]  ABCC"
    assert lines[3].split(maxsplit=3) == ["C", "6", ".///./", "the rain came down tonight"]
    assert "【副歌】  AAA" in lines
    assert "  A   5  |:|-|  我们在一起" in lines
    assert "lines       7, of which 1 stood there before" in lines
    assert "again       2× 我们在一起" in lines


def test_json_has_the_documented_fields(lyricist, song):
    fields = lyricist("analyze", song, "--json").objects[0]
    verse, chorus = fields["sections"]
    assert set(verse) == {"name", "heading", "scheme", "lines"}
    assert verse["heading"] == "[Verse]" and chorus["scheme"] == "AAA"
    assert all(set(line) == LINE for line in verse["lines"] + chorus["lines"])
    assert verse["lines"][0]["number"] == 4 and verse["lines"][1]["syllables"] == 5
    assert set(fields["totals"]) == TOTALS
    assert fields["totals"]["repeated_lines"] == [{"text": "我们在一起", "count": 2}]
    assert {"text": "我们", "count": 3} in fields["totals"]["words"]


def test_rules_are_those_asked_for(lyricist, tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("人生\n这一身\n", encoding="utf-8")

    def scheme(*options):
        return lyricist("analyze", path, "--json", *options).objects[0]["sections"][0]["scheme"]

    assert scheme() == "AB" and scheme("--loose") == "AA"
    path.write_text("诗\n衣\n", encoding="utf-8")
    assert scheme() == "AA" and scheme("--system", "new") == "AB"


def test_what_nobody_can_count_is_a_question_mark(lyricist, tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("привет мир\n😀😀\n12 34\n\x1b[31m灯光\n", encoding="utf-8")
    result = lyricist("analyze", path)
    lines = result.out.splitlines()
    assert lines[0] == "verse 1  ??AB"
    assert lines[1].split()[:2] == ["?", "?"] and lines[2].split()[:2] == ["?", "0"]
    assert "\x1b" not in result.out and "␛[31m灯光" in result.out
    assert any(line.startswith("unknown") and "привет" in line for line in lines)
    fields = lyricist("analyze", path, "--json").objects[0]
    assert fields["sections"][0]["lines"][0]["syllables"] is None


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_encodings_are_those_of_the_editor(lyricist, tmp_path, encoding):
    path = tmp_path / "song.txt"
    text = "我們在雨裡 還有你的月光\r\n他不想看見 那一片的地方\r\n"
    path.write_bytes(text.encode(encoding))
    lines = lyricist("analyze", path, "--json").objects[0]["sections"][0]["lines"]
    assert [line["text"] for line in lines] == text.strip().split("\r\n")
    assert [line["letter"] for line in lines] == ["A", "A"]


def test_times_of_lrc_files_are_no_syllables(lyricist, tmp_path):
    path = tmp_path / "song.lrc"
    path.write_text("[ti:雨]\n[00:01.00]我看着月光\n[00:05.00]在路上\n", encoding="utf-8")
    lines = lyricist("analyze", path, "--json").objects[0]["sections"][0]["lines"]
    found = [(line["text"], line["syllables"]) for line in lines]
    assert found == [("我看着月光", 5), ("在路上", 3)]


def test_standard_input_is_read(lyricist, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("灯光\r路上\r\n".encode())))
    assert lyricist("analyze", "-").out.startswith("verse 1  AA\n")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"[Chorus]\n# a note\n", b"\x89PNG\r\n\x1a\n"])
def test_files_without_lyrics_are_one_line(lyricist, tmp_path, content):
    path = tmp_path / "so\x1bng.txt"
    path.write_bytes(content)
    result = lyricist("analyze", path)
    assert result.status == 1 and result.out == ""
    assert result.err.count("\n") == 1 and "\x1b" not in result.err


@pytest.mark.parametrize(("arguments", "status"), [(("/nowhere/at/all",), 1), (("/",), 1), ((), 2)])
def test_files_that_are_none_are_one_line(lyricist, arguments, status):
    result = lyricist("analyze", *arguments)
    assert result.status == status
    assert result.err.count("\n") == 1 and "Traceback" not in result.err
