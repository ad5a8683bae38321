"""Files, folders and archives to songs."""

import io
import json
import os
import sys
import zipfile

import pytest

from lyricist.errors import CorpusError
from lyricist.library.paths import songbook
from lyricist.text import sources
from lyricist.text.corpus import TINY_CORPUS, Song, read_corpus
from lyricist.text.vocabulary import Vocabulary

SONG = "雨落在窗台\n我还没有睡\n等一盏灯亮\n等你说一句晚安"


def texts(corpus):
    return [song.text for song in corpus.songs]


def test_a_file_a_folder_and_an_archive_can_be_read_together(tmp_path):
    (tmp_path / "a.txt").write_text("one\ntwo", encoding="utf-8")
    folder = tmp_path / "songs" / "deep"
    folder.mkdir(parents=True)
    (folder / "b.md").write_text("# Three\n\n[Verse]\nfour", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/d.lrc", "[00:01.00]five")
        archive.writestr("in/cover.png", b"\x89PNG")
        archive.writestr("__MACOSX/in/._d.txt", b"\0\0")
    corpus = read_corpus([tmp_path / "a.txt", str(tmp_path / "songs"), tmp_path / "c.zip"])
    assert texts(corpus) == ["one\ntwo", "# Three\n\n[Verse]\nfour", "five"]
    assert corpus.report.files == 3
    assert corpus.report.skipped == ()
    assert corpus.songs[2].source.endswith("c.zip/in/d.lrc")


def test_folders_are_read_in_a_stable_order_without_hidden_and_foreign_files(tmp_path):
    for name in ("b.txt", "a.txt", ".hidden.txt", "c.py", "d.LYRICS"):
        (tmp_path / name).write_text(f"song {name}", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "e.txt").write_text("no song", encoding="utf-8")
    corpus = read_corpus([tmp_path])
    assert texts(corpus) == ["song a.txt", "song b.txt", "song d.LYRICS"]
    assert corpus.report.skipped == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_gives_the_same_songs(tmp_path, encoding):
    path = tmp_path / "song.txt"
    path.write_bytes(SONG.replace("\n", "\r\n").encode(encoding))
    corpus = read_corpus([path])
    assert texts(corpus) == [SONG]
    guessed = encoding == "gb18030"
    assert [enc for _, enc in corpus.report.guessed] == (["gb18030"] if guessed else [])
    assert any("guessed as gb18030" in remark for remark in corpus.report.warnings) == guessed


def test_a_named_file_of_any_extension_is_tried(tmp_path):
    (tmp_path / "song.text").write_text(SONG, encoding="utf-8")
    (tmp_path / "noext").write_text("other song", encoding="utf-8")
    assert len(read_corpus([tmp_path / "song.text", tmp_path / "noext"]).songs) == 2


def test_duplicate_songs_are_dropped_and_counted(tmp_path):
    (tmp_path / "a.txt").write_text("one\ntwo\n\n\nthree\n\n\none  \r\ntwo", encoding="utf-8")
    (tmp_path / "b.txt").write_text("cafe\u0301\n\n\ncaf\u00e9\n\n\nthree", encoding="utf-8")
    corpus = read_corpus([tmp_path])
    assert texts(corpus) == ["one\ntwo", "three", "café"]
    assert corpus.report.duplicate_songs == 3


def test_the_report_counts_what_is_there(tmp_path):
    (tmp_path / "a.txt").write_text("ab\n\nba\n\n\ncc", encoding="utf-8")
    report = read_corpus([tmp_path], Vocabulary("ab")).report
    assert (report.songs, report.lines, report.characters) == (2, 3, 8)
    assert report.distinct_characters == 4
    assert report.unknowns == 2
    assert json.loads(json.dumps(report.as_dict())) == report.as_dict()


def test_the_hash_is_that_of_the_songs_not_of_the_files(tmp_path):
    (tmp_path / "a.txt").write_text("one\n\n\ntwo", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes("one\r\n\r\n\r\n\r\ntwo\r\n".encode("utf-16"))
    first, second = (read_corpus([tmp_path / n]).report.sha256 for n in ("a.txt", "b.txt"))
    assert first == second
    (tmp_path / "a.txt").write_text("one\n\n\ntwo!", encoding="utf-8")
    assert read_corpus([tmp_path / "a.txt"]).report.sha256 != first


def test_a_tiny_corpus_works_with_a_warning(tmp_path):
    (tmp_path / "a.txt").write_text("only a few words", encoding="utf-8")
    assert "tiny" in read_corpus([tmp_path]).report.warnings[0]
    big = "\n".join(f"line number {i}" for i in range(TINY_CORPUS // 10))
    (tmp_path / "a.txt").write_text(big, encoding="utf-8")
    assert read_corpus([tmp_path]).report.warnings == ()


def test_unusable_files_in_a_folder_are_skipped_with_a_reason(tmp_path):
    (tmp_path / "good.txt").write_text(SONG, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("\n \n", encoding="utf-8")
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "bad.zip").write_text("no archive", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.txt")
    report = read_corpus([tmp_path]).report
    reasons = {os.path.basename(name): reason for name, reason in report.skipped}
    assert set(reasons) == {"empty.txt", "image.txt", "bad.json", "bad.zip", "pipe.txt"}
    assert "empty" in reasons["empty.txt"]
    assert "PNG" in reasons["image.txt"]
    assert "pipe" in reasons["pipe.txt"]
    assert "and 2 more such files" in report.warnings


def test_standard_input_can_be_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SONG.encode("utf-16"))))
    assert read_corpus(["-"]).songs == (Song(SONG, "standard input"),)


def write(path, data):
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (bytes(range(256)), "binary"),
        (b"aaaa\naaa\n\na", "one distinct character"),
    ],
)
def test_a_useless_file_is_an_error_in_one_line(tmp_path, data, cause):
    with pytest.raises(CorpusError, match=cause) as caught:
        read_corpus([write(tmp_path / "song.txt", data)])
    assert caught.value.mend
    assert "\n" not in str(caught.value)


def test_missing_and_special_files_are_errors_at_once(tmp_path):
    with pytest.raises(CorpusError, match="does not exist"):
        read_corpus([tmp_path / "missing.txt"])
    os.mkfifo(tmp_path / "pipe")
    for special in (tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(CorpusError, match="device, pipe or socket"):
            read_corpus([special])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders_are_errors(tmp_path):
    path = write(tmp_path / "song.txt", SONG.encode())
    folder = tmp_path / "folder"
    folder.mkdir()
    path.chmod(0)
    folder.chmod(0)
    for unreadable in (path, folder):
        with pytest.raises(CorpusError, match="Permission denied"):
            read_corpus([unreadable])
    folder.chmod(0o700)


def test_a_folder_without_songs_is_an_error_that_names_it(tmp_path):
    write(tmp_path / "a.py", b"x = 1")
    with pytest.raises(CorpusError, match="no songs found in"):
        read_corpus([tmp_path])
    write(tmp_path / "b.txt", b"")
    with pytest.raises(CorpusError, match=r"skipped .*b\.txt: it is empty"):
        read_corpus([tmp_path])
    with pytest.raises(CorpusError, match="no corpus given"):
        read_corpus([])


def test_escape_sequences_in_file_names_are_shown_as_symbols(tmp_path):
    with pytest.raises(CorpusError) as caught:
        read_corpus([write(tmp_path / "a\x1b]0;x\x07.txt", b"")])
    assert "␛]0;x␇" in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_damaged_and_foreign_archives_are_errors(tmp_path):
    with pytest.raises(CorpusError, match="not a readable zip"):
        read_corpus([write(tmp_path / "a.zip", b"PK\x03\x04 cut")])
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("picture.png", b"\x89PNG")
    with pytest.raises(CorpusError, match="no songs found"):
        read_corpus([tmp_path / "b.zip"])


def test_a_damaged_member_is_skipped(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("bad.txt", "damaged song")
        archive.writestr("good.txt", "whole song")
    data = (tmp_path / "a.zip").read_bytes().replace(b"damaged song", b"damagedXsong")
    corpus = read_corpus([write(tmp_path / "a.zip", data)])
    assert texts(corpus) == ["whole song"]
    assert "damaged" in corpus.report.skipped[0][1]


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"a" * 3_000_000)
        archive.writestr("song.txt", SONG)
    corpus = read_corpus([tmp_path / "a.zip"])
    assert texts(corpus) == [SONG]
    assert "beyond belief" in corpus.report.skipped[0][1]


def test_size_limits_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_MEMBER_BYTES", 100)
    monkeypatch.setattr(sources, "MAX_TOTAL_BYTES", 250)
    write(tmp_path / "big.txt", b"x y " * 50)
    write(tmp_path / "song.txt", b"hello there")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for name in "abcd":
            archive.writestr(f"{name}.txt", f"{name} " * 40)
    report = read_corpus([tmp_path / "z.zip"]).report
    assert report.files == 3
    assert "holds more than" in report.skipped[0][1]
    (tmp_path / "z.zip").unlink()
    assert "larger than" in read_corpus([tmp_path]).report.skipped[0][1]
    write(tmp_path / "big2.txt", b"z y " * 60)
    with pytest.raises(CorpusError, match="larger than"):
        read_corpus([tmp_path / "big.txt", tmp_path / "big2.txt"])


@pytest.mark.parametrize("is_read_from_a_pipe", [False, True])
def test_a_file_beyond_the_limit_is_refused_in_one_line(tmp_path, monkeypatch, is_read_from_a_pipe):
    monkeypatch.setattr(sources, "MAX_TOTAL_BYTES", 2_000_000)
    data = b"more and more\n" * 150_000
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    path = "-" if is_read_from_a_pipe else write(tmp_path / "big.txt", data)
    with pytest.raises(CorpusError, match=r"larger than 2 MB; give fewer or smaller files$"):
        read_corpus([path])


def test_members_of_archives_cannot_write_anywhere(tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("../../outside.txt", "not read")
        archive.writestr("/absolute.txt", SONG)
    assert texts(read_corpus([folder / "a.zip"])) == [SONG]
    assert [p.name for p in tmp_path.rglob("*.txt")] == []


def test_a_folder_that_links_to_itself_ends(tmp_path):
    write(tmp_path / "song.txt", SONG.encode())
    (tmp_path / "loop").symlink_to(tmp_path)
    assert texts(read_corpus([tmp_path])) == [SONG]


def test_the_songbook_is_read_song_by_song():
    report = read_corpus([songbook()]).report
    titles = sum(
        line.startswith("# ")
        for path in songbook().glob("*/*.txt")
        for line in path.read_text(encoding="utf-8").split("\n")
    )
    assert report.songs == titles and report.duplicate_songs == 0
    assert report.skipped == ()
    assert report.guessed == ()
