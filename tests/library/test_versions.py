"""Versions of a song: restorable, private, bounded, and no damage to one harms the others."""

import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.errors import LyricistError
from lyricist.library import thinning, versions
from lyricist.library.paths import paths
from lyricist.library.set_aside import take_notices
from lyricist.library.thinning import Kept, superfluous, superfluous_of_all
from lyricist.library.versions import MODEL, OPENED, SAVED, VersionStore

DAY = 86_400.0


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters()), st.sampled_from([SAVED, MODEL, OPENED]), st.text(max_size=9))
def test_a_version_comes_back_as_it_was_kept(tmp_path_factory, text, cause, model):
    store = VersionStore("song.txt", tmp_path_factory.mktemp("versions"))
    assert store.keep(text, cause, model, now=5.0)
    (version,) = store.newest_first()
    assert (version.cause, version.model, version.saved_at) == (cause, model, 5.0)
    assert store.text(version) == text


def test_versions_are_private_and_apart_by_document(tmp_path):
    VersionStore(tmp_path / "a.txt").keep("a", SAVED)
    VersionStore(tmp_path / "b.txt").keep("b", SAVED)
    VersionStore(None).keep("nowhere yet", SAVED)
    for folder in (paths().versions, *paths().versions.iterdir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [file for folder in paths().versions.iterdir() for file in folder.iterdir()]
    assert len(files) == 3
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    store = VersionStore(tmp_path / "a.txt")
    assert [store.text(version) for version in store.newest_first()] == ["a"]
    store.forget()
    assert not store.newest_first()
    assert VersionStore(tmp_path / "b.txt").newest_first()


def test_what_has_not_changed_is_kept_once_and_the_newest_comes_first():
    store = VersionStore("song.txt")
    assert store.keep("one", SAVED, now=100.0)
    assert not store.keep("one", MODEL, now=101.0)
    assert store.keep("two", SAVED, now=50.0), "the clock was set back"
    assert store.keep("one", SAVED, now=60.0)
    assert [store.text(version) for version in store.newest_first()] == ["one", "two", "one"]


def test_versions_of_a_song_without_a_file_go_with_it(tmp_path):
    untitled, named = VersionStore(None), VersionStore(tmp_path / "song.txt")
    untitled.keep("first", MODEL)
    untitled.move_to(tmp_path / "song.txt")
    named.keep("second", SAVED)
    assert [named.text(version) for version in named.newest_first()] == ["second", "first"]
    assert untitled.newest_first() == []


def test_many_saves_stay_within_bounds_and_the_newest_is_always_there(monkeypatch):
    monkeypatch.setattr(thinning, "MOST", 20)
    store = VersionStore("song.txt")
    for number in range(60):
        store.keep(f"text {number}", SAVED, now=number * 600.0)
        found = store.newest_first()
        assert len(found) <= 20
        assert store.text(found[0]) == f"text {number}"
    texts = [store.text(version) for version in store.newest_first()]
    assert texts[:10] == [f"text {number}" for number in range(59, 49, -1)]
    assert texts[-1] == "text 0", "the first one stays for as long as there is room"


def test_texts_too_large_for_all_to_stay_leave_at_least_the_newest(monkeypatch):
    monkeypatch.setattr(thinning, "MOST_BYTES", 50_000)
    store = VersionStore("song.txt")
    for number in range(8):
        store.keep(os.urandom(10_000).hex() + str(number), SAVED, now=float(number))
    sizes = [version.file.stat().st_size for version in store.newest_first()]
    assert sum(sizes) <= 50_000 and len(sizes) >= 3
    store.keep(os.urandom(60_000).hex(), SAVED)
    assert [version.characters for version in store.newest_first()] == [120_000]


def test_after_a_year_old_versions_lie_further_apart_than_new_ones(tmp_path):
    kept, now = [], 0.0
    for number in range(2000):
        now = number * DAY / 5
        kept.append(Kept(tmp_path / str(number), now, 1000))
        gone = set(superfluous(kept, now))
        kept = [one for one in kept if one.file not in gone]
    ages = [(now - one.saved_at) / DAY for one in kept]
    assert len(kept) == thinning.MOST
    assert sum(age <= 2 for age in ages) >= 9
    assert sum(2 < age <= 30 for age in ages) >= 8
    assert sum(age > 100 for age in ages) >= 4
    assert sum(age > 100 for age in ages) < sum(age <= 30 for age in ages)


def test_all_songs_together_are_bounded_and_each_keeps_its_newest(tmp_path, monkeypatch):
    monkeypatch.setattr(thinning, "MOST_BYTES_OF_ALL", 1000)
    songs = [
        [Kept(tmp_path / f"{song}-{n}", 10.0 * song + n, 200) for n in range(4)]
        for song in range(3)
    ]
    gone = {file.name for file in superfluous_of_all(songs)}
    assert gone == {"0-0", "0-1", "0-2", "1-0", "1-1", "1-2", "2-0"}


def test_keeping_a_version_thins_those_of_other_songs(monkeypatch):
    monkeypatch.setattr(thinning, "MOST_BYTES_OF_ALL", 3000)
    monkeypatch.setattr(VersionStore, "_since_looked_at_all", 0)
    for song in range(3):
        for _ in range(10):
            VersionStore(f"{song}.txt").keep(os.urandom(200).hex(), SAVED)
    monkeypatch.setattr(VersionStore, "_since_looked_at_all", 0)
    VersionStore("3.txt").keep("the last", SAVED)
    files = list(paths().versions.glob("*/*.version"))
    assert sum(file.stat().st_size for file in files) <= 3000
    assert all(VersionStore(f"{song}.txt").newest_first() for song in range(4))


@pytest.mark.parametrize("damage", ["cut", "header", "flipped", "empty", "folder", "pipe", "bomb"])
def test_a_damaged_version_is_set_aside_and_the_others_are_there(damage):
    store = VersionStore("song.txt")
    for text in ("one", "two " * 100, "three"):
        store.keep(text, SAVED)
    file = store.newest_first()[1].file
    data = file.read_bytes()
    file.unlink()
    if damage == "cut":
        file.write_bytes(data[:-5])
    elif damage == "header":
        file.write_bytes(b'{"format": 9}\n' + data)
    elif damage == "flipped":
        file.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "folder":
        file.mkdir()
    elif damage == "pipe":
        os.mkfifo(file)
    elif damage == "bomb":
        file.write_bytes(data.partition(b"\n")[0] + b"\n" + versions._packed("0" * 9_000_000)[0])
    texts = []
    for version in store.newest_first():
        try:
            texts.append(store.text(version))
        except LyricistError as error:
            assert "damaged" in str(error)
    assert texts == ["three", "one"]
    assert os.path.lexists(f"{file}.corrupt-1") and not os.path.lexists(file)
    assert any("corrupt-1" in notice for notice in take_notices())
    assert store.keep("four", SAVED)


def test_a_disk_that_refuses_is_an_error_in_one_line(tmp_path):
    (tmp_path / "versions").write_text("in the way")
    with pytest.raises(LyricistError):
        VersionStore("song.txt", tmp_path / "versions").keep("text", SAVED)
    assert (tmp_path / "versions").read_text() == "in the way"
