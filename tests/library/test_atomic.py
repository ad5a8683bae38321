"""A file is old or new, never torn."""

import errno
import os
import stat
import subprocess
import sys

import pytest

from lyricist.library import atomic
from lyricist.library.atomic import TEMPORARY_PREFIX, free_sibling, remove_leftovers, write_bytes


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_content_is_replaced_and_nothing_else_stays(tmp_path):
    path = tmp_path / "song.txt"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert names(tmp_path) == ["song.txt"]


def test_new_files_are_private_and_old_ones_keep_their_mode(tmp_path):
    path = tmp_path / "song.txt"
    write_bytes(path, b"one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o664)
    write_bytes(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_links_stay_links(tmp_path):
    target = tmp_path / "real" / "song.txt"
    target.parent.mkdir()
    target.write_bytes(b"one")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    write_bytes(link, b"two")
    assert link.is_symlink()
    assert target.read_bytes() == b"two"
    assert names(tmp_path / "real") == ["song.txt"]


def test_owner_and_attributes_are_kept(tmp_path):
    path = tmp_path / "song.txt"
    path.write_bytes(b"one")
    if os.geteuid() == 0:
        os.chown(path, 1234, 4321)
    try:
        os.setxattr(path, "user.mood", b"blue")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    write_bytes(path, b"two")
    assert os.getxattr(path, "user.mood") == b"blue"
    if os.geteuid() == 0:
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


def test_links_that_are_relative_or_lead_nowhere_stay_links(tmp_path):
    (tmp_path / "songs").mkdir()
    link = tmp_path / "link.txt"
    link.symlink_to("songs/new.txt")
    write_bytes(link, b"one")
    assert os.readlink(link) == "songs/new.txt"
    assert (tmp_path / "songs" / "new.txt").read_bytes() == b"one"


CALLS = ("open", "write", "chmod", "fsync", "close", "replace", "setxattr", "chown")


@pytest.fixture
def broken_call(monkeypatch):
    """Lets the N-th system call fail; the others go through."""

    def break_at(number):
        count = 0

        def failing(name, call):
            def instead(*args, **kwargs):
                nonlocal count
                count += 1
                # What is closed is closed, whatever is said about it.
                result = call(*args, **kwargs) if name == "close" else None
                if count == number:
                    raise OSError(errno.EIO, "Input/output error")
                return result if name == "close" else call(*args, **kwargs)

            return instead

        for name in CALLS:
            if hasattr(os, name):
                monkeypatch.setattr(atomic.os, name, failing(name, getattr(os, name)))
        return lambda: count

    return break_at


def test_whichever_call_fails_the_file_is_old_or_new_and_no_rest_is_left(
    tmp_path, monkeypatch, broken_call
):
    path = tmp_path / "song.txt"
    seen = set()
    for number in range(1, 100):
        path.write_bytes(b"old")
        calls = broken_call(number)
        try:
            write_bytes(path, b"new")
        except OSError:
            failed = True
        else:
            failed = calls() >= number
        monkeypatch.undo()
        content = path.read_bytes()
        seen.add(content)
        assert content in (b"old", b"new")
        assert names(tmp_path) == ["song.txt"]
        if not failed:
            assert content == b"new"
            break
    assert number > 8, "all calls were tried"
    assert seen == {b"old", b"new"}


def test_what_killed_processes_left_is_removed_and_what_others_write_is_not(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"{TEMPORARY_PREFIX}{ended.pid}-00ff.tmp"
    fresh = tmp_path / f"{TEMPORARY_PREFIX}{ended.pid}-00aa.tmp"
    being_written = tmp_path / f"{TEMPORARY_PREFIX}{os.getpid()}-00ff.tmp"
    somebody_elses = tmp_path / ".lyricist-notes.tmp"
    for file in (left, being_written, somebody_elses, fresh):
        file.write_bytes(b"x")
        if file != fresh:
            os.utime(file, (1, 1))
    remove_leftovers(tmp_path)
    assert names(tmp_path) == sorted(f.name for f in (being_written, somebody_elses, fresh))
    remove_leftovers(tmp_path / "gone")


def test_a_missing_folder_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_bytes(tmp_path / "gone" / "song.txt", b"x")


def test_the_new_name_is_durable_before_the_call_returns(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(
        atomic.os,
        "fsync",
        lambda fd: (synced.append(stat.S_ISDIR(os.fstat(fd).st_mode)), fsync(fd)),
    )
    write_bytes(tmp_path / "song.txt", b"x")
    assert synced == [False, True]


def test_a_free_name_is_found_beside_a_file(tmp_path):
    path = tmp_path / "a.toml"
    assert free_sibling(path, "broken").name == "a.toml.broken-1"
    (tmp_path / "a.toml.broken-1").symlink_to("nowhere")
    assert free_sibling(path, "broken").name == "a.toml.broken-2"
