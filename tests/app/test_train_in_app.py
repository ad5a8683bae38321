"""The Train and Models screens inside the real app."""

import sys

from textual.widgets import DataTable
from train_host import make_model, shown, until

from lyricist.app.app import LyricistApp
from lyricist.app.screens.models import ModelsScreen
from lyricist.app.screens.train import TrainScreen
from lyricist.app.train_form import TrainForm
from lyricist.app.training_run import TrainingRun
from lyricist.library.settings import Settings, load_settings
from lyricist.training.events import Epoch, Failed, Started

SLEEPING_SERVICE = (sys.executable, "-c", "import time; time.sleep(60)")


def real_app(**settings):
    return LyricistApp(settings=Settings(**settings), service_command=SLEEPING_SERVICE)


async def test_a_run_is_told_of_in_the_status_bar_until_its_end_was_seen():
    app = real_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        run = app.training = TrainingRun(TrainForm(("/x",), "my-songs"), app.post_message)
        run.receive(Started("my-songs", "scratch", "cpu", 1000, 10, 20, 1000, {}))
        run.receive(Epoch(4, 4000, 60.0, 20.0, 31.24, 100.0, eta_seconds=140.0, best=True))
        await until(pilot, lambda: "training my-songs 30 % · held-out 31.2" in shown(app))
        run.receive(Failed("no space"))
        await until(pilot, lambda: "training my-songs failed · Ctrl+T" in shown(app))
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, TrainScreen) and "no space" in shown(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.write_screen)
        await until(pilot, lambda: "my-songs" not in shown(app))


async def test_train_and_back_leaves_the_song_as_it_was():
    app = real_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"the last")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, TrainScreen))
        await until(pilot, lambda: "songbook (English)" in shown(app))
        assert "the last" in shown(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.write_screen)
        assert app.current_text() == "the last"


async def test_a_model_is_used_from_the_models_screen():
    make_model("mine")
    app = real_app(model="en")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen) and "mine" in shown(app))
        table = app.screen.query_one(DataTable)
        table.move_cursor(row=0)
        await pilot.press("enter")
        await until(pilot, lambda: app.current_model == "mine")
        assert load_settings()[0].model == "mine"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.write_screen)
