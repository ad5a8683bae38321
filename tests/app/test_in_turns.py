"""Screens that open in several turns: they come up whole, and may be left in any of them."""

import asyncio

import pytest
from driving import SILENT, shown
from train_host import Host, make_model, until

from lyricist.app.app import LyricistApp
from lyricist.app.screens.path_dialogs import OpenFile
from lyricist.app.screens.train import TrainScreen
from lyricist.app.widgets.train_form_view import TrainFormView


def looks_of(form):
    """Where each widget is and how it looks."""
    return [(widget.region, widget.display, widget.rich_style) for widget in form.query("*")]


SCREENS = {"train": lambda folder: TrainScreen([]), "file": OpenFile}


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_can_be_left_in_each_turn_of_its_opening(name, tmp_path):
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        for turns in (0, 5, 15, 40):
            screen = SCREENS[name](tmp_path)
            app.push_screen(screen)
            for _ in range(turns):
                await asyncio.sleep(0)
            screen.dismiss()
            await until(pilot, lambda: len(app.screen_stack) == 1)


@pytest.mark.parametrize("key", ["ctrl+t", "ctrl+o"])
@pytest.mark.parametrize("turns", [0, 1, 10])
async def test_quitting_while_a_screen_opens_ends_the_app(key, turns):
    app = LyricistApp(service_command=SILENT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not app.write_screen)
        for _ in range(turns):
            await asyncio.sleep(0)
        await app.action_leave()
        await until(pilot, lambda: app.return_value == 0)


@pytest.mark.parametrize(("width", "looks"), [(100, "-normal"), (40, "-narrow")])
async def test_others_have_their_turn_and_it_looks_as_after_any_later_change(width, looks):
    for n in range(3):
        make_model(f"model-{n}")
    app = Host()
    turns = 0

    async def take_turns():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with app.run_test(size=(width, 30)) as pilot:
        screen = TrainScreen()
        app.push_screen(screen)
        task = asyncio.create_task(take_turns())
        await until(pilot, lambda: screen.is_mounted and screen.query("#start"))
        task.cancel()
        assert turns > 10
        # The report on the songs comes later and takes more room.
        await until(pilot, lambda: "training:" in shown(app))
        await pilot.pause()
        assert screen.has_class(looks)
        form = screen.query_one(TrainFormView)
        before = looks_of(form)
        screen.update_node_styles(animate=False)
        screen.refresh(layout=True)
        await pilot.pause()
        assert len(before) > 20
        assert before == looks_of(form)
