"""Where drafts go when their own folder cannot take them, and those of several windows."""

import os
import resource
import stat
import tempfile

import pytest

from lyricist.errors import DocumentError
from lyricist.library.draft_file import Draft
from lyricist.library.draft_refuge import draft_refuge
from lyricist.library.drafts import DraftStore
from lyricist.library.paths import paths


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The usual store, with a place for temporary files of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return DraftStore()


@pytest.fixture
def broken_state(home):
    """A state folder that cannot be."""
    (home / "state").write_text("in the way")


def test_a_draft_that_its_folder_cannot_take_is_kept_elsewhere_and_found(store, broken_state):
    refuge = store.keep(Draft("words", None, (0, 5), 1.0))
    assert refuge == draft_refuge()
    assert stat.S_IMODE(refuge.stat().st_mode) == 0o700
    assert DraftStore().newest() == Draft("words", None, (0, 5), 1.0)
    assert DraftStore().for_document(None).text == "words"
    store.discard(None)
    assert DraftStore().newest() is None


def test_once_its_folder_takes_it_again_the_one_elsewhere_is_gone(store, home, broken_state):
    store.keep(Draft("words", None, saved_at=1.0))
    (home / "state").unlink()
    assert store.keep(Draft("more words", None, saved_at=2.0)) is None
    assert list(store.refuge.iterdir()) == []
    assert DraftStore().newest().text == "more words"


def test_of_two_drafts_of_one_song_the_newer_counts(store, home):
    store.keep(Draft("words", None, saved_at=1.0))
    os.rename(home / "state", home / "away")
    (home / "state").write_text("in the way")
    assert store.keep(Draft("more words", None, saved_at=2.0)) == store.refuge
    (home / "state").unlink()
    os.rename(home / "away", home / "state")
    assert store.for_document(None).text == "more words"
    assert store.newest().text == "more words"


def test_a_full_disk_refuses_both_places_and_the_older_draft_stays(store):
    store.keep(Draft("words", None, saved_at=1.0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with pytest.raises(DocumentError, match="draft cannot be kept"):
            store.keep(Draft("more words " * 100, None, saved_at=2.0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.newest().text == "words"


@pytest.mark.parametrize("trap", ["open to all", "a link"])
def test_a_folder_that_somebody_else_may_have_made_is_not_used(store, tmp_path, broken_state, trap):
    if trap == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        store.refuge.symlink_to(tmp_path / "elsewhere")
    else:
        store.refuge.mkdir()
        store.refuge.chmod(0o777)
    (store.refuge / "untitled.json").write_text('{"text": "not mine"}')
    with pytest.raises(DocumentError):
        store.keep(Draft("words"))
    assert DraftStore().newest() is None


def test_songs_without_a_file_do_not_overwrite_each_other(store):
    other = DraftStore()
    other.untitled = "untitled-2"
    store.keep(Draft("one", None, saved_at=1.0))
    other.keep(Draft("two", None, saved_at=2.0))
    assert store.for_document(None).text == "one"
    assert other.for_document(None).text == "two"
    assert [name for name, _ in store.newest_first()] == ["untitled-2", "untitled"]
    other.discard(None)
    assert [file.name for file in paths().drafts.iterdir()] == ["untitled.json"]
