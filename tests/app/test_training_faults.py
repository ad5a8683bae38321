"""Whatever becomes of a training process, the app goes on and says what happened."""

import asyncio
import json
import os
import signal
import time

import pytest
from train_host import child, settled

import lyricist.app.training_run as module
from lyricist.app.train_form import TrainForm
from lyricist.app.training_run import TrainingRun
from lyricist.app.widgets.train_progress import heading, numbers, warnings
from lyricist.training.events import Epoch, from_line

FORM = TrainForm(corpus=("/songs",), name="my-songs")
WORKING = """
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
tell(Alive()); started(); epoch(1); tell(Checkpoint(1, "/x", 30.0))
while True:
    tell(Alive()); time.sleep(0.05)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_process_that_dies_is_told_of_within_two_seconds(tmp_path, number):
    run = TrainingRun(FORM)
    run.start(child(tmp_path, WORKING))
    await settled(lambda: run.checkpoint)
    began = time.monotonic()
    os.kill(run._process.pid, number)
    await settled(lambda: not run.is_active)
    assert time.monotonic() - began < 2
    assert run.status == "failed" and run.can_resume
    assert signal.Signals(number).name in run.message and "resume" in run.message
    if number == signal.SIGKILL:
        assert "memory" in run.message and "--batch-size" in run.message
    await run.stop()


async def test_a_process_that_stands_still_is_told_of_and_cancelling_ends_it(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_UNRESPONSIVE_AFTER", 0.5)
    monkeypatch.setattr(module, "_SILENCE_CHECK", 0.05)
    run = TrainingRun(FORM)
    run.start(child(tmp_path, WORKING))
    await settled(lambda: run.checkpoint)
    os.kill(run._process.pid, signal.SIGSTOP)
    await settled(lambda: run.status_line() == "training my-songs · not responding")
    assert "not responding" in numbers(run).plain
    run.cancel()
    await settled(lambda: not run.is_active, 5)
    assert run._process.returncode == -signal.SIGKILL
    assert run.status == "cancelled" and run.can_resume
    await run.stop()


async def test_closing_the_app_waits_no_longer_for_a_process_that_stands_still(tmp_path):
    run = TrainingRun(FORM)
    run.start(child(tmp_path, WORKING))
    await settled(lambda: run.checkpoint)
    os.kill(run._process.pid, signal.SIGSTOP)
    began = time.monotonic()
    await run.stop()
    assert time.monotonic() - began < 2
    assert run._process.returncode == -signal.SIGKILL


def line(**fields):
    return json.dumps(fields)


EPOCH = {
    "event": "epoch",
    "epoch": 1.0,
    "tokens": 5,
    "seconds": 1.0,
    "train_perplexity": 9.0,
    "held_out_perplexity": 8.0,
    "tokens_per_second": 5.0,
}
STARTED = {
    "event": "started",
    "name": "x",
    "recipe": "scratch",
    "device": "cpu",
    "parameters": 1,
    "vocabulary_size": 1,
    "total_epochs": 1,
    "tokens_per_epoch": 1,
    "corpus": {},
}


@pytest.mark.parametrize(
    "garbage",
    [
        "[" * 100_000,
        '{"event":' * 50_000,
        line(**{**EPOCH, "tokens": "5"}),
        line(**{**EPOCH, "tokens": 10**400}),
        line(**{**EPOCH, "epoch": True}),
        line(**{**EPOCH, "epoch": None}),
        line(**{**EPOCH, "held_out_perplexity": float("nan")}),
        line(**{**EPOCH, "best": "yes"}),
        line(**{**STARTED, "corpus": [1]}),
        line(**{**STARTED, "corpus": {"songs": "many"}}),
        line(**{**STARTED, "warnings": [1]}),
        line(**{**STARTED, "warnings": "abc"}),
        line(event="sample", epoch=1, prefix=[], text="x"),
        line(event="failed", message={}),
        line(event="finished", model=None, path="", best={}, seconds=1, reason=""),
        line(event=["started"]),
    ],
    ids=range(16),
)
def test_what_is_no_event_is_refused(garbage):
    with pytest.raises(ValueError, match="not a training event"):
        from_line(garbage)


def test_long_and_hostile_texts_are_cut_and_shown_as_they_are():
    run = TrainingRun(FORM)
    run.receive(from_line(line(**{**STARTED, "name": "\x1b]0;x\x07[/Hook]" * 200_000})))
    run.receive(from_line(line(event="remark", message="\x1b[31m" + "x" * 500_000)))
    shown = heading(run).plain + warnings(run).plain + run.status_line()
    assert "\x1b" not in shown and "␛" in shown
    assert len(shown) < 10_000


async def test_garbage_between_events_does_not_reach_the_app(tmp_path):
    body = r"""
import random
source = random.Random(1)
started()
for n in range(300):
    sys.stdout.flush()
    sys.stdout.buffer.write(source.randbytes(source.randrange(3000)) + b"\n")
sys.stdout.buffer.write(b"[" * 900_000 + b"\n" + b"\x1b]52;c;AAAA\x07\n")
sys.stdout.flush()
epoch(1)
tell(Finished("my-songs", "/x", {}, 1.0, "epochs"))
"""
    run = TrainingRun(FORM)
    await asyncio.wait_for(run.run(child(tmp_path, body)), 20)
    assert run.status == "finished" and len(run.epochs) == 1


def test_events_without_end_take_no_memory_without_end():
    run = TrainingRun(FORM)
    for n in range(module._KEPT_EPOCHS + 500):
        run.receive(Epoch(n, n, 1.0, 2.0, 3.0, 4.0))
    assert len(run.epochs) == module._KEPT_EPOCHS
