import asyncio
import os
import sys

import pytest
from train_host import child, settled

import lyricist.app.training_run as module
from lyricist.app.train_form import TrainForm
from lyricist.app.training_run import TrainingRun, clock
from lyricist.training.events import (
    Cancelled,
    Checkpoint,
    Epoch,
    Failed,
    Finished,
    Progress,
    Sample,
    Started,
)

FORM = TrainForm(corpus=("/songs",), name="my-songs")
STARTED = Started("my-songs", "scratch", "cpu", 1000, 10, 20, 1000, {})


async def ran(command, form=FORM):
    news = []
    run = TrainingRun(form, news.append)
    await run.run(command)
    assert all(message.run is run for message in news)
    assert len(news) == run.changes
    return run


async def test_a_run_that_finishes_has_a_model(tmp_path):
    body = """
started()
epoch(1); epoch(2, held_out=25.0)
tell(Sample(2, "夜里", "风停了"))
tell(Checkpoint(2, "/x", 25.0))
tell(Finished("my-songs", "/models/my-songs", {"epoch": 2}, 4.0, "early_stop"))
"""
    run = await ran(child(tmp_path, body))
    assert run.status == "finished" and not run.is_active
    assert run.model == "my-songs"
    assert [epoch.epoch for epoch in run.epochs] == [1, 2]
    assert run.best.held_out_perplexity == 25.0
    assert [sample.text for sample in run.samples] == ["风停了"]
    assert run.fraction == 1.0
    assert "stopped by itself" in run.message
    assert run.status_line() == "my-songs is ready · Ctrl+T"
    assert not run.can_resume


@pytest.mark.parametrize("kept", ["tuned", "base", "scratch"])
async def test_the_end_tells_which_model_was_kept(tmp_path, kept):
    body = f"""
started(); epoch(1)
remark = "the {kept} model is kept: 3.10 against 3.95"
tell(Finished("my-songs", "/x", {{"kept": "{kept}"}}, 4.0, "epochs", remark))
"""
    run = await ran(child(tmp_path, body))
    assert run.message.startswith("all passes over the songs are done; ")
    assert f"the {kept} model is kept" in run.message


async def test_lines_that_are_no_events_are_passed_over(tmp_path):
    body = r"""
print("hello"); print("[1, 2]"); print('{"event": "nonsense"}'); print("{}"); print("null")
sys.stdout.flush(); sys.stdout.buffer.write(b"\xff\xfe\x00{\n" + b"x" * 3_000_000 + b"\n")
started()
print('{"event": "epoch", "epoch": 1')
epoch(1)
tell(Finished("my-songs", "/x", {}, 1.0, "epochs"))
"""
    run = await ran(child(tmp_path, body))
    assert run.status == "finished"
    assert len(run.epochs) == 1


async def test_a_failure_is_told_in_one_harmless_line(tmp_path):
    run = await ran(child(tmp_path, r'started(); tell(Failed("no\nspace \x1b[31m[/Hook]"))'))
    assert run.status == "failed"
    assert run.message == "no space ␛[31m[/Hook]"
    assert run.status_line() == "training my-songs failed · Ctrl+T"


async def test_a_death_without_an_event_gives_the_last_line_of_complaint(tmp_path):
    body = r'sys.stderr.write("first\n\nlyricist: the end \x1b]0;x\x07\n\n"); sys.exit(1)'
    run = await ran(child(tmp_path, body))
    assert run.status == "failed"
    assert run.message == "the end ␛]0;x␇"


async def test_a_traceback_never_shows_more_than_its_last_line(tmp_path):
    run = await ran(child(tmp_path, 'started(); raise RuntimeError("boom")'))
    assert run.message == "RuntimeError: boom"


async def test_a_killed_child_is_reported_as_such(tmp_path):
    run = await ran(child(tmp_path, "started(); os.kill(os.getpid(), signal.SIGKILL)"))
    assert run.status == "failed"
    assert "SIGKILL" in run.message


async def test_an_end_without_a_result_is_a_failure(tmp_path):
    run = await ran(child(tmp_path, "started()"))
    assert run.status == "failed"
    assert "without a result" in run.message


@pytest.mark.parametrize("command", [["/nowhere/python"], [sys.executable, "-c", "a\0b"]])
async def test_a_child_that_cannot_start_is_a_failure(command):
    run = await ran(command)
    assert run.status == "failed"
    assert run.message.startswith("training cannot start")


COOPERATIVE = """
def end(*_):
    tell(Cancelled("my-songs", "/x", {}, 1.0)); sys.exit(0)
signal.signal(signal.SIGTERM, end)
started(); epoch(1)
while True: time.sleep(0.05)
"""


async def test_cancel_keeps_the_best_and_can_be_resumed(tmp_path):
    run = TrainingRun(FORM)
    run.start(child(tmp_path, COOPERATIVE))
    await settled(lambda: run.epochs)
    run.cancel()
    assert run.stopping and run.status_line() == "training my-songs · stopping"
    await settled(lambda: not run.is_active)
    assert run.status == "cancelled"
    assert run.model == "my-songs" and run.can_resume
    assert "kept as model my-songs" in run.message
    await run.stop()


async def test_a_child_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_KILL_AFTER", 0.2)
    body = "signal.signal(signal.SIGTERM, signal.SIG_IGN); started()\nwhile True: time.sleep(1)"
    run = TrainingRun(FORM)
    run.start(child(tmp_path, body))
    await settled(lambda: run.started)
    run.cancel()
    await settled(lambda: not run.is_active)
    assert run.status == "cancelled"
    assert not run.can_resume
    await run.stop()


async def test_cancel_before_the_child_is_up_still_ends_it(tmp_path):
    run = TrainingRun(FORM)
    run.start(child(tmp_path, "while True: time.sleep(1)"))
    run.cancel()
    await settled(lambda: not run.is_active)
    assert run.status == "cancelled"
    await run.stop()


async def test_when_the_app_closes_the_child_has_time_to_keep_its_work(tmp_path):
    kept = tmp_path / "kept"
    body = f"""
def end(*_):
    time.sleep(0.3); open({str(kept)!r}, "w").close(); sys.exit(0)
signal.signal(signal.SIGTERM, end)
started()
while True: time.sleep(0.05)
"""
    run = TrainingRun(FORM)
    run.start(child(tmp_path, body))
    await settled(lambda: run.started)
    await run.stop()
    assert kept.exists()
    assert run._process.returncode == 0


async def test_the_child_knows_its_parent_and_is_out_of_reach_of_ctrl_c(tmp_path):
    body = """
line = sys.stdin.read()
tell(Failed(f"{os.environ['LYRICIST_PARENT']} {os.getpgrp() == os.getpid()} {line!r}"))
"""
    run = await ran(child(tmp_path, body))
    assert run.message == f"{os.getpid()} True ''"


async def test_a_flood_of_events_leaves_the_event_loop_its_turns(tmp_path):
    turns = 0

    async def something_else():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(something_else())
    run = await ran(child(tmp_path, "started()\nfor n in range(1, 3001): epoch(n)"))
    other.cancel()
    assert len(run.epochs) == 3000
    assert turns >= 3000


def running(*events):
    run = TrainingRun(FORM)
    for event in (STARTED, *events):
        run.receive(event)
    return run


EPOCH = Epoch(4, 4000, 60.0, 20.0, 31.24, 100.0, eta_seconds=140.0, best=True)


def test_the_status_line_tells_share_quality_and_time_left():
    run = running(EPOCH)
    assert run.status_line() == "training my-songs 30 % · held-out 31.2 · 2:20 left"
    run.receive(Progress(4.5, 4500, 84.0, 19.0, 100.0, 0.42, 80.0))
    assert run.status_line() == "training my-songs 42 % · held-out 31.2 · 1:20 left"


def test_without_held_out_songs_the_status_line_tells_training_perplexity():
    run = running(Epoch(1, 1000, 10.0, 20.0, None, 100.0))
    assert run.status_line() == "training my-songs 0 % · perplexity 20.0"


def test_before_the_first_numbers_the_status_line_says_starting():
    assert TrainingRun(FORM).status_line() == "training my-songs · starting"
    assert running().status_line() == "training my-songs · starting"


def test_a_long_silence_is_told():
    run = running(EPOCH)
    run._last_news -= 30
    assert run.status_line() == "training my-songs 30 % · held-out 31.2 · no news for 0:30"


def test_the_status_line_is_empty_once_the_end_has_been_seen():
    run = running(Finished("my-songs", "/x", {}, 1.0, "epochs"))
    told = run.changes
    run.acknowledge()
    assert run.status_line() == ""
    assert run.changes == told + 1


def test_a_run_that_goes_on_cannot_be_acknowledged():
    run = running(EPOCH)
    run.acknowledge()
    assert not run.seen


async def test_silence_is_told_to_the_app_again_and_again(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_QUIET_AFTER", 0.0)
    monkeypatch.setattr(module, "_SILENCE_CHECK", 0.01)
    run = TrainingRun(FORM)
    run.start(child(tmp_path, "started(); time.sleep(60)"))
    await settled(lambda: run.started)
    told = run.changes
    await settled(lambda: run.changes > told + 2)
    await run.stop()


def test_a_hostile_name_is_shown_as_it_is():
    run = TrainingRun(TrainForm(corpus=("/songs",), name="[/Hook]\x1b[31m"))
    assert run.status_line() == "training [/Hook]␛[31m · starting"


def test_a_resumed_run_goes_on_with_the_curve_of_the_earlier_one():
    earlier = running(
        Epoch(1, 1000, 10.0, 50.0, 60.0, 100.0, best=True),
        Checkpoint(1, "/x", 60.0),
        Epoch(2, 2000, 20.0, 40.0, 55.0, 100.0, best=True),
        Sample(2, "夜里", "风"),
        Cancelled("my-songs", "/x", {}, 20.0),
    )
    run = TrainingRun(FORM, earlier=earlier)
    run.receive(STARTED)
    run.receive(Epoch(1.5, 1500, 15.0, 45.0, 57.0, 100.0))
    assert [epoch.tokens for epoch in run.epochs] == [1000, 1500]
    assert len(run.samples) == 1
    assert len(earlier.epochs) == 2


def test_a_run_that_failed_before_any_checkpoint_cannot_be_resumed():
    assert not running(Failed("no")).can_resume
    assert running(Checkpoint(1, "/x", None), Failed("no")).can_resume


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (80.4, "1:20"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_durations_read_like_a_clock(seconds, text):
    assert clock(seconds) == text
