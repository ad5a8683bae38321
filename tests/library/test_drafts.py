"""Unsaved text survives."""

import json
import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.errors import DocumentError
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.paths import paths


@settings(deadline=None, max_examples=50)
@given(
    st.text(st.characters()),
    st.none() | st.text(st.characters()),
    st.tuples(st.integers(0), st.integers(0)),
    st.floats(0, 1e12),
)
def test_a_draft_comes_back_as_it_was_kept(tmp_path_factory, text, path, cursor, saved_at):
    store = DraftStore(tmp_path_factory.getbasetemp() / "drafts")
    draft = Draft(text, path, cursor, saved_at)
    store.keep(draft)
    assert store.for_document(path) == draft
    store.discard(path)
    assert store.for_document(path) is None


def test_drafts_live_in_the_platforms_place_and_are_private():
    DraftStore().keep(Draft("text"))
    (file,) = paths().drafts.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(paths().drafts.stat().st_mode) == 0o700


def test_the_newest_draft_is_found_among_all(tmp_path):
    store = DraftStore(tmp_path / "drafts")
    assert store.newest() is None
    store.keep(Draft("old", None, saved_at=5.0))
    store.keep(Draft("new", "/songs/a.txt", saved_at=9.0))
    store.keep(Draft("middle", "/songs/b.txt", saved_at=7.0))
    assert store.newest() == Draft("new", "/songs/a.txt", saved_at=9.0)
    store.discard("/songs/a.txt")
    assert store.newest().text == "middle"


def test_a_document_has_one_draft_whatever_path_leads_to_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path)
    store = DraftStore(tmp_path / "drafts")
    store.keep(Draft("first", "song.txt"))
    store.keep(Draft("second", str(tmp_path / "song.txt")))
    assert store.for_document(tmp_path / "link" / "song.txt").text == "second"
    assert len(list((tmp_path / "drafts").iterdir())) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"text": 5, "path": null, "cursor": [0, 0], "saved_at": 1}',
        b'{"text": "a", "path": null, "cursor": [0, -1], "saved_at": 1}',
        b'{"text": "a", "path": null, "cursor": 3, "saved_at": 1}',
        b'{"text": "a", "path": null, "cursor": [0, 0], "saved_at": "x"}',
        b'{"text": "a", "path": null}',
    ],
)
def test_a_damaged_draft_is_set_aside_and_the_others_are_found(tmp_path, data):
    store = DraftStore(tmp_path)
    store.keep(Draft("whole", "/songs/a.txt", saved_at=1.0))
    (tmp_path / "untitled.json").write_bytes(data)
    assert store.newest().text == "whole"
    assert store.for_document(None) is None
    assert (tmp_path / "untitled.json.corrupt-1").read_bytes() == data
    (tmp_path / "untitled.json").write_bytes(data)
    assert store.for_document(None) is None
    assert (tmp_path / "untitled.json.corrupt-2").exists()
    assert store.newest().text == "whole"


def test_a_pipe_among_the_drafts_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "x.json")
    assert DraftStore(tmp_path).newest() is None


def test_fields_of_a_later_version_are_passed_over(tmp_path):
    store = DraftStore(tmp_path)
    store.keep(Draft("text"))
    file = tmp_path / "untitled.json"
    header, text = file.read_text().split("\n")
    file.write_text(json.dumps({**json.loads(header), "later": 1}) + "\n" + text)
    assert store.newest().text == "text"


def test_drafts_of_the_first_version_are_still_read(tmp_path):
    fields = {"text": "夜\n\ud800", "path": None, "cursor": [1, 0], "saved_at": 3.0}
    (tmp_path / "untitled.json").write_text(json.dumps({"format": 1, **fields}))
    assert DraftStore(tmp_path).for_document(None) == Draft("夜\n\ud800", None, (1, 0), 3.0)


def test_the_text_of_a_draft_is_stored_as_it_is(tmp_path):
    DraftStore(tmp_path).keep(Draft("第一行\n\nline"))
    data = (tmp_path / "untitled.json").read_bytes()
    assert data.partition(b"\n")[2] == "第一行\n\nline".encode()


def test_a_draft_that_lost_its_end_is_set_aside(tmp_path):
    store = DraftStore(tmp_path)
    store.keep(Draft("a whole text"))
    file = tmp_path / "untitled.json"
    file.write_bytes(file.read_bytes()[:-3])
    assert store.for_document(None) is None
    assert (tmp_path / "untitled.json.corrupt-1").exists()


def test_a_draft_is_on_the_disk_before_it_takes_the_place_of_the_older_one(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, n=name, r=real: (calls.append(n), r(*a))[1])
    DraftStore(tmp_path).keep(Draft("text"))
    assert calls == ["fsync", "replace", "fsync"]


def test_a_draft_that_cannot_be_kept_is_an_error_in_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DocumentError, match="draft cannot be kept"):
        DraftStore(tmp_path / "file" / "drafts").keep(Draft("text"))


@pytest.mark.parametrize("time", ["9" * 400, "NaN", "1e300"])
def test_a_draft_of_no_time_is_set_aside(tmp_path, time):
    old = '{"format": 1, "text": "a", "path": null, "cursor": [0, 0], "saved_at": %s}'
    (tmp_path / "untitled.json").write_text(old % time)
    assert DraftStore(tmp_path).newest() is None
    assert (tmp_path / "untitled.json.corrupt-1").exists()
