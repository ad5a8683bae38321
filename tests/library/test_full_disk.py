"""A disk that is really full: what was there stays, and the draft finds another place."""

import os
import tempfile

import pytest
from small_disk import fill, remount, small_disk

from lyricist.errors import DocumentError
from lyricist.library.documents import save_document
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.paths import paths


@pytest.fixture
def disk(tmp_path):
    """A disk of 64 kB."""
    with small_disk(tmp_path / "disk") as mounted:
        yield mounted


@pytest.mark.parametrize("linked", [False, True])
def test_a_song_on_a_full_disk_stays_as_it_was(disk, linked):
    path = disk / "song.txt"
    save_document(path, "old\n" * 2000)
    if linked:
        os.link(path, disk / "other.txt")
    fill(disk)
    before = sorted(os.listdir(disk))
    with pytest.raises(DocumentError, match=r"not saved.*free some space.*text is still open"):
        save_document(path, "the new song\n" * 3000)
    assert path.read_text() == "old\n" * 2000
    assert sorted(os.listdir(disk)) == before
    assert not paths().recovery.exists() or not list(paths().recovery.iterdir())
    (disk / "filler").unlink()
    save_document(path, "the new song\n" * 3000)
    assert path.read_text() == "the new song\n" * 3000


def test_a_draft_that_finds_no_room_is_kept_elsewhere(disk, tmp_path, monkeypatch):
    monkeypatch.setenv("LYRICIST_HOME", str(disk))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store = DraftStore()
    assert store.keep(Draft("old", None, saved_at=1.0)) is None
    fill(disk)
    refuge = store.keep(Draft("words " * 2000, None, saved_at=2.0))
    assert refuge is not None and refuge.parent == tmp_path
    assert DraftStore().newest().text == "words " * 2000


def test_a_disk_that_is_mounted_to_read_only_is_said(disk):
    path = disk / "song.txt"
    save_document(path, "old")
    remount(disk, "ro")
    with pytest.raises(DocumentError, match=r"not saved|write-protected"):
        save_document(path, "new")
    assert path.read_text() == "old"
