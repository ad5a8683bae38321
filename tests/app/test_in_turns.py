"""Screens that open in several turns: they come up whole, and may be left in any of them."""

import asyncio

import pytest
from train_host import Host, make_model, until

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
        await pilot.pause()
        assert screen.has_class(looks)
        form = screen.query_one(TrainFormView)
        before = looks_of(form)
        screen.update_node_styles(animate=False)
        screen.refresh(layout=True)
        await pilot.pause()
        assert len(before) > 20
        assert before == looks_of(form)
