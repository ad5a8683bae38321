"""`lyricist corpus`, and cleaning in `lyricist train`."""

import pytest
from conftest import QUICK

RAW = """作词：某人{n}
[00:01.00]雨落在第{n}条街 燈還亮著
我数过每一扇窗 數到夜色
Am  F  C  G
分开以后"""


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for n in range(30):
        (folder / f"{n}.txt").write_text(RAW.format(n=n), encoding="utf-8")
    return folder


def test_the_report_is_printed_without_training(lyricist, raw, home):
    result = lyricist("corpus", raw)
    assert result.status == 0, result.err
    assert result.out.startswith("30 songs · 150 lines · ")
    assert "training: about" in result.out
    assert "note: 60 lines are no lyrics (30 credits, 30 lines of chords)" in result.out
    assert "mixed" in result.out
    assert not (home / "data" / "models").exists()


def test_what_is_cleaned_is_told_and_no_longer_noted(lyricist, raw):
    before = {path: path.read_bytes() for path in raw.iterdir()}
    result = lyricist("corpus", raw, "--clean", "--script", "simplified", "--base", "zh")
    assert "left out: 30 credits, 30 lines of chords" in result.out
    assert "30 songs converted" in result.out
    assert "no lyrics" not in result.out and "mixed" not in result.out
    assert {path: path.read_bytes() for path in raw.iterdir()} == before


def test_json_is_one_object(lyricist, raw):
    (fields,) = lyricist("corpus", raw, "--base", "zh", "--json").objects
    assert fields["songs"] == 30 and fields["boilerplate"] == {"credit": 30, "chords": 30}
    assert fields["recipe"] == "finetune" and fields["seconds"] >= 1 and fields["passes"] >= 1
    assert (fields["language"], fields["base_language"]) == ("zh+en", "zh")


def test_the_songs_are_trained_on_as_they_were_cleaned(lyricist, raw):
    result = lyricist("train", raw, "--clean", "--script", "simplified", "--json", *QUICK)
    assert result.status == 0, result.err
    started = result.objects[0]
    assert started["corpus"]["cleaning"]["lines"] == {"credit": 30, "chords": 30}
    characters = lyricist("complete", "雨", "--model", "raw", "--length", "30").out
    assert "燈" not in characters
    result = lyricist("train", raw, "--clean", *QUICK)
    assert "left out: 30 credits, 30 lines of chords" in result.out


def test_every_extreme_corpus_trains_with_one_line_of_advice(lyricist, tmp_path):
    song = "雨落在窗台\n我还没有睡\n等一盏灯亮\n"
    corpora = {
        "a few": song[:12],
        "the same": (song + "\n\n\n") * 1000,
        "other": "".join(chr(0x4E00 + i) + "\n" * (i % 9 == 0) for i in range(900)),
        "english": "the rain came down on the street\n" * 40,
    }
    for name, text in corpora.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        found = lyricist("corpus", path, "--base", "zh")
        assert found.status == 0 and "note: " in found.out, name
        result = lyricist("train", path, "--json", *QUICK)
        assert result.status == 0, (name, result.err)
        assert result.objects[0]["warnings"], name


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (("missing.txt",), 1, "does not exist"),
        (("--base", "nobody"), 1, "no model"),
        (("--recipe", "finetune"), 2, "base"),
        (("--recipe", "tutorial", "--base", "zh"), 2, "base"),
        (("--script", "other"), 2, "script"),
    ],
)
def test_what_cannot_be_is_one_line(lyricist, raw, arguments, status, complaint):
    result = lyricist("corpus", raw, *arguments)
    assert result.status == status
    assert complaint in result.err and result.err.count("\n") == 1


def test_songs_without_a_word_are_one_line(lyricist, tmp_path):
    path = tmp_path / "credits.txt"
    path.write_text("作词：某人\n作曲：某人", encoding="utf-8")
    for command in ("corpus", "train"):
        result = lyricist(command, path, "--clean")
        assert result.status == 1
        assert "nothing is left" in result.err and result.err.count("\n") == 1
