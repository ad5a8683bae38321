"""A disk that is really full: what was there stays, and the draft finds another place."""

import os
import subprocess
import tempfile

import pytest

from lyricist.errors import DocumentError
from lyricist.library.documents import save_document
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.paths import paths


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk):
    with open(disk / "filler", "wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 4096)


@pytest.mark.parametrize("linked", [False, True])
def test_a_song_on_a_full_disk_stays_as_it_was(small_disk, linked):
    path = small_disk / "song.txt"
    save_document(path, "old\n" * 2000)
    if linked:
        os.link(path, small_disk / "other.txt")
    fill(small_disk)
    before = sorted(os.listdir(small_disk))
    with pytest.raises(DocumentError, match=r"not saved.*free some space.*text is still open"):
        save_document(path, "the new song\n" * 3000)
    assert path.read_text() == "old\n" * 2000
    assert sorted(os.listdir(small_disk)) == before
    assert not paths().recovery.exists() or not list(paths().recovery.iterdir())
    (small_disk / "filler").unlink()
    save_document(path, "the new song\n" * 3000)
    assert path.read_text() == "the new song\n" * 3000


def test_a_draft_that_finds_no_room_is_kept_elsewhere(small_disk, tmp_path, monkeypatch):
    monkeypatch.setenv("LYRICIST_HOME", str(small_disk))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store = DraftStore()
    assert store.keep(Draft("old", None, saved_at=1.0)) is None
    fill(small_disk)
    refuge = store.keep(Draft("words " * 2000, None, saved_at=2.0))
    assert refuge is not None and refuge.parent == tmp_path
    assert DraftStore().newest().text == "words " * 2000


def test_a_disk_that_is_mounted_to_read_only_is_said(small_disk):
    path = small_disk / "song.txt"
    save_document(path, "old")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(DocumentError, match=r"not saved|write-protected"):
        save_document(path, "new")
    assert path.read_text() == "old"
