"""Another program's changes of the song's file are seen, and never overwritten without asking."""

import os

import pytest
from driving import until
from song_host import answered, asked, notices, writing
from textual.widgets import Static

from lyricist.app.changed_lines import changed_lines
from lyricist.app.screens.difference import DifferenceScreen
from lyricist.library.drafts import DraftStore


@pytest.fixture
def path(tmp_path):
    """A song of two lines."""
    file = tmp_path / "song.txt"
    file.write_bytes(b"one\r\ntwo\r\n")
    return file


def replace(path, data):
    """Write as another editor does: a new file in the place of the old one."""
    other = path.with_name("being-written")
    other.write_bytes(data)
    os.replace(other, path)


def restore(path, data):
    """Change the bytes alone: size and time of the file stay as they were."""
    status = path.stat()
    assert len(data) == status.st_size
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", [replace, restore])
async def test_a_song_without_changes_follows_its_file_and_undo_goes_back(
    path, monkeypatch, change
):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\ntwo\n")
        await pilot.press("down")
        await pilot.pause(0.3)
        change(path, b"one\r\nTWO\r\n")
        await until(pilot, lambda: screen.editor.text == "one\nTWO\n")
        assert "changed by another program" in screen.status.remark
        assert not screen.status.modified
        await pilot.press("ctrl+z")
        assert screen.editor.text == "one\ntwo\n"
        assert screen.status.modified
        await pilot.press("ctrl+s")
        await until(pilot, lambda: path.read_bytes() == b"one\r\ntwo\r\n")


async def changed_under_changes(path, screen, pilot):
    """Type, let another program write, and try to save."""
    await until(pilot, lambda: screen.editor.text == "one\ntwo\n")
    await pilot.press(*"mine ")
    replace(path, b"theirs\r\n")
    await pilot.press("ctrl+s")


async def test_a_changed_file_is_not_overwritten_without_asking(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await changed_under_changes(path, screen, pilot)
        assert "changed by another program" in await asked(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert path.read_bytes() == b"theirs\r\n"
        assert screen.editor.text == "mine one\ntwo\n"
        replace(path, b"theirs once more\r\n")
        await until(pilot, lambda: "saving asks" in notices(app))
        await pilot.press("ctrl+s")
        await asked(app, pilot)
        await answered(app, pilot, "Overwrite")
        await until(pilot, lambda: path.read_bytes() == b"mine one\r\ntwo\r\n")
        await pilot.pause(0.3)
        assert not screen.status.modified


async def test_both_versions_can_be_kept(path, monkeypatch):
    path.chmod(0o640)
    (path.parent / "song.other-1.txt").write_text("an earlier one")
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await changed_under_changes(path, screen, pilot)
        await asked(app, pilot)
        path.chmod(0o640)
        await answered(app, pilot, "Keep both")
        await until(pilot, lambda: path.read_bytes() == b"mine one\r\ntwo\r\n")
        other = path.parent / "song.other-2.txt"
        assert other.read_bytes() == b"theirs\r\n"
        assert other.stat().st_mode & 0o777 == 0o640
        assert "song.other-2.txt" in notices(app)


async def test_both_versions_are_compared_and_theirs_can_be_taken(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await changed_under_changes(path, screen, pilot)
        await asked(app, pilot)
        await answered(app, pilot, "Compare")
        await until(pilot, lambda: isinstance(app.screen, DifferenceScreen))
        shown = app.screen.query_one("#difference-text", Static)
        await until(pilot, lambda: "- theirs" in str(shown.visual))
        assert "+ mine one" in str(shown.visual)
        await answered(app, pilot, "Take theirs")
        await until(pilot, lambda: screen.editor.text == "theirs\n")
        assert path.read_bytes() == b"theirs\r\n"
        assert not screen.status.modified
        await pilot.press("ctrl+z")
        assert screen.editor.text == "mine one\ntwo\n"


async def test_what_comes_after_the_answer_is_asked_about_again(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await changed_under_changes(path, screen, pilot)
        await asked(app, pilot)
        replace(path, b"and theirs again\r\n")
        first = app.screen
        await answered(app, pilot, "Overwrite")
        await until(pilot, lambda: app.screen not in (first, screen))
        await asked(app, pilot)
        assert path.read_bytes() == b"and theirs again\r\n"
        await answered(app, pilot, "Overwrite")
        await until(pilot, lambda: path.read_bytes() == b"mine one\r\ntwo\r\n")


async def test_a_deleted_file_is_noticed_and_saving_writes_it_again(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\ntwo\n")
        path.unlink()
        await until(pilot, lambda: "deleted" in notices(app))
        assert screen.status.modified, "nobody has this text but the editor"
        await pilot.press("ctrl+q")
        assert "not saved" in await asked(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("ctrl+s")
        await until(pilot, path.exists)
        assert path.read_bytes() == b"one\r\ntwo\r\n"
        await until(pilot, lambda: not screen.status.modified)


async def test_a_name_that_somebody_else_has_used_meanwhile_is_asked_about(tmp_path, monkeypatch):
    path = tmp_path / "new.txt"
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.song.name == "new.txt")
        await pilot.press(*"mine")
        path.write_text("theirs")
        await pilot.press("ctrl+s")
        await asked(app, pilot)
        assert path.read_text() == "theirs"


async def test_a_file_that_is_no_text_any_more_stays_and_ours_is_kept(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\ntwo\n")
        replace(path, b"\x89PNG\r\n\x1a\n")
        await until(pilot, lambda: "saving asks" in notices(app))
        assert screen.editor.text == "one\ntwo\n"
        await pilot.press("x", "ctrl+s")
        await asked(app, pilot)
        await answered(app, pilot, "Keep both")
        await until(pilot, lambda: path.read_bytes() == b"xone\r\ntwo\r\n")
        assert (path.parent / "song.other-1.txt").read_bytes() == b"\x89PNG\r\n\x1a\n"


async def test_a_failed_save_is_marked_until_one_succeeds(path, monkeypatch):
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "one\ntwo\n")
        await pilot.press("x")
        os.rename(path.parent, path.parent.with_name("away"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: screen.status.state == "NOT SAVED")
        await until(pilot, lambda: "its folder does not exist" in notices(app))
        assert "your text is still open, and is kept as a draft" in notices(app)
        assert DraftStore().for_document(path).text == "xone\ntwo\n"
        assert screen.editor.text == "xone\ntwo\n"
        os.rename(path.parent.with_name("away"), path.parent)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: screen.status.state == "")
        assert path.read_bytes() == b"xone\r\ntwo\r\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "a"),
        ("a", ""),
        ("a\nb\nc", "a\nx\nc"),
        ("a\nb", "a\nb\nc"),
        ("a\nb\nc", "a"),
        ("a\nb\n", "b\n"),
        ("a\na\na", "a\na"),
        ("x", "a\nb\nc"),
    ],
)
def test_one_edit_makes_the_new_lines(old, new):
    lines = old.split("\n")
    (top, left), (bottom, right), text = changed_lines(lines, new.split("\n"))
    before = "\n".join([*lines[:top], lines[top][:left]])
    after = "\n".join([lines[bottom][right:], *lines[bottom + 1 :]])
    assert before + text + after == new


async def test_bytes_that_are_no_text_are_said_and_saved_as_they_were(path, monkeypatch):
    data = "夜晚的灯火还在风中\r\n".encode() * 3 + b"\xe5\xa4\r\n"
    path.write_bytes(data)
    async with writing(path, monkeypatch) as (app, screen, pilot):
        await until(pilot, lambda: "2 strange bytes" in screen.status.remark)
        await pilot.press("x", "ctrl+a", "ctrl+c", "ctrl+home", "ctrl+s")
        await until(pilot, lambda: path.read_bytes() == b"x" + data)
        assert app.clipboard.startswith("x夜晚")
