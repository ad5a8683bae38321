"""What was chosen for one song is there again when it is opened, and never stops it."""

import pytest

from lyricist.errors import LyricistError
from lyricist.library.paths import paths
from lyricist.library.song_notes import MAX_VERSIONS, Follow, SongNotes, load_notes, save_notes


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LYRICIST_HOME", str(tmp_path / "home"))
    return tmp_path


def notes_of_all_kinds():
    notes = SongNotes()
    notes.choose_reading("银行行长", 2, "hang2")
    notes.remember_version("the old line", "the new line")
    notes.follow(Follow("[Verse 2]", 0, "[Verse 1]", 0))
    return notes


def test_notes_come_back(home):
    song = home / "song.txt"
    save_notes(song, notes_of_all_kinds())
    assert load_notes(song) == notes_of_all_kinds()
    assert load_notes(home / "other.txt") == SongNotes()


def test_nothing_chosen_leaves_no_file(home):
    save_notes(home / "song.txt", SongNotes())
    assert not paths().notes.exists()


def test_what_was_taken_back_is_gone(home):
    save_notes(home / "song.txt", notes_of_all_kinds())
    save_notes(home / "song.txt", SongNotes())
    assert load_notes(home / "song.txt") == SongNotes()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 9}',
        b'{"format": 1, "readings": {"a": 3}, "versions": {}, "follows": []}',
        b'{"format": 1, "readings": {}, "versions": {"a": [3]}, "follows": []}',
        b'{"format": 1, "readings": {"a": {"0": "no pinyin"}}, "versions": {}, "follows": []}',
        b'{"format": 1, "readings": {"a": {"0": ""}}, "versions": {}, "follows": []}',
        b'{"format": 1, "readings": {}, "versions": {}, "follows": [{"heading": 3, "number": 0}]}',
        b'{"format": 1, "readings": {}, "versions": {}, "follows": [{"number": 0}]}',
        b"[" * 100_000,
    ],
)
def test_damaged_notes_are_no_notes(home, damage):
    song = home / "song.txt"
    save_notes(song, notes_of_all_kinds())
    (file,) = paths().notes.iterdir()
    file.write_bytes(damage)
    assert load_notes(song) == SongNotes()


def test_a_refusing_disk_is_one_line(home):
    paths().notes.parent.mkdir(parents=True)
    paths().notes.write_text("in the way")
    with pytest.raises(LyricistError) as caught:
        save_notes(home / "song.txt", notes_of_all_kinds())
    assert "\n" not in str(caught.value)


def test_versions_follow_the_line_and_are_bounded():
    notes = SongNotes()
    for number in range(MAX_VERSIONS + 5):
        notes.remember_version(f"line {number}", f"line {number + 1}")
    (kept,) = notes.versions.values()
    assert len(kept) == MAX_VERSIONS
    assert kept[-1] == f"line {MAX_VERSIONS + 4}"


def test_going_back_to_a_version_loses_none():
    notes = SongNotes()
    notes.remember_version("a", "b")
    notes.remember_version("b", "c")
    notes.remember_version("c", "a")
    assert list(notes.versions) == ["a"]
    assert sorted(notes.versions["a"]) == ["b", "c"]


def test_a_section_follows_one_other():
    notes = SongNotes()
    notes.follow(Follow("[Verse]", 1, "[Verse]", 0))
    notes.follow(Follow("[Verse]", 1, reference="la la\nla"))
    assert notes.followed_by("[Verse]", 1).reference == "la la\nla"
    assert notes.followed_by("[Verse]", 0) is None
    notes.unfollow("[Verse]", 1)
    assert notes.follows == []


def test_versions_are_gone_through_in_turn_and_come_round():
    notes = SongNotes()
    notes.remember_version("zero", "one")
    notes.remember_version("one", "two")
    assert [shown := "two", *(shown := notes.show_version(shown) for _ in range(4))] == [
        *("two", "one", "zero", "two", "one")
    ]
    assert notes.show_version("unknown") is None


def test_a_reading_is_taken_back_and_what_is_no_line_any_more_forgotten():
    notes = notes_of_all_kinds()
    notes.choose_reading("行", 0, "xing2")
    notes.forget_reading("行", 0)
    notes.forget_reading("not there", 3)
    assert list(notes.readings) == ["银行行长"]
    notes.forget_all_but(["银行行长"])
    assert notes.readings and not notes.versions and notes.follows
