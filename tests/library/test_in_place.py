"""A file that cannot be replaced is written over, and what was in it is never lost."""

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lyricist.errors import DocumentError
from lyricist.library import in_place
from lyricist.library.atomic import NotReplaceableError, write_bytes
from lyricist.library.documents import open_document, save_document
from lyricist.library.in_place import finish_all_writes, write_anyhow
from lyricist.library.paths import paths

OLD, NEW = b"the old words of the song\n" * 400, b"quite other words, and fewer\n" * 300


@pytest.fixture
def linked(tmp_path):
    """A file with two names."""
    path = tmp_path / "song.txt"
    path.write_bytes(OLD)
    os.link(path, tmp_path / "other name.txt")
    return path


def kept():
    """What is kept of writes that are not done."""
    return sorted(file.name for file in paths().recovery.glob("*"))


def test_a_file_with_two_names_keeps_both(linked):
    linked.chmod(0o640)
    with pytest.raises(NotReplaceableError):
        write_bytes(linked, NEW, strict=True)
    save_document(linked, NEW.decode())
    assert linked.with_name("other name.txt").read_bytes() == NEW
    assert linked.stat().st_nlink == 2
    assert stat.S_IMODE(linked.stat().st_mode) == 0o640
    assert kept() == []


def test_what_is_kept_meanwhile_is_private(linked, monkeypatch):
    seen = []
    overwrite = in_place._overwrite

    def look(descriptor, data):
        (record,) = paths().recovery.iterdir()
        seen.append((stat.S_IMODE(record.stat().st_mode), OLD in record.read_bytes()))
        overwrite(descriptor, data)

    monkeypatch.setattr(in_place, "_overwrite", look)
    write_anyhow(linked, NEW)
    assert seen == [(0o600, True)]
    assert stat.S_IMODE(paths().recovery.stat().st_mode) == 0o700


@pytest.mark.parametrize("call", ["write", "ftruncate", "fsync"])
def test_a_disk_that_refuses_half_way_leaves_the_old_content(linked, monkeypatch, call):
    inode = os.stat(linked).st_ino
    real = getattr(os, call)
    refused = []

    def refuse_once(descriptor, *args):
        if os.fstat(descriptor).st_ino != inode or refused:
            return real(descriptor, *args)
        refused.append(call)
        if call == "write":
            real(descriptor, args[0][:1000])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, refuse_once)
    with pytest.raises(DocumentError, match="not saved"):
        save_document(linked, NEW.decode())
    monkeypatch.undo()
    assert refused == [call]
    assert linked.read_bytes() == OLD
    assert kept() == []


KILLED = """
import os, signal, sys
from lyricist.library.in_place import write_anyhow
from pathlib import Path
path, new, bytes_written = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3])
inode, write = os.stat(path).st_ino, os.write
def half(descriptor, data):
    if os.fstat(descriptor).st_ino == inode:
        write(descriptor, data[:bytes_written])
        os.kill(os.getpid(), signal.SIGKILL)
    return write(descriptor, data)
os.write = half
write_anyhow(path, new)
"""


def killed_half_way(path, tmp_path, count):
    (tmp_path / "new").write_bytes(NEW)
    arguments = [str(path), str(tmp_path / "new"), str(count)]
    process = subprocess.run([sys.executable, "-c", KILLED, *arguments])
    assert process.returncode == -9
    assert path.read_bytes() == NEW[:count] + OLD[count:]


def test_a_write_that_was_killed_half_way_is_finished_when_the_song_is_opened(linked, tmp_path):
    killed_half_way(linked, tmp_path, 5000)
    assert open_document(linked).original == NEW
    assert linked.stat().st_nlink == 2
    assert kept() == []


def test_all_writes_that_were_killed_are_finished_at_a_start(linked, tmp_path):
    killed_half_way(linked, tmp_path, 1)
    finish_all_writes()
    assert linked.read_bytes() == NEW
    assert kept() == []


def test_a_write_that_was_killed_before_it_began_leaves_the_old_content(linked, tmp_path):
    killed_half_way(linked, tmp_path, 0)
    assert open_document(linked).original == OLD
    assert kept() == []


def test_what_another_program_wrote_meanwhile_is_left_alone(linked, tmp_path):
    killed_half_way(linked, tmp_path, 5000)
    linked.write_bytes(b"somebody has mended it")
    assert open_document(linked).original == b"somebody has mended it"
    (name,) = kept()
    assert ".kept-" in name and OLD in (paths().recovery / name).read_bytes()


def test_a_damaged_record_is_set_aside(linked):
    paths().recovery.mkdir(parents=True)
    for damaged in (b"", b"{}\nx", b"\xff", b"[" * 100_000, b'{"path": 3, "old": 1, "new": 1}\nab'):
        in_place._record_of(linked).write_bytes(damaged)
        finish_all_writes()
        assert open_document(linked).original == OLD
    assert len(kept()) == 5 and all(".corrupt-" in name for name in kept())


AS_NOBODY = """
import os, sys
from pathlib import Path
from lyricist.errors import LyricistError
from lyricist.library.documents import save_document
os.setgid(65534); os.setuid(65534)
try:
    save_document(Path(sys.argv[1]), "new")
except LyricistError as error:
    print(error)
"""


@pytest.fixture
def songs(monkeypatch):
    """A folder that everybody may enter, with a home beside it."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    with tempfile.TemporaryDirectory() as root:
        for name in ("", "home", "songs"):
            (Path(root) / name).mkdir(exist_ok=True)
            (Path(root) / name).chmod(0o777)
        monkeypatch.setenv("LYRICIST_HOME", str(Path(root) / "home"))
        (Path(root) / "songs" / "song.txt").write_bytes(b"old")
        yield Path(root) / "songs"


def save_as_nobody(path):
    command = [sys.executable, "-c", AS_NOBODY, str(path)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def test_a_file_in_a_folder_that_is_closed_is_written_over(songs):
    path = songs / "song.txt"
    os.chown(path, 65534, 65534)
    songs.chmod(0o555)
    assert save_as_nobody(path) == ""
    assert path.read_bytes() == b"new"
    path.chmod(0o444)
    assert "write-protected" in save_as_nobody(path)
    assert path.read_bytes() == b"new"


def test_a_file_of_somebody_else_stays_theirs(songs):
    path = songs / "song.txt"
    path.chmod(0o666)
    assert save_as_nobody(path) == ""
    assert path.read_bytes() == b"new"
    assert path.stat().st_uid == 0
