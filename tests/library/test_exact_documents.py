"""What the writer does not change keeps its very bytes (random ones: `tests/soak`)."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.errors import DocumentError
from lyricist.library.documents import open_document, save_document
from lyricist.text.exact import stand_ins

# A disk in memory where there is one: thousands of files are made durable.
DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None


@pytest.fixture(scope="module")
def song():
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        yield Path(folder) / "song.txt"


def opened_from(path, data):
    path.write_bytes(data)
    try:
        return open_document(path)
    except DocumentError:
        return None


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "la", "night"]), st.sampled_from(["\n", "\r\n", "\r"]))
    ),
    st.sampled_from(["", "la", "day"]),
    st.data(),
)
def test_a_song_of_any_line_ends_is_read_as_it_was_saved(song, lines, last, drawn):
    opened = opened_from(song, "".join(line + end for line, end in lines).encode() + last.encode())
    start = drawn.draw(st.integers(0, len(opened.text)))
    end = drawn.draw(st.integers(start, len(opened.text)))
    text = opened.text[:start] + drawn.draw(st.text("\nab", max_size=4)) + opened.text[end:]
    save_document(song, text, opened.format, opened)
    assert open_document(song).text == text


def test_in_a_file_of_mixed_line_ends_only_the_edited_line_changes(song):
    opened = opened_from(song, b"one\r\ntwo\nthree\rfour\n\nfive\r\nsix")
    text = opened.text.replace("three", "three and a half").replace("two\n", "two\nanother\n")
    saved = save_document(song, text, opened.format, opened)
    mixed = b"one\r\ntwo\nanother\nthree and a half\rfour\n\nfive\r\nsix"
    assert song.read_bytes() == mixed
    saved = save_document(song, saved.text.removeprefix("one\n"), saved.format, saved)
    assert song.read_bytes() == mixed.removeprefix(b"one\r\n")
    short = save_document(song, "five\nsix", saved.format, saved)
    assert song.read_bytes() == b"five\r\nsix"
    save_document(song, "five\nsix!", short.format, short)
    assert song.read_bytes() == b"five\r\nsix!", "the line end is not the usual one, but its own"


@pytest.mark.parametrize(
    ("data", "strange"),
    [
        ("夜晚的灯火还在风中".encode() * 3 + b"\xe5\xa4", 2),
        ("我们不说再见，风吹过窗台".encode("gb18030") * 6 + b"\xff", 1),
        (b"\xef\xbb\xbfa mark, and then \xfe\xff", 2),
        (b"\xff\xfe" + "one ".encode("utf-16-le") + b"\x00\xd8" + b"a\0", 1),
        ("déjà vu ".encode("cp1252") * 20 + b"\0", 0),
    ],
)
def test_a_song_with_a_few_bytes_that_are_no_text_opens_and_keeps_them(song, data, strange):
    opened = opened_from(song, data)
    assert stand_ins(opened.text) == strange
    save_document(song, opened.text + "!", opened.format, opened)
    assert song.read_bytes() == data + "!".encode(opened.format.encoding)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)),
        b"\x89PNG\r\n\x1a\n" + b"text " * 100,
        b"\0" * 100,
        b"ID3\x04" + bytes(range(128, 256)) * 4,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_clearly_no_text_stays_closed(song, data):
    song.write_bytes(data)
    with pytest.raises(DocumentError, match=r"cannot be opened: it"):
        open_document(song)
