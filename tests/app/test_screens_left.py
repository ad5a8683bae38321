"""A screen that has been left is forgotten: of a day of training none may stay in memory."""

import gc

from driving import SILENT, until
from textual.widgets._footer import FooterKey
from textual_plotext import PlotextPlot

from lyricist.app.app import LyricistApp
from lyricist.app.screens.train import TrainScreen
from lyricist.app.widgets.key_footer import KeyFooter


def living(kind):
    gc.collect()
    return sum(type(thing) is kind for thing in gc.get_objects())


async def test_opened_again_and_again_the_train_screen_leaves_nothing():
    app = LyricistApp(service_command=SILENT)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(0.5)
        counts = []
        for _ in range(3):
            await pilot.press("ctrl+t")
            await pilot.pause(0.3)
            await until(pilot, lambda: isinstance(app.screen, TrainScreen))
            await pilot.pause(0.5)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.write_screen)
            await pilot.pause(0.3)
            counts.append((living(FooterKey), living(PlotextPlot)))
        # One more or less may just be about to go.
        assert counts[-1][0] <= counts[0][0] + 2
        assert counts[-1][1] <= 1


async def test_a_footer_keeps_only_the_keys_that_it_shows():
    app = LyricistApp(service_command=SILENT)
    async with app.run_test(size=(100, 30)) as pilot:
        footer = app.screen.query_one(KeyFooter)
        for _ in range(5):
            # As whenever a key comes or goes.
            footer.refresh(recompose=True)
            await pilot.pause(0.1)
        assert living(FooterKey) <= 2 * len(footer.query(FooterKey))
