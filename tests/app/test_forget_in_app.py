"""Forgetting everything while the app runs: nothing comes back from its memory."""

import os

import pytest
from driving import until, writing
from song_host import asked

from lyricist.app.forgetting import COMMAND
from lyricist.app.train_form import TrainForm
from lyricist.app.training_run import TrainingRun
from lyricist.library.drafts import DraftStore
from lyricist.library.paths import paths
from lyricist.library.settings import load_settings

CANARY = "the copper canary of line nine"
LATER = "written later"


def files_with(text, folder):
    return [p for p in folder.rglob("*") if p.is_file() and text.encode() in p.read_bytes()]


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("a first line\n")
    return path


async def write(app, screen, pilot):
    """Something in every place that the app keeps things in."""
    screen.editor.insert(CANARY, (0, 0))
    screen.craft.notes.remember_version(CANARY, "a line")
    screen.notes_changed()
    app.feedback.gate.count(0.5, taken=True)
    # Before it has been read, nothing is written.
    await until(pilot, lambda: app.feedback._saved is not None)
    await app.feedback.save()
    await until(pilot, lambda: len(files_with(CANARY, paths().state)) == 2)
    await until(pilot, lambda: files_with(CANARY, paths().notes))


async def answer_with(app, pilot, button):
    app.action_forget()
    question = await asked(app, pilot)
    app.screen.query_one(f"#{button}").press()
    return question


async def test_drafts_notes_and_what_was_learned_are_gone_and_stay_gone(song, home):
    async with writing(song) as (app, screen, pilot):
        await write(app, screen, pilot)
        assert len(files_with(CANARY, home)) == 3, "a draft, its undo, notes"
        assert files_with(song.name, paths().config)
        question = await answer_with(app, pilot, "forget")
        assert "4 files" in question
        await until(pilot, lambda: not paths().drafts.exists() and not paths().notes.exists())
        await until(pilot, lambda: app.client.status != "stopped")
        assert CANARY in screen.editor.text, "the song that is open stays"
        # Longer than between two drafts, and what is saved at intervals.
        await pilot.pause(1.2)
        await app.feedback.save()
        app.save_settings()
        assert not files_with("copper", home) and not paths().feedback_file.exists()
        assert not files_with(song.name, home)
        assert load_settings()[0].recent == []
        screen.editor.action_undo()
        assert CANARY in screen.editor.text, "there is nothing to undo any more"
        # A draft of the open song is kept again from its next change on.
        screen.editor.insert(LATER, screen.editor.song.end)
        await until(pilot, lambda: DraftStore().for_document(song) is not None)
        assert LATER in DraftStore().for_document(song).text
    assert not paths().feedback_file.exists()
    assert song.read_text() == "a first line\n"


async def test_saving_after_it_brings_no_earlier_line_back(song, home):
    async with writing(song) as (app, screen, pilot):
        screen.editor.text = "a line"
        screen.craft.notes.remember_version(CANARY, "a line")
        screen.notes_changed()
        await answer_with(app, pilot, "forget")
        await until(pilot, lambda: not paths().notes.exists())
        screen.action_save()
        await until(pilot, lambda: song.read_text() == "a line")
        await pilot.pause(0.2)
        assert not files_with("copper", home)


async def test_cancel_forgets_nothing(song, home):
    async with writing(song) as (app, screen, pilot):
        await write(app, screen, pilot)
        await answer_with(app, pilot, "cancel")
        await pilot.pause(0.3)
        assert len(files_with(CANARY, home)) == 3 and load_settings()[0].recent


async def test_the_service_that_holds_songs_is_another_one_afterwards(song):
    async with writing(song) as (app, _screen, pilot):
        await until(pilot, lambda: app.client._process is not None)
        before = app.client._process.pid
        await answer_with(app, pilot, "forget")
        await until(pilot, lambda: app.client._process.pid != before)
        with pytest.raises(ProcessLookupError):
            os.kill(before, 0)


async def test_it_waits_for_a_training_to_be_cancelled(song, home):
    async with writing(song) as (app, screen, pilot):
        await write(app, screen, pilot)
        app.training = TrainingRun(TrainForm(("x",), "x"))
        app.action_forget()
        await until(pilot, lambda: app._notifications)
        assert "cancel it first" in next(iter(app._notifications)).message
        assert len(files_with(CANARY, home)) == 3
        app.training = None


async def test_it_is_in_the_command_palette(song):
    async with writing(song) as (app, screen, _pilot):
        assert COMMAND in [command.title for command in app.get_system_commands(screen)]
