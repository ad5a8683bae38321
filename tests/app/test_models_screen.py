import pytest
from small_model import make_small_model
from textual.widgets import Input
from train_host import Host, make_model, shown, told, until

from lyricist.app.screens.dialogs import Question
from lyricist.app.screens.model_dialogs import CardView, NameDialog, card_text
from lyricist.app.screens.models import ModelsScreen
from lyricist.app.screens.path_dialogs import OpenFile, SaveFile
from lyricist.app.widgets.model_table import ModelTable
from lyricist.library.models import list_models
from lyricist.library.paths import paths
from lyricist.library.settings import load_settings
from lyricist.network.card import read_card

HOSTILE = "old-[bold]songs\x1b]0;x\x07"


@pytest.fixture(autouse=True)
def only_own_models(monkeypatch, tmp_path):
    monkeypatch.setattr("lyricist.library.models.shipped_models", lambda: tmp_path / "shipped")


def whole_model(name, **fields):
    """A model that can be loaded, as small as can be."""
    return make_small_model(paths().models / name, **fields)


def names():
    return sorted(entry.name for entry in list_models())


class Looking:
    """The app with its Models screen in front and the models listed."""

    def __init__(self, size=(100, 30), **host):
        self.app = Host(**host)
        self.running = self.app.run_test(size=size, notifications=True)

    async def __aenter__(self):
        pilot = await self.running.__aenter__()
        await self.app.push_screen(ModelsScreen())
        table = self.app.screen.query_one(ModelTable)
        await until(pilot, lambda: table.row_count == len(list_models()))
        return self.app, pilot, table

    async def __aexit__(self, *error):
        await self.running.__aexit__(*error)


async def on(pilot, table, name):
    """Move the cursor to a model."""
    rows = [entry.name for entry in table._entries]
    table.move_cursor(row=rows.index(name))
    await pilot.pause()


async def test_every_model_is_listed_with_what_matters(tmp_path):
    make_model("mine", language="zh", created="2026-02-03T04:05:06+00:00")
    make_model("given", held_out=None, folder=tmp_path / "shipped")
    (make_model("ruin") / "model.toml").write_text("format =")
    async with Looking(model="mine") as (app, _pilot, _):
        lines = shown(app).split("\n")
        mine = next(line for line in lines if " mine " in line)
        for part in ("●", "own", "zh", "31.2", "1.5 MB", "2.6 M", "2026-02-03"):
            assert part in mine
        assert "shipped" in next(line for line in lines if " given " in line)
        assert "damaged" in next(line for line in lines if " ruin " in line)


async def test_the_trouble_of_a_damaged_model_is_told_below():
    (make_model("ruin") / "model.toml").write_text("format =")
    async with Looking() as (app, pilot, table):
        await on(pilot, table, "ruin")
        await until(pilot, lambda: "cannot be read" in told(app))
        await pilot.press("enter")
        await until(pilot, lambda: "ruin cannot be used" in shown(app))
        await pilot.press("c", "e")
        await pilot.pause()
        assert isinstance(app.screen, ModelsScreen)
        assert app.used == []


async def test_without_models_it_says_what_to_do():
    async with Looking() as (app, pilot, _):
        await until(pilot, lambda: "no models yet" in shown(app))
        await pilot.press("enter", "r", "d", "c", "e")
        await pilot.pause()
        assert isinstance(app.screen, ModelsScreen)


async def test_enter_lets_a_model_suggest_and_remembers_it():
    make_model("one")
    make_model("two")
    async with Looking(model="one") as (app, pilot, table):
        await on(pilot, table, "two")
        await pilot.press("enter")
        await until(pilot, lambda: "● " in shown(app) and app.used == ["two"])
        assert load_settings()[0].model == "two"


async def test_rename_asks_for_a_name_and_keeps_the_choice_with_the_model():
    make_model("one")
    async with Looking(model="one") as (app, pilot, _):
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, NameDialog) and app.screen.query(Input))
        app.screen.query_one(Input).value = "The best of [me]"
        await pilot.press("enter")
        await until(pilot, lambda: names() == ["The-best-of-me"])
        await until(pilot, lambda: app.current_model == "The-best-of-me")


async def test_a_name_that_is_taken_is_refused_in_one_line():
    make_model("one")
    make_model("two")
    async with Looking() as (app, pilot, table):
        await on(pilot, table, "one")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, NameDialog) and app.screen.query(Input))
        app.screen.query_one(Input).value = "two"
        await pilot.press("enter")
        await until(pilot, lambda: "exists already" in shown(app))
        assert names() == ["one", "two"]


async def test_delete_asks_first():
    make_model("one")
    make_model("two")
    async with Looking(model="two") as (app, pilot, table):
        await on(pilot, table, "one")
        for keys in (["escape"], ["enter"]):
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, Question))
            assert "Delete the model one for good?" in shown(app)
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
            assert names() == ["one", "two"]
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: names() == ["two"] and table.row_count == 1)
        assert app.used == []


async def test_deleting_the_model_in_use_falls_back_to_the_language():
    make_model("one")
    async with Looking(model="one", text="夜里风停了") as (app, pilot, _):
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.used == ["zh"])


async def test_a_shipped_model_stays(tmp_path):
    make_model("given", folder=tmp_path / "shipped")
    async with Looking() as (app, pilot, _):
        await pilot.press("d")
        await until(pilot, lambda: "stays" in shown(app))
        assert names() == ["given"]


@pytest.mark.parametrize("kind", ["zip", "folder"])
async def test_a_model_goes_out_and_comes_back(tmp_path, monkeypatch, kind):
    whole_model("one", licence="CC0")
    monkeypatch.chdir(tmp_path)
    target = "gone.zip" if kind == "zip" else "gone"
    async with Looking() as (app, pilot, table):
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, SaveFile) and app.screen.query(Input))
        name = app.screen.query_one(Input)
        assert name.value == "one.zip"
        name.value = target
        name.focus()
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / target).exists() and "exported" in shown(app))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OpenFile) and app.screen.query(Input))
        name = app.screen.query_one(Input)
        name.value = target if kind == "zip" else "gone/model.toml"
        name.focus()
        await pilot.press("enter")
        await until(pilot, lambda: "exists already" in shown(app))
        table._entries[0].path.rename(paths().models / "kept")
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OpenFile) and app.screen.query(Input))
        name = app.screen.query_one(Input)
        name.value = target if kind == "zip" else "model.toml"
        name.focus()
        await pilot.press("enter")
        await until(pilot, lambda: names() == ["kept", "one"])
        assert read_card(paths().models / "one").licence == "CC0"


async def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path, monkeypatch):
    (tmp_path / "song.zip").write_bytes(b"PK nothing")
    monkeypatch.chdir(tmp_path)
    async with Looking() as (app, pilot, _):
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OpenFile) and app.screen.query(Input))
        app.screen.query_one(Input).value = "song.zip"
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: "damaged" in shown(app))
        assert isinstance(app.screen, ModelsScreen)
        assert names() == []


async def test_hostile_names_and_cards_are_shown_as_they_are():
    make_model(
        HOSTILE,
        notes="[/Hook] \x1b[2J [@click=app.quit]free[/]",
        language="[/]\x9b",
        recipe={"[/x]": "\x07"},
    )
    async with Looking(size=(120, 30)) as (app, pilot, _):
        await until(pilot, lambda: "old-[bold]songs␛]0;x␇" in shown(app))
        text = shown(app)
        assert "[/Hook] ␛[2J [@click=app.quit]free[/]" in text
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, CardView))
        await until(pilot, lambda: "[/x]" in shown(app))
        assert "[@click=app.quit]free[/]" in shown(app)
        await pilot.press("escape", "d")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await until(pilot, lambda: "old-[bold]songs␛]0;x␇" in shown(app))
        await pilot.press("escape", "r")
        await until(pilot, lambda: isinstance(app.screen, NameDialog) and app.screen.query(Input))
        assert "\x1b" not in shown(app) and "\x07" not in shown(app)
        await pilot.press("escape", "enter")
        await until(pilot, lambda: app.used == [HOSTILE])
        await until(pilot, lambda: "Suggestions now come from" in shown(app))
        assert "\x1b" not in shown(app)


def test_a_card_is_shown_whole(tmp_path):
    folder = make_model(
        "one",
        folder=tmp_path,
        corpora=[{"name": "a"}, {"songs": 3}],
        command="lyricist train [/x]",
        base="zh",
        notes="for the evening",
        weights_sha256="abc",
    )
    text = card_text(read_card(folder)).plain
    for part in ("one", "songs", "lyricist train [/x]", "zh", "for the evening", "abc", "夜里风"):
        assert part in text


async def test_it_can_be_used_in_a_small_terminal():
    for n in range(12):
        make_model(f"model-{n}")
    async with Looking(size=(40, 12)) as (app, pilot, table):
        await on(pilot, table, "model-3")
        await until(pilot, lambda: "model-3" in shown(app))
        assert "Use" in shown(app)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, CardView))
        await pilot.press("pagedown", "escape", "escape")
        await until(pilot, lambda: not isinstance(app.screen, ModelsScreen))


async def test_a_tall_terminal_comes_to_show_a_model_in_each_row():
    for n in range(60):
        make_model(f"model-{n}")
    async with Looking(size=(100, 50)) as (app, pilot, table):
        await until(pilot, lambda: shown(app).count(" own ") >= 44)


async def test_the_chosen_row_stays_in_view_where_the_list_is_read_again_or_has_less_room():
    for n in range(12):
        make_model(f"model-{n}", notes="one line of notes " * n)
    async with Looking(size=(40, 14)) as (app, pilot, table):
        for name in ("model-3", "model-9", "model-0"):
            await on(pilot, table, name)
            app.screen._list(name)
            await pilot.pause(0.1)
            await until(pilot, lambda name=name: f" {name} " in shown(app))
            await pilot.resize_terminal(40, 11)
            await until(pilot, lambda name=name: f" {name} " in shown(app))
            await pilot.resize_terminal(40, 14)
