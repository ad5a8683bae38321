"""Versions of a song, undo and drafts in the real app: kept, compared, restored."""

import os

import pytest
from driving import until, writing
from song_host import asked
from textual.widgets import OptionList

from lyricist.app.model_choice import choose_model
from lyricist.app.screens.difference import DifferenceScreen
from lyricist.app.screens.versions import VersionsScreen
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.paths import paths
from lyricist.library.set_aside import take_notices
from lyricist.library.versions import VersionStore


def kept(path):
    store = VersionStore(path)
    return [(store.text(v), v.cause, v.model) for v in store.newest_first()]


async def listed(app, pilot):
    await pilot.press("alt+z")
    await until(pilot, lambda: isinstance(app.screen, VersionsScreen))
    options = app.screen.query_one(OptionList)
    await until(pilot, lambda: options.option_count)
    return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]


async def test_saves_and_a_change_of_the_model_leave_versions_and_one_is_restored(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("one\ntwo\nthree\n")
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: "three" in screen.editor.text)
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: len(kept(path)) == 2)
        await pilot.press("y")
        choose_model(app, "[/Hook]")
        await until(pilot, lambda: len(kept(path)) == 3)
        await pilot.press("ctrl+s")
        await pilot.press("z", "ctrl+s")
        await until(pilot, lambda: len(kept(path)) == 4)
        model = kept(path)[-1][2]
        assert kept(path) == [
            ("xyzone\ntwo\nthree\n", "saved", "[/Hook]"),
            ("xyone\ntwo\nthree\n", "model", "[/Hook]"),
            ("xone\ntwo\nthree\n", "saved", model),
            ("one\ntwo\nthree\n", "opened", model),
        ]
        await pilot.press("!")
        rows = await listed(app, pilot)
        assert len(rows) == 4
        assert "saved" in rows[0] and "+1 -1" in rows[0]
        assert "[/Hook] put in use" in rows[1]
        assert "as it was opened" in rows[3]
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, DifferenceScreen))
        shown = app.screen.query_one("#difference-text")
        await until(pilot, lambda: "+ xyz!one" in str(shown.render()))
        assert "- one" in str(shown.render())
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: screen.editor.text == "one\ntwo\nthree\n")
        assert kept(path)[0][:2] == ("xyz!one\ntwo\nthree\n", "restoring")
        assert path.read_text() == "xyzone\ntwo\nthree\n", "restoring is an edit"
        await until(pilot, lambda: "is back" in screen.query_one(StatusBar).remark)
        await pilot.press("ctrl+z")
        assert screen.editor.text == "xyz!one\ntwo\nthree\n"


async def test_a_song_without_versions_says_so_and_escape_changes_nothing():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"words", "alt+z")
        await until(pilot, lambda: isinstance(app.screen, VersionsScreen))
        state = app.screen.query_one("#state")
        await until(pilot, lambda: "none yet" in str(state.render()))
        await pilot.press("r", "enter", "escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == "words"


async def test_versions_of_an_untitled_song_go_with_it_when_it_is_saved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with writing() as (app, screen, pilot):
        await pilot.press(*"ab")
        choose_model(app, "zh")
        await until(pilot, lambda: len(kept(None)) == 1)
        await pilot.press("c", "ctrl+s")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.pause(0.3)
        await pilot.press("enter")
        path = tmp_path / "song.txt"
        await until(pilot, lambda: len(kept(path)) == 2)
        assert [text for text, _, _ in kept(path)] == ["abc", "ab"]
        assert kept(None) == []


async def test_a_version_that_cannot_be_kept_is_one_line_and_the_song_is_saved(tmp_path):
    paths().versions.parent.mkdir(parents=True, exist_ok=True)
    paths().versions.write_text("in the way")
    path = tmp_path / "song.txt"
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.song.path is not None)
        await pilot.press(*"words", "ctrl+s")
        await until(pilot, lambda: app._notifications)
        assert path.read_text() == "words"
        assert screen.query_one(StatusBar).remark == "saved"
        (notice,) = app._notifications
        assert "\n" not in notice.message and "versions" in notice.message


async def test_leaving_right_after_saving_still_leaves_the_version(tmp_path):
    path = tmp_path / "song.txt"
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.song.path is not None)
        await pilot.press(*"words", "ctrl+s")
        await until(pilot, lambda: screen.query_one(StatusBar).remark == "saved")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.is_running)
        assert [text for text, _, _ in kept(path)] == ["words"]


# --- undo


async def test_undo_and_redo_survive_a_restart(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("夜里\n")
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "夜里\n")
        await pilot.press(*"abc", "enter", *"de", "ctrl+s")
        await until(pilot, lambda: path.read_text() == "abc\nde夜里\n")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: DraftStore().for_document(path) is not None)
        assert screen.editor.text == "abc\n夜里\n"
        screen.keep_draft_now()
    async with writing(path) as (app, screen, pilot):
        await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen.editor.text == "abc\n夜里\n")
        await until(pilot, lambda: screen.editor.history.redo_stack)
        await pilot.press("ctrl+y")
        assert screen.editor.text == "abc\nde夜里\n"
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert screen.editor.text == "夜里\n"
        assert screen.editor.cursor_location == (0, 0)
        await pilot.press("ctrl+y", "ctrl+y", "ctrl+y", "ctrl+s", "ctrl+q")
        await until(pilot, lambda: not app.is_running)
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.history.undo_stack)
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert screen.editor.text == "夜里\n"


async def test_undo_of_another_text_is_dropped_without_a_word(tmp_path):
    path = tmp_path / "song.txt"
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.song.path is not None)
        await pilot.press(*"words", "ctrl+s")
        await until(pilot, path.exists)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.is_running)
    assert list(paths().undo.iterdir())
    path.write_text("changed elsewhere")
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "changed elsewhere")
        await until(pilot, lambda: screen._undo_known)
        await pilot.press("ctrl+z")
        assert screen.editor.text == "changed elsewhere"
        assert not app._notifications and not take_notices()


async def test_saving_while_the_writer_types_on_keeps_what_was_typed(tmp_path, monkeypatch):
    path = tmp_path / "song.txt"
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.song.path is not None)
        save = screen.song.save

        def slow(text, target):
            app.call_from_thread(screen.editor.insert, " and on", (0, 5))
            save(text, target)

        monkeypatch.setattr(screen.song, "save", slow)
        await pilot.press(*"words", "ctrl+s")
        await until(pilot, lambda: screen.query_one(StatusBar).remark == "saved")
        assert path.read_text() == "words"
        assert DraftStore().for_document(path).text == "words and on"


# --- the draft


@pytest.mark.parametrize(
    ("answer", "text"), [(("enter",), "new words"), (("right", "enter"), "old")]
)
async def test_a_draft_can_be_compared_before_it_is_opened_or_discarded(tmp_path, answer, text):
    path = tmp_path / "song.txt"
    path.write_text("old")
    DraftStore().keep(Draft("new words", str(path), (0, 0), 1.0))
    async with writing(path) as (app, screen, pilot):
        await asked(app, pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(app.screen, DifferenceScreen))
        shown = app.screen.query_one("#difference-text")
        await until(pilot, lambda: "- old\n+ new words" in str(shown.render()))
        await pilot.press("escape")
        await asked(app, pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(app.screen, DifferenceScreen))
        await pilot.press(*answer)
        await until(pilot, lambda: app.screen is screen and screen.editor.text == text)
    assert (DraftStore().for_document(path) is None) == (text == "old")
    assert os.listdir(tmp_path) == ["song.txt"]
