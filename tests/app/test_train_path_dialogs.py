"""The file dialogs, which are textual-fspicker's made safe for any name."""

import os

import pytest
from textual.style import Style
from textual.widgets import Input, Select
from textual_fspicker.base_dialog import Dialog
from train_host import Host, shown, until

from lyricist.app.screens.path_dialogs import (
    ChooseFolder,
    OpenFile,
    SaveFile,
    existing_folder,
    song_filters,
)
from lyricist.app.widgets.folder_list import MOST_NAMES, FolderList, NameRow, list_folder
from lyricist.text.lines import cell_width


@pytest.fixture
def folder(tmp_path):
    """A folder whose path holds a closing tag, with files of all sorts of names."""
    here = tmp_path / "[" / "Hook]"
    here.mkdir(parents=True)
    for name in ("[Chorus].txt", "夜里.txt", "a\x1b]0;x\x07b.txt", "x\u202ey.txt", "other.mp3"):
        (here / name).write_text("x")
    (here / "[b]sub").mkdir()
    os.mkfifo(here / "pipe.txt")
    return here


async def opened(pilot, dialog, results):
    pilot.app.push_screen(dialog, results.append)
    await until(pilot, lambda: pilot.app.screen is dialog and dialog.query("#select"))
    await pilot.pause()


@pytest.mark.parametrize("size", [(100, 30), (40, 12)])
async def test_names_are_shown_as_they_are(folder, size):
    app = Host()
    async with app.run_test(size=size) as pilot:
        await opened(pilot, OpenFile(folder, "Songs"), [])
        await until(pilot, lambda: "[b]sub" in shown(app))
        await pilot.press("end")
        await pilot.pause()
        text = shown(app)
        assert "[/Hook]" in text and "夜里.txt" in text
        if size == (100, 30):
            assert "[Chorus].txt" in text
            assert "a␛]0;x␇b.txt" in text
            assert "x\N{REPLACEMENT CHARACTER}y.txt" in text
            assert "Open" in text and "Cancel" in text
        assert not set(text) & {"\x1b", "\x07", "\u202e"}
        assert "pipe.txt" not in text


async def test_only_songs_are_offered_as_songs(folder):
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, OpenFile(folder, "Songs", song_filters()), [])
        await until(pilot, lambda: "夜里.txt" in shown(app))
        assert "other.mp3" not in shown(app)


async def test_a_chosen_file_is_the_result(folder):
    results = []
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, OpenFile(folder), results)
        app.screen.query_one(Input).value = "[Chorus].txt"
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: results)
    assert results == [folder / "[Chorus].txt"]


@pytest.mark.parametrize(
    "name",
    ["x" * 5000, "nowhere.txt", "a/" * 3000, "~nobody-here/x", ""],
    ids=["long", "missing", "deep", "nobody", "empty"],
)
@pytest.mark.parametrize("dialog", [OpenFile, SaveFile])
async def test_impossible_names_are_refused_inside_the_dialog_or_passed_on(folder, name, dialog):
    results = []
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, dialog(folder), results)
        app.screen.query_one(Input).value = name
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        await pilot.pause()
        if not results:
            await pilot.press("escape")
            await until(pilot, lambda: results)
            assert results == [None]


async def test_save_can_refuse_to_overwrite(folder):
    results = []
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, SaveFile(folder, default_file="夜里.txt", can_overwrite=False), results)
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: "Overwrite is not allowed" in shown(app))
        app.screen.query_one(Input).value = "new.zip"
        await pilot.press("enter")
        await until(pilot, lambda: results)
    assert results == [folder / "new.zip"]


async def test_a_folder_is_chosen_by_going_there(folder):
    results = []
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, ChooseFolder(folder, "A folder"), results)
        await until(pilot, lambda: "[b]sub" in shown(app))
        assert "夜里.txt" not in shown(app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Hook]/[b]sub" in shown(app))
        await pilot.click("#select")
        await until(pilot, lambda: results)
    assert results == [folder / "[b]sub"]


async def test_a_folder_that_cannot_be_listed_is_shown_empty(tmp_path):
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, OpenFile(tmp_path / "gone"), [])
        await pilot.pause(0.2)
        assert "gone" in shown(app)
        await pilot.press("escape")


def test_a_dialog_starts_in_a_folder_that_is_there(tmp_path):
    (tmp_path / "song.txt").write_text("x")
    assert existing_folder(tmp_path / "song.txt") == tmp_path
    assert existing_folder(tmp_path / "gone" / "song.txt").is_dir()
    assert existing_folder().is_dir()


async def test_of_a_folder_of_thousands_a_part_is_listed_and_any_name_can_be_typed(tmp_path):
    for n in range(MOST_NAMES + 100):
        (tmp_path / f"song-{n:05}.txt").touch()
    app, chosen = Host(), []
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = OpenFile(tmp_path, filters=song_filters())
        await opened(pilot, dialog, chosen)
        listing = dialog.query_one(FolderList)
        await until(pilot, lambda: listing.option_count > 1)
        # Nothing is waited for: both are shown in one step.
        assert listing.option_count == MOST_NAMES + 1
        assert "type one that is not" in dialog.query_one(Dialog).border_subtitle
        name = dialog.query_one(Input)
        name.value = "song-00399.txt"
        name.focus()
        await pilot.pause()
        assert "type one that is not" in dialog.query_one(Dialog).border_subtitle
        await pilot.press("enter")
        await until(pilot, lambda: chosen)
    assert chosen == [tmp_path / "song-00399.txt"]


async def test_names_are_chosen_before_they_are_counted(tmp_path):
    for n in range(MOST_NAMES + 1):
        (tmp_path / f"a-picture-{n:05}.png").touch()
    (tmp_path / "song.txt").touch()
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = OpenFile(tmp_path, filters=song_filters())
        await opened(pilot, dialog, [])
        await until(pilot, lambda: "song.txt" in shown(app))
        assert dialog.query_one(FolderList).option_count == 2
        assert not dialog.query_one(Dialog).border_subtitle
        dialog.query_one(Select).value = 1
        await until(pilot, lambda: dialog.query_one(FolderList).option_count == MOST_NAMES + 1)
        assert "type one that is not" in dialog.query_one(Dialog).border_subtitle


async def test_a_list_of_names_is_laid_out_without_drawing_them(tmp_path, monkeypatch):
    drawn = []
    draw = NameRow.render_strips
    monkeypatch.setattr(
        NameRow, "render_strips", lambda row, *more: drawn.append(row) or draw(row, *more)
    )
    for n in range(200):
        (tmp_path / f"song-{n}.txt").touch()
    app = Host()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, OpenFile(tmp_path), [])
        await until(pilot, lambda: "song-1.txt" in shown(app))
        assert 0 < len(set(drawn)) <= 30


@pytest.mark.parametrize("name", ["夜里" * 30, "x" * 60, "a", ""])
@pytest.mark.parametrize("width", [0, 1, 2, 3, 4, 5, 20, 80])
def test_a_name_takes_the_room_that_there_is(name, width):
    (strip,) = NameRow("📄", name, Style()).render_strips(width, None, Style(), None)
    assert strip.cell_length == cell_width(strip.text) <= width
    if width > 4:
        assert strip.text.startswith("📄 ")
        whole = cell_width(name) <= width - 3
        assert strip.text.endswith(name if whole else "…")


def test_a_listing_ends_where_nobody_wants_it_any_more(tmp_path):
    for n in range(5):
        (tmp_path / f"song-{n}.txt").touch()
    everything = lambda name, is_folder: True  # noqa: E731
    assert len(list_folder(tmp_path, everything, lambda: False).names) == 5
    assert list_folder(tmp_path, everything, lambda: True).names == ()
    assert not list_folder(tmp_path / "gone", everything, lambda: False).is_readable
