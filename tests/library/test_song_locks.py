"""A song is written by one window at a time."""

import json
import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from lyricist.library.paths import paths
from lyricist.library.song_locks import UNKNOWN, SongLock, lock_of, untitled_lock

OPEN_AND_WAIT = """
import sys
from lyricist.library.song_locks import lock_of
lock = lock_of(sys.argv[1])
holder = lock.acquire()
print("held" if holder else "mine", flush=True)
sys.stdin.readline()
lock.release()
"""


@pytest.fixture
def windows():
    """Starts processes that open a song; all of them end with the test."""
    started = []

    def start(path):
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", OPEN_AND_WAIT, str(path)]
        started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def note_of(lock):
    return paths().locks / f"{lock.key}.json"


def test_the_second_window_is_told_who_has_the_song(tmp_path, windows):
    other = windows(tmp_path / "song.txt")
    assert other.stdout.readline() == "mine\n"
    link = tmp_path / "link.txt"
    link.symlink_to("song.txt")
    for path in (tmp_path / "song.txt", link):
        holder = lock_of(path).acquire()
        assert holder.pid == other.pid
        assert abs(holder.since - time.time()) < 60
        assert holder.host
    assert lock_of(tmp_path / "another.txt").acquire() is None
    for file in paths().locks.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_window_that_was_killed_never_asks(tmp_path, windows):
    other = windows(tmp_path / "song.txt")
    other.stdout.readline()
    other.send_signal(signal.SIGKILL)
    lock = lock_of(tmp_path / "song.txt")
    # Its parent, this test, has not taken note of its end when the lock is free already.
    end = time.monotonic() + 10
    while lock.acquire() is not None:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert lock.is_ours()


def test_a_window_that_was_closed_leaves_no_note(tmp_path, windows):
    other = windows(tmp_path / "song.txt")
    other.stdout.readline()
    other.communicate("\n")
    lock = lock_of(tmp_path / "song.txt")
    assert not note_of(lock).exists()
    assert lock.acquire() is None


@pytest.mark.parametrize(
    "note",
    [
        {"boot": "an earlier start of the computer"},
        {"pid": 2**30},
        {"started": "when another process had this number"},
        {"host": "another computer"},
        {"pid": "?"},
        [],
        None,
    ],
)
def test_a_note_without_a_lock_is_only_a_rest(tmp_path, note):
    lock, other = lock_of(tmp_path / "song.txt"), lock_of(tmp_path / "song.txt")
    other.acquire()
    fields = json.loads(note_of(other).read_text())
    other.release()
    written = {**fields, **note} if isinstance(note, dict) else note
    note_of(lock).write_text(json.dumps(written))
    assert lock.acquire() is None
    assert lock.is_ours()


def test_a_lock_without_a_note_is_somebodys_all_the_same(tmp_path, windows):
    other = windows(tmp_path / "song.txt")
    other.stdout.readline()
    lock = lock_of(tmp_path / "song.txt")
    note_of(lock).write_bytes(b"\xff")
    assert lock.acquire() == UNKNOWN


def test_of_twenty_windows_that_start_together_one_may_write(tmp_path, windows):
    started = [windows(tmp_path / "song.txt") for _ in range(20)]
    answers = [process.stdout.readline().strip() for process in started]
    assert sorted(answers) == ["held"] * 19 + ["mine"]


def test_who_takes_over_may_write_and_the_other_finds_out(tmp_path):
    first, second = lock_of(tmp_path / "song.txt"), lock_of(tmp_path / "song.txt")
    assert first.acquire() is None
    assert second.acquire().pid == os.getpid()
    second.take_over()
    assert second.is_ours()
    assert not first.is_ours()
    assert second.is_ours()
    assert first.acquire().token == json.loads(note_of(first).read_text())["token"]
    # By now the second one has the system's lock as well.
    second.release()
    assert first.acquire() is None
    assert not second.is_ours()


def test_nobody_comes_between_who_takes_over_and_who_lets_go(tmp_path):
    first, second, third = (lock_of(tmp_path / "song.txt") for _ in range(3))
    first.acquire()
    second.take_over()
    assert not first.is_ours()
    assert third.acquire() is not None
    assert second.is_ours()


def test_a_window_that_never_noticed_goes_on_when_the_other_is_gone(tmp_path):
    first, second = lock_of(tmp_path / "song.txt"), lock_of(tmp_path / "song.txt")
    first.acquire()
    second.take_over()
    second.release()
    assert first.is_ours()
    assert second.acquire() is not None


def test_songs_without_a_file_have_a_lock_of_their_own_in_each_window():
    first, second = untitled_lock(), untitled_lock()
    assert [first.key, second.key] == ["untitled", "untitled-2"]
    first.release()
    assert untitled_lock().key == "untitled"
    assert SongLock("untitled-2").acquire() is not None
