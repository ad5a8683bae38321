"""The real service process behind the real client."""

import asyncio
import contextlib
import io
import os
import signal
import sys
import time

import pytest

from lyricist.library.settings import Settings, remember_recent, save_settings
from lyricist.suggest import client as client_module
from lyricist.suggest.client import SuggestionClient
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.protocol import (
    Answer,
    Failure,
    Measured,
    Ready,
    Request,
    SamplingSettings,
    from_line,
    to_line,
)
from lyricist.suggest.service import serve


class Ears:
    """Collects what a client reports."""

    def __init__(self, command=None):
        self.messages = []
        self.statuses = []
        self.client = SuggestionClient(self.messages.append, self.statuses.append, command)

    async def until(self, kind, count=1, seconds=60):
        async with asyncio.timeout(seconds):
            while sum(isinstance(m, kind) for m in self.messages) < count:
                await asyncio.sleep(0.02)
        return [m for m in self.messages if isinstance(m, kind)][count - 1]


@pytest.fixture
async def ears():
    ears = Ears()
    yield ears
    await ears.client.stop()


def ask(revision, prefix):
    return Request(revision, prefix, SamplingSettings(seed=1))


async def test_answers_come_for_the_newest_revision(ears, model_folder):
    await ears.client.start(str(model_folder))
    ears.client.request(ask(1, "ab"))
    ready = await ears.until(Ready)
    assert ready.path == str(model_folder)
    answer = await ears.until(Answer)
    assert (answer.revision, answer.steps) == (1, 2)
    ears.client.request(ask(2, "abc"))
    answer = await ears.until(Answer, 2)
    assert (answer.revision, answer.steps) == (2, 1)
    assert ears.client.latencies[-1] >= answer.milliseconds
    assert ears.statuses[0] == "starting"
    assert ears.client.status == "ready"


async def test_a_burst_ends_with_the_newest_and_never_goes_back(ears, model_folder):
    await ears.client.start(str(model_folder))
    await ears.until(Ready)
    text = "abc 我们在雨夜 " * 20
    for revision in range(1, 120):
        ears.client.request(ask(revision, text[:revision]))
        if revision % 7 == 0:
            await asyncio.sleep(0.002)
    async with asyncio.timeout(60):
        while not any(isinstance(m, Answer) and m.revision == 119 for m in ears.messages):
            await asyncio.sleep(0.02)
    revisions = [m.revision for m in ears.messages if isinstance(m, Answer)]
    assert revisions == sorted(revisions)


async def test_a_killed_service_is_restarted_and_answers_again(ears, model_folder):
    await ears.client.start(str(model_folder))
    ears.client.request(ask(1, "ab"))
    await ears.until(Answer)
    os.kill(ears.client._process.pid, signal.SIGKILL)
    await ears.until(Ready, 2)
    ears.client.request(ask(2, "ab c"))
    async with asyncio.timeout(60):
        while not any(isinstance(m, Answer) and m.revision == 2 for m in ears.messages):
            await asyncio.sleep(0.02)
    assert "restarting" in ears.statuses


async def test_switching_models_keeps_the_process(ears, model_folder, tmp_path):
    await ears.client.start(str(model_folder))
    await ears.until(Ready)
    process = ears.client._process.pid
    ears.client.request(ask(1, "ab"))
    await ears.until(Answer)
    other = tmp_path / "other"
    model_folder.rename(other)
    ears.client.use_model(str(other))
    assert (await ears.until(Ready, 2)).path == str(other)
    await ears.until(Answer, 2)
    assert ears.client._process.pid == process


async def test_a_missing_model_is_a_message_not_a_crash(ears, model_folder, tmp_path):
    await ears.client.start(str(tmp_path / "nowhere"))
    failure = await ears.until(Failure)
    assert "nowhere" in failure.message and "\n" not in failure.message
    ears.client.use_model(str(model_folder))
    await ears.until(Ready)


async def test_a_service_that_keeps_dying_is_given_up(monkeypatch):
    ears = Ears([sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr("lyricist.suggest.client._RESTART_PAUSE", 0.01)
    await ears.client.start("zh")
    failure = await ears.until(Failure)
    assert "doctor" in failure.message
    assert ears.client.status == "stopped"
    ears.client.request(ask(1, "still writing"))
    await ears.client.stop()


async def test_garbage_from_the_child_is_ignored():
    child = "print('noise'); print('{}'); import sys; sys.stdin.read()"
    ears = Ears([sys.executable, "-c", child])
    await ears.client.start("zh")
    await asyncio.sleep(0.5)
    assert ears.messages == []
    await ears.client.stop()


async def test_the_service_ends_with_its_client(model_folder):
    ears = Ears()
    await ears.client.start(str(model_folder))
    await ears.until(Ready)
    pid = ears.client._process.pid
    await ears.client.stop()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        pytest.fail("the service is still running")


async def test_a_long_song_is_answered_at_once_and_read_afterwards(ears, model_folder):
    await ears.client.start(str(model_folder))
    await ears.until(Ready)
    ears.client.request(ask(1, "ab 我们在雨夜\n" * 60))
    answer = await ears.until(Answer)
    assert answer.steps == 64
    measured = await ears.until(Measured)
    assert measured.revision == 1
    assert measured.perplexity != answer.perplexity
    ears.client.request(ask(2, "ab 我们在雨夜\n" * 60 + "a"))
    assert (await ears.until(Answer, 2)).steps == 1


async def test_a_device_that_is_not_there_leaves_suggestions_on_the_cpu(ears, model_folder):
    await ears.client.start(str(model_folder), "cuda" if sys.platform == "darwin" else "mps")
    failure = await ears.until(Failure)
    assert "CPU" in failure.message and "\n" not in failure.message
    assert (await ears.until(Ready)).device.startswith("cpu")
    ears.client.request(ask(1, "ab"))
    await ears.until(Answer)


def test_a_device_that_fails_while_answering_is_left(model_folder, monkeypatch):
    calls = []

    def answer(self, request, is_stale):
        calls.append(self.decoder.description)
        if len(calls) == 1:
            raise RuntimeError("CUDA error: device-side assert")
        return Answer(request.revision, (), (), None, 0, 0.0)

    monkeypatch.setattr(SuggestionEngine, "answer", answer)
    sink, source = (
        io.BytesIO(),
        WaitingLines([to_line(ask(1, "ab"))], until=lambda: len(calls) == 2),
    )
    serve(str(model_folder), source, sink, device="auto")
    messages = [from_line(line) for line in sink.getvalue().splitlines()]
    assert [type(m) for m in messages] == [Ready, Failure, Ready, Answer]
    assert "GPU" in messages[1].message


class WaitingLines:
    """A source that ends only once what was asked for has happened."""

    def __init__(self, lines, until):
        self.lines = lines
        self.until = until

    def __iter__(self):
        yield from (line.encode() for line in self.lines)
        while not self.until():
            time.sleep(0.01)
        time.sleep(0.1)


async def test_the_writers_recent_songs_are_known_after_a_moment(ears, model_folder, tmp_path):
    song = tmp_path / "song.txt"
    song.write_text("分开雨夜我们在\n" * 3)
    save_settings(remember_recent(Settings(), song))
    await ears.client.start(str(model_folder))
    await ears.until(Ready)
    for revision in range(1, 200):
        ears.client.request(ask(revision, "ab\n分开雨"))
        answer = await ears.until(Answer, revision)
        if answer.candidates and answer.candidates[0].sources.writer > 0.5:
            break
        await asyncio.sleep(0.02)
    assert answer.candidates[0].text == "夜我们在"


READY_AND_GONE = """
import sys, time
from lyricist.suggest.protocol import Ready, to_line
sys.stdout.write(to_line(Ready("m", "", 1, None, "cpu"))); sys.stdout.flush()
time.sleep(0.2)
"""


async def test_a_service_that_has_worked_is_restarted_for_ever_without_a_growing_pause(monkeypatch):
    monkeypatch.setattr(client_module, "_SOUND_SECONDS", 0.1)
    ready = []
    client = SuggestionClient(ready.append, lambda _: None, (sys.executable, "-c", READY_AND_GONE))
    await client.start("m")
    for _ in range(1500):
        if len(ready) >= 8:
            break
        await asyncio.sleep(0.02)
    assert len(ready) >= 8 and client.status != "stopped"
    assert all(isinstance(message, Ready) for message in ready)
    await client.stop()
