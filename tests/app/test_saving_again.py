"""A save that failed is tried again by itself, and never over what it would have to ask about."""

import os
import shutil

import pytest
from small_disk import fill, remount, small_disk
from song_host import answered, asked, notices, until, writing
from textual.widgets import Input

from lyricist.app.screens.saving_again import SavingAgain
from lyricist.library.drafts import DraftStore
from lyricist.library.song_locks import lock_of

# As often as a save is tried again here.
WAIT = 0.1
SEVERAL_TRIES = 5 * WAIT


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Try again at once, and go on doing so."""
    monkeypatch.setattr(SavingAgain, "FIRST_SECONDS", WAIT)
    monkeypatch.setattr(SavingAgain, "LONGEST_SECONDS", WAIT)


@pytest.fixture
def tries(monkeypatch):
    """The saves that were tried, in a list that grows."""
    tried, write_now = [], SavingAgain.write_now

    async def noted(self, path):
        tried.append(path)
        await write_now(self, path)

    monkeypatch.setattr(SavingAgain, "write_now", noted)
    return tried


@pytest.fixture
def path(tmp_path):
    """A song in a folder of its own, which may go away."""
    folder = tmp_path / "songs"
    folder.mkdir()
    file = folder / "song.txt"
    file.write_text("one\n")
    return file


@pytest.fixture
def away(path):
    """Where the folder is when it is gone."""
    return path.parent.with_name("away")


async def typed_and_not_saved(path, away, screen, pilot):
    await until(pilot, lambda: screen.editor.text == "one\n")
    await pilot.press("x")
    os.rename(path.parent, away)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: screen.status.state == "NOT SAVED")


async def test_it_is_saved_as_it_is_once_the_folder_is_back_and_said_once(
    path, away, tries, monkeypatch
):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await typed_and_not_saved(path, away, screen, pilot)
        await until(pilot, lambda: "saving is tried again" in notices(app))
        await until(pilot, lambda: len(tries) > 3)
        await pilot.press("y")
        assert notices(app).count("not saved") == 1, "no more than the first failure is told"
        os.rename(away, path.parent)
        await until(pilot, lambda: path.read_text() == "xyone\n")
        await until(pilot, lambda: screen.status.state == "" and not screen.status.modified)
        await until(pilot, lambda: DraftStore().for_document(path) is None)
        tried = len(tries)
        await pilot.press("z")
        await pilot.pause(SEVERAL_TRIES)
        assert notices(app).count("song.txt is saved now") == 1
        assert len(tries) == tried, "what was typed since nobody has asked to be saved"
        assert path.read_text() == "xyone\n"


async def test_a_disk_that_refused_takes_it_later(tmp_path, monkeypatch):
    with small_disk(tmp_path / "disk") as disk:
        path = disk / "song.txt"
        path.write_text("one\n" * 2000)
        faults = [
            (lambda: fill(disk), lambda: (disk / "filler").unlink()),
            (lambda: remount(disk, "ro"), lambda: remount(disk, "rw")),
        ]
        async with writing(path, monkeypatch) as (app, screen, pilot):
            await until(pilot, lambda: screen.editor.text)
            said = []
            monkeypatch.setattr(app, "notify", lambda text, **_: said.append(text))
            for done, (fault, mend) in enumerate(faults):
                before = path.read_text()
                fault()
                await pilot.press("x", "ctrl+s")
                await until(pilot, lambda: screen.status.state == "NOT SAVED")
                await pilot.pause(SEVERAL_TRIES)
                assert path.read_text() == before and screen.status.state == "NOT SAVED"
                mend()
                await until(pilot, lambda: screen.status.state == "")
                assert path.read_text() == screen.editor.text != before
                assert len(said) == 2 * done + 2


async def test_what_another_program_has_written_meanwhile_is_not_overwritten(
    path, away, tries, monkeypatch
):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await typed_and_not_saved(path, away, screen, pilot)
        (away / "song.txt").write_text("theirs\n")
        os.rename(away, path.parent)
        tried = len(tries)
        await until(pilot, lambda: "saving asks what to do" in notices(app))
        await pilot.pause(SEVERAL_TRIES)
        assert path.read_text() == "theirs\n"
        assert screen.status.state == "NOT SAVED" and len(tries) <= tried + 1
        # As soon as it holds what was saved here before, nothing would be lost.
        path.write_text("one\n")
        await until(pilot, lambda: path.read_text() == "xone\n")


async def test_a_song_that_another_window_has_taken_over_is_left_alone(path, away, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await typed_and_not_saved(path, away, screen, pilot)
        lock = lock_of(path)
        lock.take_over()
        os.rename(away, path.parent)
        await until(pilot, lambda: "taken over" in notices(app))
        await pilot.pause(SEVERAL_TRIES)
        assert path.read_text() == "one\n" and lock.is_ours()
        lock.release()


async def save_as(app, screen, pilot, path):
    """Ask for a save under another name."""
    await pilot.press("f12")
    await until(pilot, lambda: app.screen is not screen and app.screen.query(Input))
    await pilot.pause(0.3)
    app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")


async def test_a_window_open_to_read_only_saves_nothing_by_itself(path, tries, monkeypatch):
    lock = lock_of(path)
    assert lock.acquire() is None
    path.with_name("folder").write_text("in the way of one")
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await asked(app, pilot)
        await answered(app, pilot, "Open to read")
        await until(pilot, lambda: screen.editor.text == "one\n")
        await save_as(app, screen, pilot, path.with_name("folder") / "copy.txt")
        await until(pilot, lambda: "not saved" in notices(app))
        path.with_name("folder").unlink()
        path.with_name("folder").mkdir()
        await pilot.pause(SEVERAL_TRIES)
        assert screen.editor.read_only and len(tries) == 1
        assert os.listdir(path.with_name("folder")) == []
    lock.release()


async def test_changes_that_were_taken_back_need_not_be_saved(path, away, tries):
    async with writing(path) as (app, screen, pilot):
        await typed_and_not_saved(path, away, screen, pilot)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.status.state == "")
        tried = len(tries)
        await pilot.pause(SEVERAL_TRIES)
        assert len(tries) == tried and "saved now" not in notices(app)


async def test_no_other_song_is_saved_in_its_place(path, away, tries, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await typed_and_not_saved(path, away, screen, pilot)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: app.screen is not screen)
        tried = len(tries)
        os.rename(away, path.parent)
        await pilot.pause(SEVERAL_TRIES)
        assert path.read_text() == "one\n", "nothing is saved while the writer is asked about it"
        await pilot.press("right", "enter")
        await until(pilot, lambda: screen.song.path is None)
        await pilot.press(*"new")
        await pilot.pause(SEVERAL_TRIES)
        assert len(tries) == tried and path.read_text() == "one\n"


async def test_a_new_name_is_tried_again_unless_somebody_else_uses_it(path, away, monkeypatch):
    other = path.with_name("other.txt")
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\n")
        await pilot.press("x")
        os.rename(path.parent, away)
        path.parent.write_text("in the way of a folder")
        await save_as(app, screen, pilot, other)
        await until(pilot, lambda: screen.status.state == "NOT SAVED")
        (away / "other.txt").write_text("theirs")
        path.parent.unlink()
        os.rename(away, path.parent)
        await pilot.pause(SEVERAL_TRIES)
        assert other.read_text() == "theirs" and screen.status.state == "NOT SAVED"
        other.unlink()
        await until(pilot, lambda: screen.status.state == "")
        assert other.read_text() == "xone\n" and screen.song.path == other
        assert path.read_text() == "one\n"


async def test_waits_grow_and_an_edit_shortens_them(path, away, tries, monkeypatch):
    monkeypatch.setattr(SavingAgain, "LONGEST_SECONDS", 30.0)
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await typed_and_not_saved(path, away, screen, pilot)
        await until(pilot, lambda: screen._wanted and screen._wanted.wait >= 4 * WAIT)
        assert len(tries) >= 3
        screen._try_in(30.0)
        os.rename(away, path.parent)
        await pilot.press("y")
        await until(pilot, lambda: path.read_text() == "xyone\n", 5)
        shutil.rmtree(path.parent)
