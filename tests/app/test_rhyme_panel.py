"""The rhyme panel in the real app: what it finds, in which order, and what Enter and Escape do."""

import pytest
from craft_host import answering, opened, rows, said, writing
from driving import until
from textual.widgets import OptionList, Static

from lyricist.app.screens.rhymes import RhymePanel
from lyricist.library.settings import Settings, save_settings
from lyricist.suggest.protocol import Fit

pytestmark = pytest.mark.craft

ENGLISH = "I walked along the river in the night\nand waited for "
CHINESE = "我在窗前等月亮\n风吹过"


def highlighted(panel):
    options = panel.query_one(OptionList)
    return str(options.options[options.highlighted].prompt).split()[0]


def state(panel):
    return str(panel.query_one("#state", Static).render())


async def finished(pilot, panel):
    await until(pilot, lambda: "common" in state(panel) or "fits" in state(panel))
    await until(pilot, lambda: "asking" not in state(panel))


@pytest.fixture(autouse=True)
def soon_without_an_answer(monkeypatch):
    monkeypatch.setattr("lyricist.app.screens.song_craft._ASIDE_SECONDS", 0.2)


async def test_words_are_grouped_and_enter_puts_one_in_as_one_step():
    async with writing(ENGLISH) as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await finished(pilot, panel)
        shown = rows(panel)
        assert shown[0] == "perfect · 1 syllable" and shown[1].startswith("light")
        assert {"perfect · 2 syllables", "near · 1 syllable"} <= set(shown)
        assert "by how common they are" in state(panel), "the model said nothing"
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == ENGLISH + "bright"
        assert screen.editor.cursor_location == screen.editor.song.end
        await pilot.press("ctrl+z")
        assert screen.editor.text == ENGLISH


async def test_the_model_is_asked_what_fits_where_it_would_stand():
    async with writing(ENGLISH + "\nthe sea", cursor=(1, 15)) as (app, screen, pilot):
        asked = answering(app, fit=lambda text: -1.0)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await until(pilot, lambda: "fits here" in state(panel))
        assert asked[-1].prefix == ENGLISH
        assert all(text.endswith("\n") for text in asked[-1].texts), "where the line goes on"


async def test_scores_rank_within_a_group_together_with_frequency():
    async with writing(ENGLISH) as (app, screen, pilot):
        answering(app, fit=lambda text: 0.0 if text.strip() == "flight" else -9.0)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await until(pilot, lambda: "fits here" in state(panel))
        first, second = [row.split()[0] for row in rows(panel)[1:3]]
        assert (first, second) == ("flight", "light")


async def test_the_list_stays_as_it_is_once_the_writer_has_moved(monkeypatch):
    monkeypatch.setattr("lyricist.app.screens.song_craft._ASIDE_SECONDS", 20)
    async with writing(ENGLISH) as (app, screen, pilot):
        asked = answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await until(pilot, lambda: asked)
        before = rows(panel)
        await pilot.press("down", "down")
        chosen = highlighted(panel)
        request = asked[-1]
        worst_first = tuple(float(n) for n in range(len(request.texts)))
        screen.receive(Fit(request.revision, worst_first))
        await until(pilot, lambda: "fits here" in state(panel))
        assert rows(panel)[: len(before)] == before and highlighted(panel) == chosen
        await pilot.press(*"ight")
        await pilot.pause(0.1)
        assert rows(panel)[1] != before[1], "a new list is a ranked one"


async def test_typing_filters_and_escape_changes_nothing():
    async with writing(ENGLISH) as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await finished(pilot, panel)
        await pilot.press(*"moon")
        await pilot.pause(0.1)
        assert [row.split()[0] for row in rows(panel)][:2] == ["perfect", "moonlight"]
        await pilot.press(*"zzz", "enter")
        await pilot.pause(0.1)
        assert app.screen is panel and rows(panel) == []
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == ENGLISH


async def test_tab_goes_to_the_next_group_and_shift_tab_back():
    async with writing(ENGLISH) as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await finished(pilot, panel)
        await pilot.press("tab")
        place = panel.query_one(OptionList).highlighted
        assert rows(panel)[place - 1] == "perfect · 2 syllables"
        await pilot.press("shift+tab", "up")
        assert panel.query_one(OptionList).highlighted == 1


async def test_the_key_goes_on_to_another_line_and_types_no_letter():
    text = "the night\nthe rain\nI want "
    async with writing(text) as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await finished(pilot, panel)
        assert "rain" in str(panel.query_one(".dialog-question", Static).render())
        await pilot.press("alt+r")
        await finished(pilot, panel)
        assert "night" in str(panel.query_one(".dialog-question", Static).render())
        assert panel.query_one("Input").value == ""
        await until(pilot, lambda: rows(panel) and rows(panel)[1].startswith("light"))


async def test_chinese_words_by_characters_and_double_rhymes():
    async with writing(CHINESE, cursor=(0, 7)) as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await finished(pilot, panel)
        shown = rows(panel)
        for title in ("同韵 · 1 character", "同韵 · 4 characters", "双押 · 2 characters"):
            assert title in shown
        assert any(row.startswith("月光") and "yuè guāng" in row for row in shown)
        await pilot.press(*"yueg")
        await pilot.pause(0.1)
        assert highlighted(panel) == "月光"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == "我在窗前等月亮月光\n风吹过"


async def test_a_song_in_traditional_characters_gets_such_words():
    async with writing("我們的愛還沒說完\n聽風在飄 這時候想") as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await finished(pilot, panel)
        words = {row.split()[0] for row in rows(panel)}
        assert "讓" in words and "让" not in words


async def test_a_selection_is_replaced():
    async with writing("the Night is long") as (app, screen, pilot):
        answering(app)
        screen.editor.selection = ((0, 4), (0, 9))
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await finished(pilot, panel)
        await pilot.press(*"moonl", "enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == "the Moonlight is long"
        await pilot.press("ctrl+z")
        assert screen.editor.text == "the Night is long"


async def test_lines_of_the_writers_own_songs_are_offered(tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("[Hook] \x1b[2J\nwe danced in candlelight\nnothing here\nthe same old night\n")
    settings = Settings(recent=[str(other)])
    save_settings(settings)
    async with writing(ENGLISH, settings=settings) as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await until(pilot, lambda: "mine" in rows(panel))
        mine = rows(panel)[rows(panel).index("mine") + 1 :]
        assert mine == ["we danced in candlelight"], "neither what does not rhyme nor a repetition"


async def test_nothing_to_rhyme_with_is_a_remark():
    async with writing("[Verse 1]\n") as (app, screen, pilot):
        await pilot.press("alt+r")
        await until(pilot, lambda: "nothing to rhyme with" in said(screen))
        assert app.screen is screen


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, "[/Hook] \x1b[2J [red]nïght \u202e\nand "])
async def test_a_small_terminal_shows_words_and_keys(text):
    async with writing(text, size=(40, 12)) as (app, screen, pilot):
        answering(app)
        panel = await opened(app, pilot, RhymePanel, "alt+r")
        await until(pilot, lambda: "common" in state(panel) or "nothing" in state(panel))
        options = panel.query_one(OptionList)
        assert options.region.height >= 3
        assert panel.region.contains_region(panel.query_one("#keys").region)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == text
