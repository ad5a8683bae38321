"""Sections that follow another one or a reference lyric, and the locks that are offered then."""

import pytest
from craft_host import opened, rows, said, writing
from driving import drawn, until
from textual.widgets import Static

from lyricist.app.screens.choice import Choice
from lyricist.app.screens.dialogs import Question
from lyricist.app.screens.reference import MOST_CHARACTERS, ReferenceDialog
from lyricist.app.section_choice import reference_template, section_choice, shape
from lyricist.app.widgets.song_area import SongArea
from lyricist.craft.modes import RhymeRules
from lyricist.library.paths import paths
from lyricist.library.settings import load_settings
from lyricist.library.song_notes import Follow, load_notes

pytestmark = pytest.mark.craft

RULES = RhymeRules()
ENGLISH = (
    "[Verse 1]\nI walked into the night\nThe moon was in my sight\n\n"
    "[Verse 2]\nI came\nand all was bright\n\n[Chorus]\nOh my"
)
CHINESE = "[主歌]\n我在窗前等月亮\n你在路口等太阳\n\n[主歌]\n雨下了一夜"


async def chosen(app, pilot, *keys):
    """Choose from the list of what may be followed."""
    await opened(app, pilot, Choice, "alt+s")
    await pilot.press(*keys, "enter")


def test_other_sections_are_offered_with_their_shapes():
    found = section_choice(ENGLISH.split("\n"), 5, RULES)
    assert found.own.heading == "[Verse 2]"
    assert found.rows == (
        "[Verse 1]   6A 6A",
        "[Chorus]   2",
        "a reference lyric …",
        "nothing",
    )
    chinese = section_choice(CHINESE.split("\n"), 5, RULES)
    assert (chinese.own.number, chinese.rows[0]) == (1, "[主歌]   7A 7A")


def test_a_line_that_is_still_empty_begins_the_section_that_follows():
    lines = ["a line", "", "[Verse 2]", ""]
    assert section_choice(lines, 3, RULES).own.heading == "[Verse 2]"
    assert section_choice(["a line", "", ""], 2, RULES).own.number == 1
    assert section_choice(["[Chorus]"], 0, RULES) is None


def test_the_present_one_is_marked_also_where_it_is_gone():
    found = section_choice(ENGLISH.split("\n"), 5, RULES)
    own = "[Verse 2]", 0
    assert found.present(None) == 3
    assert found.present(Follow(*own, reference="x")) == 2
    assert found.present(Follow(*own, "[Chorus]", 0)) == 1
    assert found.present(Follow(*own, "[Bridge]", 0)) is None


def test_a_reference_is_shown_as_its_lengths_and_rhymes():
    assert shape(reference_template("[Verse]\nin the night\nin my sight", RULES)) == "3A 3A"
    assert reference_template("[Verse]\n\n", RULES) is None
    assert shape(reference_template("la\n" * 20, RULES)).endswith("…")


@pytest.mark.parametrize(("text", "source"), [(ENGLISH, "[Verse 1]"), (CHINESE, "[主歌]")])
async def test_a_section_follows_and_locks_are_offered(tmp_path, text, source):
    path = tmp_path / "song.txt"
    async with writing(text, (5, 0), path) as (app, screen, pilot):
        await chosen(app, pilot)
        await until(pilot, lambda: isinstance(app.screen, Question))
        await app.writes.finish(5)
        (follow,) = load_notes(path).follows
        assert (follow.source, follow.source_number) == (source, 0)
        template = screen.craft.template_at(screen.editor.song.lines, 5)
        assert [line.letter for line in template.lines] == ["A", "A"]
        mark = screen.craft.marks.at(screen.editor.song.lines, 5)
        assert mark.deviation.syllables < 0, "the line is too short for its template"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        await app.writes.finish(5)
        settings = load_settings()[0]
        assert settings.locks
        assert (settings.lock_length, settings.lock_rhyme) == ("template", "template")
        assert screen.line_lock.syllables == template.lines[0].syllables
        # Locked already: there is nothing more to ask.
        await chosen(app, pilot)
        await until(pilot, lambda: app.screen is screen)


async def test_escape_and_no_leave_locks_as_they_are():
    async with writing(ENGLISH, (5, 0)) as (app, screen, pilot):
        await opened(app, pilot, Choice, "alt+s")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert not screen.craft.notes.follows
        await chosen(app, pilot)
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.craft.notes.follows and not app.settings.locks


async def test_nothing_ends_the_following():
    async with writing(ENGLISH, (5, 0)) as (app, screen, pilot):
        screen.craft.notes.follow(Follow("[Verse 2]", 0, "[Verse 1]", 0))
        dialog = await opened(app, pilot, Choice, "alt+s")
        assert rows(dialog)[0].startswith("● [Verse 1]")
        await pilot.press("end", "enter")
        await until(pilot, lambda: "follows nothing" in said(screen))
        assert not screen.craft.notes.follows


async def test_a_reference_lyric_is_typed_and_followed():
    async with writing(CHINESE, (5, 0)) as (app, screen, pilot):
        await chosen(app, pilot, "end", "up")
        await until(pilot, lambda: isinstance(app.screen, ReferenceDialog))
        dialog = app.screen
        await pilot.press("ctrl+s")
        assert "no line to follow" in str(dialog.query_one("#state", Static).render())
        await pilot.press(*"风在吹", "enter", *"雨在飞")
        await pilot.pause(0.1)
        assert str(dialog.query_one("#state", Static).render()) == "3A 3A"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Question))
        (follow,) = screen.craft.notes.follows
        assert (follow.heading, follow.number, follow.reference) == ("[主歌]", 1, "风在吹\n雨在飞")
        assert screen.craft.template_at(screen.editor.song.lines, 5).lines[0].syllables == 3
        assert screen.editor.text == CHINESE


async def test_a_reference_that_is_too_long_or_hostile():
    async with writing(ENGLISH, (5, 0), size=(40, 12)) as (app, screen, pilot):
        await chosen(app, pilot, "end", "up")
        await until(pilot, lambda: isinstance(app.screen, ReferenceDialog))
        area = app.screen.query_one(SongArea)
        area.insert("[/red] \x1b[2J night")
        await pilot.pause(0.1)
        assert "\x1b" not in drawn(area) and "[/red]" in drawn(area)
        assert app.screen.region.contains_region(app.screen.query_one("#follow").region)
        area.insert("la " * MOST_CHARACTERS)
        await pilot.press("ctrl+s")
        assert "too long" in str(app.screen.query_one("#state", Static).render())
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert not screen.craft.notes.follows


async def test_a_hostile_heading_is_shown_as_it_is_written():
    text = "[/red a]\na line\n\n[b\x1b[2J]\nanother"
    async with writing(text, (1, 0)) as (app, screen, pilot):
        dialog = await opened(app, pilot, Choice, "alt+s")
        assert "[/red a]" in str(dialog.query_one(".dialog-question", Static).render())
        assert not any("\x1b" in row for row in rows(dialog))


async def test_where_no_section_is_a_remark_says_so():
    async with writing("[Chorus]") as (app, screen, pilot):
        await pilot.press("alt+s")
        await until(pilot, lambda: "no section here" in said(screen))


async def test_a_disk_that_refuses_is_told(tmp_path):
    paths().notes.parent.mkdir(parents=True, exist_ok=True)
    paths().notes.write_text("in the way")
    async with writing(ENGLISH, (5, 0), tmp_path / "song.txt") as (app, screen, pilot):
        await chosen(app, pilot)
        await until(pilot, lambda: any("notes" in n.message for n in app._notifications))
        assert screen.craft.notes.follows
