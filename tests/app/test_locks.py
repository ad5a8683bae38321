"""Locks on the Write screen: what is asked of the model, what the pane says, the dialog."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from driving import SILENT, until
from textual.widgets import Input, Select, Static

from lyricist.app.app import LyricistApp
from lyricist.app.screens.locks import LocksDialog
from lyricist.library.settings import Settings, load_settings
from lyricist.library.song_notes import Follow
from lyricist.suggest.protocol import Answer, Candidate, FitRequest, Lock, Ready

pytestmark = pytest.mark.craft
SONG = "[Verse 1]\nI left my coat and walked away\nThe river keeps the boat\n"
PERFECT = {"lock_length": "above", "lock_rhyme": "ABAB"}


@asynccontextmanager
async def writing(text=SONG, size=(100, 30), **settings):
    app = LyricistApp(settings=Settings(model="en", **settings), service_command=SILENT)
    async with app.run_test(size=size) as pilot:
        screen = app.write_screen
        await until(pilot, lambda: screen.is_current and screen.craft.marks.ready)
        screen.editor.load_text(text)
        screen.editor.move_cursor(screen.editor.song.end)
        app.asked = []

        def request(question):
            # What the pane asks about the song as it is shown (-1 - revision) is no matter here.
            if not -1_000_000 <= question.revision < 0:
                app.asked.append(question)

        app.client.request = request
        screen.receive(Ready("en", "/m/en", 91, 3.4, "cpu"))
        screen.show_service_status("ready")
        await pilot.pause(0.1)
        yield app, screen, pilot


def pane(screen):
    return "\n".join(
        "".join(segment.text for segment in screen.pane.render_line(y))
        for y in range(screen.pane.size.height)
    )


async def test_one_key_locks_length_and_rhyme_and_another_unlocks():
    async with writing(**PERFECT) as (app, screen, pilot):
        await pilot.press("T")
        await until(pilot, lambda: app.asked)
        assert app.asked[-1].lock == Lock()
        await pilot.press("alt+k")
        await until(pilot, lambda: app.asked[-1].lock)
        assert app.asked[-1].lock == Lock(6, "I left my coat and walked away")
        await app.writes.finish(5)
        assert load_settings()[0].locks is True
        await pilot.pause(0.1)
        assert "6 · away" in pane(screen)
        await pilot.press("alt+k")
        await until(pilot, lambda: not app.asked[-1].lock)
        await pilot.pause(0.1)
        assert "off" in pane(screen)


async def test_the_pane_says_why_there_is_none():
    async with writing(locks=True, **PERFECT) as (_, screen, pilot):
        await pilot.press("T")
        screen.receive(
            Answer(screen.editor.revision, (), (), 3.0, 1, 2.0, reason="no [b]line[/b] of 6")
        )
        await pilot.pause(0.1)
        assert "no [b]line[/b] of 6" in pane(screen)


async def test_a_line_that_is_free_says_so():
    async with writing("", locks=True, **PERFECT) as (app, screen, pilot):
        await pilot.press("T")
        await until(pilot, lambda: app.asked)
        assert app.asked[-1].lock == Lock()
        await pilot.pause(0.1)
        assert "free" in pane(screen)


async def test_the_dialog_sets_what_to_lock_to():
    async with writing(**PERFECT) as (app, _, pilot):
        await pilot.press("alt+t")
        await until(pilot, lambda: isinstance(app.screen, LocksDialog))
        app.screen.query_one("#length", Select).value = "typed"
        app.screen.query_one("#syllables", Input).value = "7"
        app.screen.query_one("#rhyme", Select).value = "typed"
        app.screen.query_one("#word", Input).value = "moon"
        app.screen.query_one("#system", Select).value = "new"
        await pilot.pause(0.1)
        await pilot.click("#lock")
        await until(pilot, lambda: app.asked)
        assert app.asked[-1].lock == Lock(7, "moon", "new")
        assert app.settings.locks and app.settings.lock_word == "moon"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"#length": "typed", "#syllables": "0"}, "from 1 to 40"),
        ({"#length": "typed", "#syllables": "41"}, "from 1 to 40"),
        ({"#length": "typed", "#syllables": ""}, "from 1 to 40"),
        ({"#rhyme": "typed", "#word": ""}, "type a word"),
        ({"#rhyme": "typed", "#word": "[Chorus"}, ""),
        ({"#rhyme": "typed", "#word": "💧"}, "type a word"),
    ],
)
async def test_what_cannot_be_is_told_in_the_dialog(fields, problem):
    async with writing(**PERFECT) as (app, _, pilot):
        await pilot.press("alt+t")
        await until(pilot, lambda: isinstance(app.screen, LocksDialog))
        dialog = app.screen
        for field, value in fields.items():
            dialog.query_one(field).value = value
        await pilot.pause(0.1)
        await pilot.click("#lock")
        await pilot.pause(0.2)
        assert (app.screen is dialog) == bool(problem)
        if problem:
            assert problem in str(dialog.query_one("#locks-problem", Static).content)


async def test_escape_changes_nothing():
    async with writing(**PERFECT) as (app, screen, pilot):
        await pilot.press("alt+t")
        await until(pilot, lambda: isinstance(app.screen, LocksDialog))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert not app.settings.locks and not app.asked


async def test_a_section_that_follows_another_is_locked_to_it():
    song = "[Verse 1]\n我们在雨里\n你在门口等我\n[Verse 2]\n"
    async with writing(song, locks=True, lock_length="template", lock_rhyme="template") as (
        app,
        screen,
        pilot,
    ):
        # What is noted of a song is read once it stands there.
        await pilot.pause(0.3)
        screen.craft.notes.follow(Follow("[Verse 2]", 0, "[Verse 1]", 0))
        await pilot.press("我")
        await until(pilot, lambda: app.asked)
        assert app.asked[-1].lock.syllables == 5


async def test_a_question_beside_the_writing_is_answered_apart():
    async with writing(**PERFECT) as (app, screen, pilot):
        task = asyncio.create_task(
            screen.ask_aside(lambda revision: FitRequest(revision, "a", ("b",)))
        )
        await until(pilot, lambda: app.asked)
        (asked,) = app.asked
        assert asked.revision < -1_000_000
        screen.receive(Answer(asked.revision, (), (), None, 0, 0.0))
        assert (await task).revision == asked.revision
        assert screen.editor.ghost.text == ""


async def test_locks_fit_into_a_small_terminal():
    async with writing(size=(40, 12), locks=True, **PERFECT) as (app, screen, pilot):
        await pilot.press("T")
        await pilot.pause(0.1)
        assert "lock 6 · boat" in pane(screen) or "lock 6 · away" in pane(screen)
        await pilot.press("alt+t")
        await until(pilot, lambda: isinstance(app.screen, LocksDialog))
        await pilot.press("escape")


async def test_a_locked_ghost_is_shown_however_unsure_the_model_is():
    async with writing(eagerness="quiet", **PERFECT) as (_, screen, pilot):
        for locked in (False, True):
            if locked:
                await pilot.press("alt+k")
            await pilot.press("T")
            answer = Answer(
                screen.editor.revision, (Candidate("he moon", -3.0, 0.001),), (), 3.0, 1, 2
            )
            screen.receive(answer)
            await pilot.pause(0.05)
            assert bool(screen.editor.ghost.text) == locked
