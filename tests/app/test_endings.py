"""How the app ends: crashes are not successes, and no child outlives it."""

import asyncio
import os
import sys

import pexpect
from driving import until, writing

from lyricist.app.train_form import TrainForm
from lyricist.app.training_run import TrainingRun

CRASH = """
import sys
from lyricist.app.app import LyricistApp

def crash(app, text):
    if "boom" in text:
        raise RuntimeError("a bug")

LyricistApp.follow_language = crash
app = LyricistApp(service_command=[sys.executable, "-c", "import sys; sys.stdin.read()"])
app.run()
sys.exit(app.return_code or 0)
"""


def test_a_crash_exits_non_zero_and_gives_the_terminal_back(home):
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    child = pexpect.spawn(
        sys.executable, ["-c", CRASH], timeout=20, dimensions=(24, 80), env=environment
    )
    child.expect("Accept")
    child.send("boom")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus not in (0, None)
    assert b"\x1b[?1049l" in child.before


async def test_quitting_ends_a_training_and_the_service():
    slow = [sys.executable, "-c", "import time; print('x', flush=True); time.sleep(600)"]
    async with writing() as (app, screen, pilot):
        app.training = TrainingRun(TrainForm(("x",), "x"), app.post_message)
        app.training.start(slow)
        await until(pilot, lambda: app.training._process is not None)
        await until(pilot, lambda: app.client._process is not None)
        children = [app.training._process.pid, app.client._process.pid]
        app.exit(0)
    async with asyncio.timeout(5):
        while any(alive(pid) for pid in children):
            await asyncio.sleep(0.05)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_training_shows_in_the_status_bar_of_the_write_screen():
    from lyricist.app.widgets.status_bar import StatusBar
    from lyricist.training.events import Progress, Started

    async with writing() as (app, screen, pilot):
        run = app.training = TrainingRun(TrainForm(("x",), "[/Hook]"), app.post_message)
        run.receive(Started("[/Hook]", "finetune", "cpu", 1, 1, 9, 100, {}))
        run.receive(Progress(0.5, 50, 1.0, 12.5, 50.0, 0.42, 80.0))
        await pilot.pause(0.1)
        assert "training [/Hook] 42 %" in screen.query_one(StatusBar).training
        app.training = None
