"""Songs as files: nothing changes that the writer did not change."""

import os
import resource
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.errors import DocumentError
from lyricist.library import documents
from lyricist.library.documents import FileFormat, open_document, save_document

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
lyric_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(
    lambda text: text.lstrip("\ufeff")
)
marked_formats = st.builds(
    FileFormat,
    encoding=st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"]),
    bom=st.just(True),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)


def round_trip(text, layout):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.txt"
        save_document(path, text, layout)
        return open_document(path)


@settings(deadline=None, max_examples=50)
@given(texts.map(lambda text: text.lstrip("\0")), marked_formats)
def test_saved_and_reopened_text_is_equal_in_every_marked_format(text, layout):
    opened = round_trip(text, layout)
    assert opened.text == text
    assert (opened.format.encoding, opened.format.bom) == (layout.encoding, True)
    assert "\n" not in text or opened.format.newline == layout.newline


@settings(deadline=None, max_examples=50)
@given(st.lists(lyric_texts).map("\n".join), st.sampled_from(["\n", "\r\n", "\r"]))
def test_saved_and_reopened_text_is_equal_in_plain_utf8(text, newline):
    opened = round_trip(text, FileFormat(newline=newline))
    assert opened.text == text
    assert not opened.format.guessed


def test_line_separators_and_odd_characters_stay_in_the_text(tmp_path):
    text = "a\u2028b\u2029c\x0bd\x0ce\x85f\x1cg\0h\ni"
    (tmp_path / "song.txt").write_bytes(text.encode())
    opened = open_document(tmp_path / "song.txt")
    assert opened.text == text
    save_document(tmp_path / "song.txt", text + "!", opened.format)
    assert (tmp_path / "song.txt").read_bytes() == (text + "!").encode()


@pytest.mark.parametrize(
    ("data", "newline"),
    [
        (b"a\r\nb\r\nc\nd", "\r\n"),
        (b"a\nb\nc\r\nd\r", "\n"),
        (b"a\rb\rc", "\r"),
        (b"a\nb\r\n", "\n"),
        (b"no line end", "\n"),
        (b"", "\n"),
    ],
)
def test_the_most_frequent_line_end_is_kept(tmp_path, data, newline):
    (tmp_path / "song.txt").write_bytes(data)
    opened = open_document(tmp_path / "song.txt")
    assert opened.format.newline == newline
    assert "\r" not in opened.text


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16-le", "cp1252"])
def test_an_edited_song_keeps_its_encoding(tmp_path, encoding):
    text = "où es-tu\nma chérie" if encoding == "cp1252" else "愛在風中\n我們不說再見"
    path = tmp_path / "song.txt"
    path.write_bytes(text.encode(encoding))
    opened = open_document(path)
    assert opened.text == text
    assert opened.format.guessed
    save_document(path, text + "\n" + text, opened.format)
    assert path.read_bytes() == (text + "\n" + text).encode(encoding)


def test_a_character_that_the_encoding_lacks_is_named_and_the_file_stays(tmp_path):
    path = tmp_path / "song.txt"
    path.write_bytes("été".encode("cp1252"))
    with pytest.raises(DocumentError, match=r"U\+7231.*save it as UTF-8"):
        save_document(path, "été 爱", FileFormat("cp1252"))
    assert path.read_bytes() == "été".encode("cp1252")
    with pytest.raises(DocumentError, match=r"U\+D800.*delete that character"):
        save_document(path, "a\ud800")


def test_missing_files_and_folders_are_refused_when_opened(tmp_path):
    with pytest.raises(DocumentError, match="does not exist"):
        open_document(tmp_path / "missing.txt")
    with pytest.raises(DocumentError, match="is a folder"):
        open_document(tmp_path)
    with pytest.raises(DocumentError, match="cannot be opened"):
        open_document(tmp_path / "a\0b")


def test_pipes_and_devices_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for special in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(DocumentError, match="device, pipe or socket"):
            open_document(special)
        with pytest.raises(DocumentError, match="device or pipe"):
            save_document(special, "text")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x89PNG\r\n\x1a\n", b"\0" * 100])
def test_a_file_that_is_not_text_is_refused(tmp_path, data):
    (tmp_path / "song.txt").write_bytes(data)
    with pytest.raises(DocumentError, match="not text"):
        open_document(tmp_path / "song.txt")


def test_a_file_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 2_000_000)
    path = tmp_path / "song.txt"
    path.write_bytes(b"a song\n\n" * 250_000)
    assert len(open_document(path).text) == 2_000_000
    path.write_bytes(b"a song\n\n" * 250_000 + b"a")
    with pytest.raises(DocumentError, match="larger than 2 MB"):
        open_document(path)


def test_a_vanished_folder_is_said_and_the_text_is_still_open(tmp_path):
    with pytest.raises(DocumentError, match=r"folder does not exist.*text is still open"):
        save_document(tmp_path / "gone" / "song.txt", "text")
    with pytest.raises(DocumentError, match="is a folder"):
        save_document(tmp_path, "text")


def test_a_disk_without_space_leaves_the_old_file(tmp_path):
    path = tmp_path / "song.txt"
    save_document(path, "old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(DocumentError, match="free some space"):
            save_document(path, "new " * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["song.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_protected_files_and_folders_are_refused(tmp_path):
    path = tmp_path / "song.txt"
    save_document(path, "old")
    path.chmod(0o400)
    with pytest.raises(DocumentError, match="write-protected"):
        save_document(path, "new")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DocumentError, match="Permission denied"):
            save_document(tmp_path / "other.txt", "new")
    finally:
        tmp_path.chmod(0o700)
    path.chmod(0)
    with pytest.raises(DocumentError, match="Permission denied"):
        open_document(path)


def test_escape_sequences_in_a_name_are_shown_as_symbols(tmp_path):
    with pytest.raises(DocumentError) as caught:
        open_document(tmp_path / "a\x1b[31m.txt")
    assert "␛[31m" in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_a_line_beyond_the_limit_is_refused_and_said_which(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("a\n" + "b" * documents.MAX_LINE_CHARACTERS, encoding="utf-8")
    assert open_document(path).text.startswith("a\nb")
    path.write_text("a\n" + "b" * (documents.MAX_LINE_CHARACTERS + 1), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"line 2 has 250,001 characters.*at most 250,000"):
        open_document(path)


def test_what_can_be_pasted_can_be_opened_again():
    for widest in ("夜", "a", "é"):
        text = widest * documents.MAX_TEXT_CHARACTERS
        assert len(text.encode()) <= documents.MAX_DOCUMENT_BYTES
