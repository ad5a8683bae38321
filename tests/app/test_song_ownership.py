"""Two windows and one song: the second one is told, and nothing is overwritten."""

import json
import os

import pytest
from driving import until
from song_host import answered, asked, notices, writing

from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.paths import paths
from lyricist.library.song_locks import SongLock, lock_of


@pytest.fixture
def path(tmp_path):
    """A song."""
    file = tmp_path / "song.txt"
    file.write_text("one\n")
    return file


@pytest.fixture
def other_window(path):
    """Another window in which the song is open."""
    lock = lock_of(path)
    assert lock.acquire() is None
    yield lock
    lock.release()


async def test_the_second_window_is_told_and_may_read_only(path, other_window, monkeypatch):
    link = path.with_name("link.txt")
    link.symlink_to("song.txt")
    DraftStore().keep(Draft("the other window's draft", str(path), (0, 0), 1.0))
    async with writing(link, monkeypatch) as (app, screen, pilot):
        question = await asked(app, pilot)
        assert "open in another window" in question and f"process {os.getpid()}" in question
        await answered(app, pilot, "Open to read")
        await until(pilot, lambda: screen.editor.text == "one\n")
        await pilot.press(*"xyz", "ctrl+v", "enter", "backspace", "ctrl+z")
        assert screen.editor.text == "one\n"
        assert "read only" in screen.status.remark
        assert "READ ONLY" in str(screen.status.render())
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "open to read only" in notices(app))
        # What the other window saves is read again.
        path.write_text("one\nand more\n")
        await until(pilot, lambda: screen.editor.text == "one\nand more\n")
        assert screen.editor.read_only
        other_window.release()
        await until(pilot, lambda: not screen.editor.read_only)
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: path.read_text() == "xone\nand more\n")
        assert link.is_symlink()
    assert DraftStore().for_document(path) is None, "saving is what discards it, reading is not"


async def test_a_window_that_takes_over_may_write_and_the_other_one_may_not(
    path, other_window, monkeypatch
):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await asked(app, pilot)
        await answered(app, pilot, "Take over")
        await until(pilot, lambda: screen.editor.text == "one\n")
        assert not screen.editor.read_only
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: path.read_text() == "xone\n")
        assert not other_window.is_ours()
    assert SongLock(other_window.key).acquire() is None, "closed, it has given the right back"


async def test_who_is_taken_over_without_changes_reads_on(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\n")
        lock = lock_of(path)
        assert lock.acquire() is not None
        lock.take_over()
        await until(pilot, lambda: screen.editor.read_only)
        assert "taken over" in notices(app)
        assert lock.is_ours()


async def test_who_is_taken_over_with_changes_keeps_them_as_a_new_song(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\n")
        await pilot.press(*"mine ")
        lock = lock_of(path)
        lock.take_over()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "taken over" in notices(app))
        assert path.read_text() == "one\n"
        assert screen.editor.text == "mine one\n"
        assert screen.song.path is None and not screen.editor.read_only
        await until(pilot, lambda: DraftStore().for_document(None) is not None)
        assert DraftStore().for_document(None).text == "mine one\n"


async def test_a_song_is_not_saved_over_one_that_another_window_has_open(
    path, other_window, monkeypatch
):
    monkeypatch.chdir(path.parent)
    async with writing(None, monkeypatch) as (app, screen, pilot):
        await pilot.press(*"words", "ctrl+s")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.pause(0.3)
        await pilot.press("enter")
        assert "song.txt already" in await asked(app, pilot)
        first = app.screen
        await answered(app, pilot, "Replace it")
        await until(pilot, lambda: app.screen not in (first, screen))
        assert "another window" in await asked(app, pilot)
        await answered(app, pilot, "Cancel")
        await until(pilot, lambda: app.screen is screen)
        assert path.read_text() == "one\n"
        assert other_window.is_ours()


async def test_two_windows_without_a_file_keep_two_drafts():
    first = SongLock("untitled")
    assert first.acquire() is None
    DraftStore().keep(Draft("the other window's words", None, (0, 0), 4e9))
    async with writing() as (app, screen, pilot):
        await pilot.press(*"mine")
        assert screen.editor.text == "mine"
        await until(pilot, lambda: (paths().drafts / "untitled-2.json").exists())
        assert DraftStore().for_document(None).text == "the other window's words"
        note = json.loads((paths().locks / "untitled-2.json").read_text())
        assert note["pid"] == os.getpid()
    first.release()
    async with writing() as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "the other window's words")


async def test_a_draft_of_a_song_that_is_open_elsewhere_is_not_begun_with(path, other_window):
    DraftStore().keep(Draft("the other window's draft", str(path), (0, 0), 4e9))
    DraftStore().keep(Draft("mine", None, (0, 0), 1.0))
    async with writing() as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "mine")


async def test_a_saved_song_holds_its_file_and_a_new_one_lets_it_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with writing(None, monkeypatch) as (app, screen, pilot):
        await pilot.press(*"words", "ctrl+s")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "song.txt").exists())
        await until(pilot, lambda: lock_of(tmp_path / "song.txt").acquire() is not None)
        await until(pilot, lambda: not screen.status.modified)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.song.path is None)
        lock = lock_of(tmp_path / "song.txt")
        await until(pilot, lambda: lock.acquire() is None)
        lock.release()


async def test_without_a_place_for_locks_songs_are_written_all_the_same(path, home, monkeypatch):
    (home / "state").write_text("in the way")
    monkeypatch.setattr("tempfile.tempdir", str(path.parent))
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\n")
        await pilot.press("x")
        await until(pilot, lambda: "it is kept in" in notices(app))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: path.read_text() == "xone\n")


async def test_what_is_typed_at_once_is_not_swallowed_by_the_first_song(path):
    async with writing() as (app, screen, pilot):
        assert screen._right is not None, "the first song is there before a key can come"
        screen.editor.insert("typed at once")
        await pilot.pause(0.3)
        assert screen.editor.text == "typed at once"
