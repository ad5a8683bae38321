"""Readings that the writer picks: choosing them, and how they go with their characters."""

import pytest
from craft_host import opened, rows, said, writing
from driving import until
from hypothesis import given
from hypothesis import strategies as st

from lyricist.app.craft_desk import CraftDesk
from lyricist.app.line_edits import LineEdit, carried
from lyricist.app.reading_choice import reading_choice
from lyricist.app.screens.choice import Choice
from lyricist.craft.modes import RhymeRules
from lyricist.library.paths import paths
from lyricist.library.settings import Settings
from lyricist.library.song_notes import MAX_LINES, load_notes

pytestmark = pytest.mark.craft

LINE = "银行的行长"
RULES = RhymeRules()


def choice(line, column, chosen=None):
    return reading_choice(line, column, chosen or {}, RULES)


def test_the_character_before_the_cursor_is_meant_else_the_one_at_it():
    assert choice(LINE, 2).place == 1 and choice("行a", 0).place == 0
    assert choice("a行", 1).place == 1
    found = choice(LINE, 2)
    assert found.readings[found.present].pinyin == "háng"
    assert any(row.split() == ["xíng", "中东"] for row in found.rows)


def test_a_choice_made_before_is_the_present_one_and_can_be_taken_back():
    found = choice(LINE, 2, {1: "xing2"})
    assert found.readings[found.present].pinyin == "xíng"
    assert len(found.rows) == len(found.readings) + 1
    assert len(choice(LINE, 2).rows) == len(choice(LINE, 2).readings)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("", 0, "no Chinese character"),
        ("plain [red]", 3, "no Chinese character"),
        ("我们", 1, "no other reading"),
    ],
)
def test_where_there_is_nothing_to_choose(line, column, reason):
    assert reason in choice(line, column)


@pytest.mark.parametrize(
    ("old", "new", "before", "behind", "expected"),
    [
        (["我重来"], ["你我重来"], 0, 3, {"你我重来": {2: "chong2"}}),
        (["我重来"], ["我重来了"], 3, 0, {"我重来了": {1: "chong2"}}),
        (["我重来"], ["我来"], 1, 1, {}),
        (["我重来"], ["我重重来"], 1, 2, {"我重重来": {2: "chong2"}}),
        (["我重来"], ["我", "重来"], 1, 2, {"重来": {0: "chong2"}}),
        (["啊", "我重来"], ["啊我重来"], 1, 3, {"啊我重来": {2: "chong2"}}),
        (["我重来"], ["另一行"], 0, 0, {}),
    ],
)
def test_a_reading_goes_with_its_character(old, new, before, behind, expected):
    edit = LineEdit(tuple(old), tuple(new), before, behind)
    assert carried(edit, {"我重来": {1: "chong2"}}) == expected


@given(st.text("重行a\n", max_size=8), st.text("重行\n", max_size=3), st.data())
def test_whatever_the_edit_a_reading_stays_with_the_same_character(text, put, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = text.split("\n")
    head, tail = text[:start], text[end:]
    first, last = head.count("\n"), text[:end].count("\n")
    new = (head + put + tail).split("\n")
    edit = LineEdit(
        tuple(lines[first : last + 1]),
        tuple(new[first : len(new) - (len(lines) - 1 - last)]),
        len(head.rpartition("\n")[2]),
        len(tail.partition("\n")[0]),
    )
    readings = {line: dict(enumerate(line)) for line in lines[first : last + 1]}
    for line, places in carried(edit, readings).items():
        assert line in edit.new
        assert all(line[place] == character for place, character in places.items())


async def test_a_reading_is_chosen_kept_and_shown(tmp_path):
    path = tmp_path / "song.txt"
    async with writing("我重来", (0, 2), path) as (app, screen, pilot):
        dialog = await opened(app, pilot, Choice, "alt+y")
        assert any("●" in row for row in rows(dialog))
        wanted = next(n for n, row in enumerate(rows(dialog)) if "zhòng" in row)
        at = next(n for n, row in enumerate(rows(dialog)) if "●" in row)
        await pilot.press(*["down" if wanted > at else "up"] * abs(wanted - at), "enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == "我重来"
        await app.writes.finish(5)
        assert load_notes(path).readings == {"我重来": {1: "zhòng"}}
        assert screen.read_line("我重来").units[1].readings[0].pinyin == "zhòng"
        dialog = await opened(app, pilot, Choice, "alt+y")
        await pilot.press("end", "enter")
        await until(pilot, lambda: not screen.craft.notes.readings)


async def test_escape_chooses_nothing():
    async with writing("我重来", (0, 2)) as (app, screen, pilot):
        await opened(app, pilot, Choice, "alt+y")
        await pilot.press("down", "escape")
        await until(pilot, lambda: app.screen is screen)
        assert not screen.craft.notes.readings


async def test_typing_splitting_and_joining_take_the_reading_along_and_undo_finds_it():
    async with writing("啊\n我重来", (1, 0)) as (app, screen, pilot):
        screen.craft.notes.choose_reading("我重来", 1, "zhòng")
        readings = screen.craft.notes.readings
        await pilot.press("x", "y")
        assert readings["xy我重来"] == {3: "zhòng"}
        screen.editor.move_cursor((1, 3))
        await pilot.press("enter")
        assert readings["重来"] == {0: "zhòng"} and "xy我" not in readings
        await pilot.press("backspace")
        assert screen.editor.text == "啊\nxy我重来"
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert screen.editor.text == "啊\n我重来" and readings["我重来"] == {1: "zhòng"}
        screen.editor.move_cursor((1, 2))
        await pilot.press("backspace")
        assert "我来" not in readings, "the character is gone"


def test_long_typing_does_not_push_out_what_was_chosen():
    desk = CraftDesk(Settings())
    desk.notes.choose_reading("行在那里", 0, "hang2")
    desk.notes.choose_reading("我重来", 1, "zhong4")
    text = "我重来"
    for _ in range(MAX_LINES + 100):
        new = text + "a"
        desk.follow_edit(LineEdit((text,), (new,), len(text), 0), ["行在那里", new])
        text = new
    assert desk.notes.readings["行在那里"] == {0: "hang2"}
    assert desk.notes.readings[text] == {1: "zhong4"}
    assert len(desk.notes.readings) <= MAX_LINES


async def test_an_english_line_has_no_readings():
    async with writing("plain [red] \x1b[2J") as (app, screen, pilot):
        await pilot.press("alt+y")
        await until(pilot, lambda: "no Chinese character" in said(screen))


async def test_a_small_terminal_shows_the_readings():
    async with writing("我重", size=(40, 12)) as (app, screen, pilot):
        dialog = await opened(app, pilot, Choice, "alt+y")
        assert dialog.query_one("OptionList").region.height >= 2
        assert "chóng" in " ".join(rows(dialog))


async def test_a_disk_that_refuses_is_told_and_the_choice_holds(tmp_path):
    paths().notes.parent.mkdir(parents=True, exist_ok=True)
    paths().notes.write_text("in the way")
    async with writing("我重来", (0, 2), tmp_path / "song.txt") as (app, screen, pilot):
        await opened(app, pilot, Choice, "alt+y")
        await pilot.press("enter")
        await until(pilot, lambda: any("notes" in n.message for n in app._notifications))
        assert 1 in screen.craft.notes.readings["我重来"]
