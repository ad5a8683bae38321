"""A file is old or new, never torn."""

import os
import stat

import pytest

from lyricist.library import atomic
from lyricist.library.atomic import free_sibling, write_bytes


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


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_whatever_fails_the_old_file_stays_and_no_rest(tmp_path, monkeypatch, call):
    path = tmp_path / "song.txt"
    path.write_bytes(b"old")

    def refuse(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, call, refuse)
    with pytest.raises(OSError, match="No space"):
        write_bytes(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["song.txt"]


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
