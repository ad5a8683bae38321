"""Other lines in the place of one: what they keep, and what the keys of the dialog do."""

import pytest
from craft_host import answering, opened, rows, said, writing
from driving import until
from textual.widgets import Static

from lyricist.app.rewriting import rewriting
from lyricist.app.screens.rewrite import RewriteDialog
from lyricist.craft.modes import RhymeRules
from lyricist.library.paths import paths
from lyricist.library.song_notes import load_notes
from lyricist.suggest.protocol import Failure

pytestmark = pytest.mark.craft

RULES = RhymeRules()
ENGLISH = "I walked into the night\nThe moon was on the hill\nI kept you in my sight\nand all was"
CHINESE = "我在窗前等月亮\n你在路口等太阳\n雨下了一夜"
FIVE = ("one of five", "two of five", "three of five", "four of five", "five of five")


def lock(text, row, rules=RULES):
    return rewriting(text.split("\n"), row, rules).lock


def test_a_line_keeps_its_length_and_the_rhyme_that_it_has():
    wanted = lock(ENGLISH, 2)
    assert (wanted.syllables, wanted.rhyme) == (6, "I walked into the night")
    assert lock(ENGLISH, 0).rhyme == "I kept you in my sight", "the first of a rhyme has it below"
    assert lock(CHINESE, 1).rhyme == "我在窗前等月亮"
    assert lock(CHINESE, 1).syllables == 7


def test_a_line_that_rhymes_with_none_is_free_to_end_as_it_likes():
    wanted = lock(ENGLISH, 1)
    assert (wanted.syllables, wanted.rhyme) == (6, "")
    assert lock("alone here", 0).rhyme == ""


def test_a_rhyme_is_looked_for_in_the_own_section_only():
    assert lock("in the night\n\nin my sight", 2).rhyme == ""


def test_where_two_lines_end_on_one_word_the_new_one_may_as_well():
    assert lock("in the night\nall the night", 1).repeat
    assert not lock("in the night\nall the light", 1).repeat


def test_a_line_that_cannot_be_counted_keeps_no_length():
    assert lock("слово and night\nin my sight", 0).syllables == 0


@pytest.mark.parametrize("text", ["", "[Verse 1]", "# a note", "♪ ♪"])
def test_there_are_places_without_a_line(text):
    assert rewriting([text], 0, RULES) is None


async def test_the_line_is_replaced_as_one_step_and_remembered(tmp_path):
    path = tmp_path / "song.txt"
    async with writing(ENGLISH, (2, 4), path) as (app, screen, pilot):
        asked = answering(app, *FIVE)
        dialog = await opened(app, pilot, RewriteDialog, "alt+w")
        await until(pilot, lambda: len(rows(dialog)) == 6)
        assert rows(dialog)[0] == " 6  I kept you in my sight  (as it is)"
        assert rows(dialog)[1] == " 3  one of five"
        (request,) = asked
        assert request.prefix == "I walked into the night\nThe moon was on the hill\n"
        assert request.suffix == "\nand all was" and request.asked
        assert (request.lock.syllables, request.lock.rhyme) == (6, "I walked into the night")
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == ENGLISH.replace("I kept you in my sight", "two of five")
        await app.writes.finish(5)
        assert load_notes(path).versions == {"two of five": ["I kept you in my sight"]}
        await pilot.press("ctrl+z")
        assert screen.editor.text == ENGLISH


async def test_again_asks_for_others_than_those_that_were_shown():
    more = ("two of five", "six", "seven")
    async with writing(CHINESE, (1, 0)) as (app, screen, pilot):
        asked = answering(app, FIVE, more)
        dialog = await opened(app, pilot, RewriteDialog, "alt+w")
        await until(pilot, lambda: len(rows(dialog)) == 6)
        await pilot.press("a")
        await until(pilot, lambda: len(rows(dialog)) == 3)
        assert [row.split()[1] for row in rows(dialog)[1:]] == ["six", "seven"]
        assert asked[1].sampling.count > asked[0].sampling.count


async def test_escape_and_the_old_line_change_nothing():
    async with writing(CHINESE, (0, 0)) as (app, screen, pilot):
        answering(app, *FIVE)
        for keys in (("escape",), ("up", "enter")):
            dialog = await opened(app, pilot, RewriteDialog, "alt+w")
            await until(pilot, lambda dialog=dialog: len(rows(dialog)) == 6)
            await pilot.press(*keys)
            await until(pilot, lambda: app.screen is screen)
            assert screen.editor.text == CHINESE
        assert not screen.craft.notes.versions
        assert not screen.editor.history.undo_stack


async def test_without_lines_the_dialog_says_why(monkeypatch):
    monkeypatch.setattr("lyricist.app.screens.song_craft._ASIDE_SECONDS", 0.1)
    async with writing(CHINESE, (0, 0)) as (app, screen, pilot):
        answering(app, reason="no line that rhymes with [月]")
        dialog = await opened(app, pilot, RewriteDialog, "alt+w")
        state = dialog.query_one("#state", Static)
        await until(pilot, lambda: "no line that rhymes with [月]" in str(state.render()))
        app.client.request = lambda question: None
        await pilot.press("a")
        await until(pilot, lambda: "no answer came" in str(state.render()))


async def test_a_service_that_fails_is_told_at_once():
    async with writing(CHINESE, (0, 0)) as (app, screen, pilot):

        def fail(question):
            screen.receive(Failure("the model is gone", question.revision))

        app.client.request = fail
        dialog = await opened(app, pilot, RewriteDialog, "alt+w")
        state = dialog.query_one("#state", Static)
        await until(pilot, lambda: "no answer came" in str(state.render()), 5)
        assert said(screen) == "the model is gone"


async def test_a_heading_is_no_line_to_rewrite():
    async with writing("[Chorus]") as (app, screen, pilot):
        await pilot.press("alt+w")
        await until(pilot, lambda: "no line here" in said(screen))


async def test_a_hostile_line_in_a_small_terminal():
    text = "[/red] \x1b[2J the [b]night\u202e"
    async with writing(text, size=(40, 12)) as (app, screen, pilot):
        answering(app, "a [Chorus] \x1b]0;x\x07", "[/] sight")
        dialog = await opened(app, pilot, RewriteDialog, "alt+w")
        await until(pilot, lambda: len(rows(dialog)) == 3)
        assert "[Chorus] ␛]0;x␇" in rows(dialog)[1]
        assert dialog.region.contains_region(dialog.query_one("#keys").region)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == "a [Chorus] \x1b]0;x\x07"


async def test_notes_that_cannot_be_kept_are_told_and_the_line_is_there(tmp_path):
    paths().notes.parent.mkdir(parents=True, exist_ok=True)
    paths().notes.write_text("in the way")
    async with writing(ENGLISH, (2, 0), tmp_path / "song.txt") as (app, screen, pilot):
        answering(app, *FIVE)
        dialog = await opened(app, pilot, RewriteDialog, "alt+w")
        await until(pilot, lambda: len(rows(dialog)) == 6)
        await pilot.press("enter")
        await until(pilot, lambda: any("notes" in n.message for n in app._notifications))
        assert "one of five" in screen.editor.text
        await pilot.press("alt+v")
        await until(pilot, lambda: screen.editor.text == ENGLISH)


async def test_versions_go_round_and_each_is_a_step():
    async with writing("first", (0, 0)) as (app, screen, pilot):
        notes = screen.craft.notes
        notes.remember_version("zero", "half")
        notes.remember_version("half", "first")
        for text, number in (("half", 2), ("zero", 1), ("first", 3), ("half", 2)):
            await pilot.press("alt+v")
            assert screen.editor.text == text
            assert said(screen) == f"version {number} of 3"
        await pilot.press("ctrl+z", "ctrl+z")
        assert screen.editor.text == "zero"
        await pilot.press("alt+v")
        assert screen.editor.text == "first", "an undone version goes on from where it is"


async def test_versions_follow_a_line_that_is_edited():
    async with writing("我在等月光", (0, 5)) as (app, screen, pilot):
        screen.craft.notes.remember_version("我在等太阳", "我在等月光")
        await pilot.press(*"里", "alt+v")
        assert screen.editor.text == "我在等太阳"


async def test_without_another_version_a_remark_says_so():
    async with writing("alone") as (app, screen, pilot):
        await pilot.press("alt+v")
        assert "no other version" in said(screen) and screen.editor.text == "alone"
