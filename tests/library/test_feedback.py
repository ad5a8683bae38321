"""What was shown and taken on disk: it comes back, and no file stops anything."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.errors import LyricistError
from lyricist.library.feedback import load_feedback, save_feedback
from lyricist.library.paths import paths

COUNTS = ((0.0, 0.0), (12.0, 3.0), (7.125, 0.5))


def write(data):
    file = paths().feedback_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def test_without_a_file_there_is_nothing():
    assert load_feedback() == ()


def test_counts_come_back():
    save_feedback(COUNTS)
    assert load_feedback() == COUNTS
    assert paths().feedback_file.parent == paths().state


def test_only_the_writer_may_read_it():
    save_feedback(COUNTS)
    if os.name != "nt":
        assert paths().feedback_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"3",
        b'{"format": 1}',
        b'{"format": 99, "bins": [[1, 1]]}',
        b'{"format": 1, "bins": 7}',
        b'{"format": 1, "bins": [[1]]}',
        b'{"format": 1, "bins": [[1, 2]]}',
        b'{"format": 1, "bins": [[-1, -2]]}',
        b'{"format": 1, "bins": [["1", "0"]]}',
        b'{"format": 1, "bins": [[true, false]]}',
        b'{"format": 1, "bins": [[NaN, 0]]}',
        b'{"format": 1, "bins": [[1e400, 0]]}',
        b'{"format": 1, "bins": [[1e9, 0]]}',
        b'{"format": 1, "bins": [[' + b"9" * 400 + b", 0]]}",
        b'{"format": 1, "bins": [' + b"[1, 0]," * 100 + b"[1, 0]]}",
        b"[" * 60_000,
        b" " * 100_000,
    ],
)
def test_a_damaged_file_is_no_feedback_and_is_replaced(data):
    write(data)
    assert load_feedback() == ()
    save_feedback(COUNTS)
    assert load_feedback() == COUNTS


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything(data):
    write(data)
    load_feedback()


def test_a_folder_in_its_place_is_no_feedback():
    paths().feedback_file.mkdir(parents=True)
    assert load_feedback() == ()


def test_a_disk_that_refuses_is_an_error_of_one_line():
    paths().state.parent.mkdir(parents=True, exist_ok=True)
    paths().state.write_text("in the way")
    with pytest.raises(LyricistError) as raised:
        save_feedback(COUNTS)
    assert "\n" not in str(raised.value)


def test_the_file_stays_small():
    save_feedback(((123456.789123, 1.0),) * 10_000)
    assert paths().feedback_file.stat().st_size < 2000
