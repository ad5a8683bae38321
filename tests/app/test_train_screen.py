import asyncio
import contextlib
import sys

import pytest
from textual.widgets import Button, Input, Select
from train_host import Host, child, make_model, shown, told, until

import lyricist.app.training_run as training_run
from lyricist.app.comparison import Comparison, Side
from lyricist.app.corpus_choice import written_by_the_writer
from lyricist.app.screens.compare import CompareScreen
from lyricist.app.screens.path_dialogs import ChooseFolder, OpenFile
from lyricist.app.screens.train import TrainScreen
from lyricist.app.train_form import TrainForm, train_command
from lyricist.app.training_run import TrainingRun
from lyricist.app.unfinished_run import remember_run, unfinished_run
from lyricist.app.widgets.song_sources import AddSongsMenu, SongSourceList
from lyricist.app.widgets.train_form_view import TrainFormView
from lyricist.library.paths import paths, songbook
from lyricist.library.settings import load_settings
from lyricist.training.events import Checkpoint, Epoch, Finished, Sample, Started

SONGS = "夜里风停了\n我还在等\n\n\n天亮之前\n谁在唱歌\n"


@pytest.fixture(autouse=True)
def models(home):
    make_model("zh")


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "[" / "Hook] 夜.txt"
    path.parent.mkdir()
    path.write_text(SONGS, encoding="utf-8")
    return path


@contextlib.asynccontextmanager
async def training(app, size=(80, 24)):
    """The app with its Train screen in front."""
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = TrainScreen()
        await app.push_screen(screen)
        await pilot.pause()
        yield pilot, screen


def stand_in(monkeypatch, tmp_path, body):
    """Let the screen start a child that reports these events; returns the commands it wanted."""
    wanted = []

    def command(form):
        wanted.append(train_command(form))
        return child(tmp_path, body)

    monkeypatch.setattr(training_run, "train_command", command)
    return wanted


FOREVER = """
def end(*_):
    tell(Cancelled("my-songs", "/x", {}, 1.0)); sys.exit(0)
signal.signal(signal.SIGTERM, end)
started(); epoch(1)
tell(Sample(1, "[/Hook]", "风\\x1b[31m停\\n了"))
while True: time.sleep(0.05)
"""


async def test_the_saved_songs_are_chosen_and_reported_on_at_once(song, tmp_path):
    app = Host(recent=[song, tmp_path / "gone.txt"])
    async with training(app) as (pilot, screen):
        await until(pilot, lambda: "2 songs" in shown(app))
        text = shown(app)
        assert "all my saved songs (1)" in text
        assert "4 lines" in text and "distinct" in text
        assert "unknown to zh" in text
        assert "the corpus is tiny" in text
        form = screen.query_one(TrainFormView).form()
        assert form == TrainForm((str(song),), "my-songs", "zh", "finetune", prefixes=("我还在等",))


async def test_without_saved_songs_the_songbook_of_the_language_is_chosen():
    app = Host(text="the last train is leaving")
    async with training(app) as (pilot, screen):
        await until(pilot, lambda: "songs ·" in shown(app))
        assert "the songbook (English)" in shown(app)
        assert screen.query_one("#name", Input).value == "songbook-en"


async def test_a_hostile_path_is_shown_as_it_is(song):
    app = Host()
    async with training(app, size=(120, 30)) as (pilot, screen):
        screen.query_one("#path", Input).value = str(song)
        screen.query_one("#path").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "[/Hook] 夜.txt" in shown(app)
        screen.query_one("#path", Input).value = "/x\x1b]0;y\x07[/b]"
        await pilot.press("enter")
        await until(pilot, lambda: "does not exist" in shown(app))
        assert "\x1b" not in shown(app) and "\x07" not in shown(app)
        assert "␛]0;y␇[/b]" in shown(app)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("empty.txt", b"", "empty"),
        ("noise.bin", bytes(range(256)) * 8, "cannot be used"),
        ("same.txt", b"aaaa\naaaa\n", "one distinct"),
    ],
)
async def test_songs_that_cannot_be_used_say_so_and_do_not_start(
    tmp_path, name, content, complaint
):
    path = tmp_path / name
    path.write_bytes(content)
    app = Host(recent=[path])
    async with training(app, size=(110, 30)) as (pilot, _):
        await until(pilot, lambda: complaint in told(app))
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert app.training is None
        assert len(app._notifications) == 1


async def test_the_form_comes_to_be_shown_whole(song):
    async with training(Host(recent=[song]), size=(110, 40)) as (pilot, screen):
        await until(pilot, lambda: "Start training" in shown(pilot.app))
        hidden = [field.id for field in screen.query(".field") if not field.region.height]
        assert hidden == ["script-field"]


async def test_delete_takes_songs_out_and_the_name_follows(song):
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        assert isinstance(app.focused, SongSourceList)
        await pilot.press("delete")
        await pilot.pause()
        assert screen.query_one(TrainFormView).form().corpus == ()
        assert "No songs chosen yet" in shown(app)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert app.training is None


async def test_a_name_of_the_writer_is_not_overwritten(song, tmp_path):
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        screen.query_one("#name", Input).value = "mine"
        other = tmp_path / "other.txt"
        other.write_text(SONGS)
        screen.query_one("#path", Input).value = str(other)
        screen.query_one("#path").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert screen.query_one("#name", Input).value == "mine"


async def test_recipe_and_base_always_go_together(song):
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        view = screen.query_one(TrainFormView)
        assert (view.form().base, view.form().recipe) == ("zh", "finetune")
        for recipe, base in (("tutorial", None), ("finetune", "zh"), ("scratch", None)):
            screen.query_one("#recipe", Select).value = recipe
            await pilot.pause()
            assert (view.form().base, view.form().recipe) == (base, recipe)
            train_command(view.form())
        screen.query_one("#base", Select).value = "zh"
        await pilot.pause()
        assert view.form().recipe == "finetune"


async def test_the_base_is_that_of_the_songs_language_until_the_writer_chooses(song, tmp_path):
    english = tmp_path / "rain.txt"
    english.write_text("the rain came down on every street\nand nobody was home\n" * 3)
    app = Host(recent=[english], model="zh")
    async with training(app) as (pilot, screen):
        view = screen.query_one(TrainFormView)
        await until(pilot, lambda: view.form().base == "en")
        assert view.form().recipe == "finetune"
        screen.query_one("#recipe", Select).value = "scratch"
        await pilot.pause()
        screen.query_one("#path", Input).value = str(song)
        screen.query_one("#path").focus()
        await pilot.press("enter")
        await until(pilot, lambda: "4 songs" in shown(app) or "3 songs" in shown(app))
        await pilot.pause(0.1)
        assert (view.form().base, view.form().recipe) == (None, "scratch")


async def test_a_new_network_has_no_unknown_characters(song):
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await until(pilot, lambda: "unknown to zh" in shown(app))
        screen.query_one("#recipe", Select).value = "scratch"
        await until(pilot, lambda: "2 songs" in shown(app) and "unknown" not in shown(app))


MIXED = "作词：某人\n" + "愛與夢還在說話 夜里风停了\n这里的风还在说话\n" * 3


async def test_credits_are_left_out_and_scripts_converted_where_the_writer_wants_it(tmp_path):
    path = tmp_path / "raw.txt"
    path.write_text(MIXED, encoding="utf-8")
    app = Host(recent=[path])
    async with training(app, size=(110, 32)) as (pilot, screen):
        await until(pilot, lambda: "1 line is no lyric (1 credit)" in shown(app))
        text = shown(app)
        assert "simplified and traditional characters are mixed" in text
        assert "training: about" in text
        view = screen.query_one(TrainFormView)
        assert not view.form().clean
        await pilot.click("#clean")
        await until(pilot, lambda: "left out: 1 credit" in shown(app))
        assert "no lyric" not in shown(app)
        screen.query_one("#script", Select).value = "simplified"
        await until(pilot, lambda: "1 song converted" in shown(app))
        assert "mixed" not in shown(app)
        assert "--clean" in train_command(view.form())
        assert "--script=simplified" in train_command(view.form())
    assert path.read_text(encoding="utf-8") == MIXED


async def test_a_script_is_asked_for_only_where_there_is_something_to_convert(song):
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await until(pilot, lambda: "training: about" in shown(app))
        assert not screen.query_one("#script-field").display


async def test_the_forecast_follows_the_recipe_and_the_device(song):
    app = Host(recent=[song])
    async with training(app, size=(110, 32)) as (pilot, screen):
        await until(pilot, lambda: "on the CPU (at most" in shown(app))
        screen.query_one("#device", Select).value = "cuda"
        await until(pilot, lambda: "on a GPU (at most" in shown(app))
        screen.query_one("#recipe", Select).value = "tutorial"
        await until(pilot, lambda: "on a GPU (250 passes)" in shown(app))


async def test_the_menu_adds_saved_songs_and_the_songbook(song):
    app = Host(recent=[song])
    async with training(app, size=(100, 30)) as (pilot, screen):
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, AddSongsMenu))
        assert "all my saved songs (1)" in shown(app)
        await pilot.press("end", "enter")
        await until(pilot, lambda: app.screen is screen)
        corpus = screen.query_one(TrainFormView).form().corpus
        assert len(corpus) == 2 and corpus[1].endswith("en")


async def test_files_and_folders_are_found_with_dialogs(song, monkeypatch):
    monkeypatch.chdir(song.parent)
    app = Host(recent=[])
    async with training(app, size=(100, 30)) as (pilot, screen):
        await until(pilot, lambda: "songs ·" in shown(app))
        await pilot.press("ctrl+o", "enter")
        await until(pilot, lambda: isinstance(app.screen, OpenFile))
        await until(pilot, lambda: "Hook] 夜.txt" in shown(app))
        assert "/[" in shown(app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert str(song) in screen.query_one(TrainFormView).form().corpus
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, AddSongsMenu))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ChooseFolder))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


async def test_a_name_that_a_model_has_is_refused(song):
    make_model("taken")
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        screen.query_one("#name", Input).value = "taken"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "exists already" in shown(app))
        assert app.training is None
        assert app.focused.id == "name"


CONTROLS = [
    "songs",
    "path",
    "add",
    "clean",
    "base",
    "recipe",
    "device",
    "time",
    "name",
    "prefixes",
    "start",
]


async def test_every_control_is_reached_by_tab(song):
    app = Host(recent=[song])
    async with training(app) as (pilot, _screen):
        order = []
        for _ in CONTROLS:
            order.append(app.focused.id)
            await pilot.press("tab")
        assert order == CONTROLS


async def test_tab_goes_from_control_to_control_while_the_form_is_still_coming(song):
    app = Host(recent=[song])
    async with app.run_test(size=(80, 24)):
        screen = TrainScreen()
        await app.push_screen(screen)
        form = screen.query_one(TrainFormView)
        partly_shown = 0
        for _ in range(1000):
            assert [control.id for control in screen.focus_chain] == CONTROLS
            partly_shown += any(field.has_class("-later") for field in form.query(".field"))
            await asyncio.sleep(0)
        assert partly_shown
        assert not form.query(".-later")


async def test_a_run_is_shown_as_it_goes_and_can_be_cancelled_and_resumed(
    song, tmp_path, monkeypatch
):
    wanted = stand_in(monkeypatch, tmp_path, FOREVER)
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "held-out 30.0" in shown(app))
        text = shown(app)
        assert "epoch 1.0 of 10" in text and "50 characters/s" in text and "0:18 left" in text
        assert "[/Hook]风␛[31m停 / 了" in text
        await until(pilot, lambda: "^x" in shown(app) and "^r" not in shown(app))
        assert wanted[0][-1] == str(song) and "--resume" not in wanted[0]
        await pilot.press("ctrl+x")
        await until(pilot, lambda: app.training.status == "cancelled")
        await until(pilot, lambda: "kept as model my-songs" in shown(app))
        first = app.training
        await until(pilot, lambda: app.focused is screen.query_one("#resume"))
        await pilot.press("enter")
        await until(pilot, lambda: app.training is not first and app.training.epochs)
        assert "--resume" in wanted[1]
        assert [a for a in wanted[1] if a != "--resume"] == wanted[0]


async def test_what_is_trained_on_becomes_the_writers_own_songs(song, tmp_path, monkeypatch):
    stand_in(monkeypatch, tmp_path, FOREVER)
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training and app.training.epochs)
        assert app.settings.corpus == [str(song)] and app.saved_settings == 1
    assert written_by_the_writer([str(songbook() / "zh"), str(song)]) == [str(song)]


async def test_leaving_keeps_the_run_going_and_coming_back_shows_it(song, tmp_path, monkeypatch):
    stand_in(monkeypatch, tmp_path, FOREVER)
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training and app.training.epochs)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        assert app.training.is_active
        assert app.training.status_line().startswith("training my-songs")
        await app.push_screen(TrainScreen())
        await until(pilot, lambda: "epoch 1.0 of 10" in shown(app))
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert not isinstance(app.screen, TrainScreen)


async def test_the_end_of_the_app_ends_the_child(song, tmp_path, monkeypatch):
    stand_in(monkeypatch, tmp_path, FOREVER)
    app = Host(recent=[song])
    async with training(app) as (pilot, _):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training and app.training.epochs)
    assert app.training._process.returncode == 0


async def test_a_failed_run_says_why_and_lets_the_writer_try_again(song, tmp_path, monkeypatch):
    stand_in(monkeypatch, tmp_path, 'tell(Failed("no space left [/Hook]; free some"))')
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "no space left [/Hook]; free some" in shown(app))
        await until(pilot, lambda: app.focused is screen.query_one("#again"))
        await pilot.press("enter")
        await until(pilot, lambda: "Start training" in shown(app))
        assert screen.query_one(TrainFormView).form().corpus == (str(song),)


# Answers for both models at once, as `lyricist evaluate` and `complete` do.
PROGRAM = """
import json, sys
new = "--model=my-songs" in sys.argv
if sys.argv[1] == "evaluate":
    print(json.dumps({"characters": 9, "unknown": 0, "perplexity": 50.0 if new else 40.0}))
else:
    print(json.dumps({"text": ("新" if new else "旧") + "[/Hook]\\x1b[1m", "log_prob": -1}))
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM, encoding="utf-8")
    monkeypatch.setattr(CompareScreen, "program", (sys.executable, str(script)))


FINISHES = 'started(); epoch(1); tell(Finished("my-songs", "/x", {}, 2.0, "early_stop"))'


@pytest.mark.parametrize(("keys", "used"), [(["enter"], ["my-songs"]), (["tab", "enter"], [])])
async def test_old_and_new_stand_side_by_side_and_the_writer_chooses(
    song, tmp_path, monkeypatch, program, keys, used
):
    stand_in(monkeypatch, tmp_path, FINISHES)
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await until(pilot, lambda: "worse on your held-out songs" in shown(app))
        text = shown(app)
        assert "in use: zh" in text and "new: my-songs" in text
        assert "held-out perplexity 40.00" in text and "held-out perplexity 50.00" in text
        assert "我还在等旧[/Hook]␛[1m" in text and "我还在等新[/Hook]␛[1m" in text
        await pilot.press(*keys)
        await until(pilot, lambda: not isinstance(app.screen, CompareScreen))
        await pilot.pause()
        assert app.used == used
        assert load_settings()[0].model == (used[0] if used else "")
        assert (app.screen is screen) is (not used)
        assert app.training.status_line() == ""


async def test_a_run_that_finished_elsewhere_leads_to_the_comparison(song, program):
    app = Host(recent=[song])
    async with app.run_test(size=(80, 24)) as pilot:
        run = TrainingRun(TrainForm((str(song),), "my-songs", "zh", "finetune"))
        run.receive(Finished("my-songs", "/x", {}, 2.0, "early_stop"))
        app.training = run
        await app.push_screen(TrainScreen())
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await until(pilot, lambda: run.comparison is not None)


async def test_a_comparison_is_measured_once(song):
    app = Host(recent=[song])
    run = TrainingRun(TrainForm((str(song),), "my-songs"))
    run.receive(Finished("my-songs", "/x", {}, 2.0, "epochs"))
    run.comparison = Comparison(Side("zh", 9.0, 0, "a"), Side("my-songs", 8.0, 0, "b"), 3, "夜")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CompareScreen(run, "zh", "something else"))
        await pilot.pause()
        assert "held-out perplexity 9.00" in shown(app) and "夜b" in shown(app)


async def test_an_interrupted_run_of_an_earlier_day_is_offered(song, tmp_path, monkeypatch):
    wanted = stand_in(monkeypatch, tmp_path, FOREVER)
    remember_run(TrainForm((str(song),), "evening", "zh", "finetune", prefixes=("夜",)))
    state = paths().training / "evening" / "run.safetensors"
    state.parent.mkdir(parents=True)
    state.write_bytes(b"x")
    app = Host(recent=[])
    async with training(app) as (pilot, screen):
        assert "The training of evening was interrupted." in shown(app)
        screen.query_one("#resume-unfinished", Button).press()
        await until(pilot, lambda: app.training and app.training.epochs)
        assert "--resume" in wanted[0] and "--name=evening" in wanted[0]


async def test_a_cancelled_run_can_still_be_resumed_after_leaving(song, tmp_path, monkeypatch):
    wanted = stand_in(monkeypatch, tmp_path, FOREVER)
    state = paths().training / "my-songs" / "run.safetensors"
    state.parent.mkdir(parents=True)
    state.write_bytes(b"x")
    app = Host(recent=[song])
    async with training(app) as (pilot, screen):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.training and app.training.epochs)
        await pilot.press("ctrl+x")
        await until(pilot, lambda: not app.training.is_active)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        assert app.training.status_line() == ""
        await app.push_screen(TrainScreen())
        await until(pilot, lambda: "The training of my-songs was interrupted." in shown(app))
        app.screen.query_one("#resume-unfinished", Button).press()
        await until(pilot, lambda: len(wanted) == 2 and app.training.status == "running")
        assert "--resume" in wanted[1]
        assert [epoch.epoch for epoch in app.training.epochs] == [1]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"name": "x"}',
        b'{"corpus": 3, "name": "x"}',
        b'{"corpus": ["/a"], "name": ["x"]}',
    ],
)
async def test_a_damaged_note_of_a_run_is_no_run(content):
    paths().training.mkdir(parents=True)
    (paths().training / "last-run.json").write_bytes(content)
    assert unfinished_run() is None


async def test_a_run_without_a_checkpoint_cannot_be_resumed(song):
    remember_run(TrainForm((str(song),), "evening"))
    assert unfinished_run() is None
    app = Host()
    async with training(app):
        assert "interrupted" not in shown(app)


async def test_a_second_run_waits_for_the_first(song):
    app = Host(recent=[song])
    app.training = TrainingRun(TrainForm((str(song),), "other"))
    async with training(app) as (pilot, screen):
        await until(pilot, lambda: "other" in shown(app))
        assert screen.check_action("start", ()) is False
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert app.training.name == "other"


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_form_and_run_can_be_used_at_this_size(song, size):
    app = Host(recent=[song])
    async with training(app, size=size) as (pilot, screen):
        await until(pilot, lambda: "songs" in shown(app))
        await until(pilot, lambda: "^r" in shown(app))
        while app.focused.id != "start":
            await pilot.press("tab")
        assert "Start training" in shown(app)
        run = TrainingRun(TrainForm((str(song),), "my-songs"))
        run.receive(Started("my-songs", "scratch", "cpu", 10**6, 10, 9, 100, {"songs": 4}))
        for n in range(1, 9):
            run.receive(Epoch(n, n * 100, n * 1.0, 90.0 / n, 99.0 / n, 10.0, eta_seconds=9.0 - n))
            run.receive(Sample(n, "夜", "里"))
        run.receive(Checkpoint(8, "/x", 12.4))
        app.training = run
        screen._show_progress()
        await pilot.pause(0.3)
        await until(pilot, lambda: "epoch 8.0 of 9" in shown(app) and "^x" in shown(app))
        if size == (80, 24):
            assert "夜里" in shown(app) and "held-out 12.4" in shown(app)


async def test_a_damaged_model_is_not_offered_to_start_from(song):
    (make_model("ruin") / "model.toml").write_text("format =")
    app = Host(recent=[song])
    async with training(app) as (_, screen):
        base = screen.query_one("#base", Select)
        assert "ruin" not in [value for _, value in base._options]


async def test_the_screen_works_without_any_model(song, monkeypatch, tmp_path):
    monkeypatch.setenv("LYRICIST_HOME", str(tmp_path / "new home"))
    monkeypatch.setattr("lyricist.app.screens.train.list_models", list)
    app = Host(recent=[song])
    async with training(app) as (_, screen):
        form = screen.query_one(TrainFormView).form()
        assert (form.base, form.recipe) == (None, "scratch")
        train_command(form)


async def test_leaving_while_the_songs_are_read_is_harmless(song):
    app = Host(recent=[song])
    async with app.run_test() as pilot:
        for _ in range(10):
            await app.push_screen(TrainScreen())
            await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, TrainScreen))
