"""Small files are written behind the screen's back, in order, and all of them before the end."""

import asyncio
import os
import threading
import time

from lyricist.app.app import LyricistApp
from lyricist.app.later_writes import LaterWrites
from lyricist.errors import LyricistError
from lyricist.library import atomic
from lyricist.library.settings import load_settings

SILENT = ("cat",)


async def test_of_what_waits_only_the_last_is_written_and_in_order():
    writes, written, gate = LaterWrites(), [], threading.Event()

    def put(what, value):
        def write():
            gate.wait(10)
            written.append(value)

        writes.put(what, value, write, written.append)

    put("a", "a1")
    await asyncio.sleep(0.05)
    for what, value in (("a", "a2"), ("b", "b1"), ("a", "a3"), ("b", "b2")):
        put(what, value)
    assert (writes.pending("a"), writes.pending("b"), writes.pending("c")) == ("a3", "b2", None)
    await writes.finish(0.05)
    assert written == [], "a disk that stands still does not hold up the end"
    gate.set()
    await writes.finish(10)
    assert written == ["a1", "a3", "b2"]
    assert writes.pending("a") is None


async def test_what_cannot_be_written_is_said_and_the_rest_is_written():
    writes, said, written = LaterWrites(), [], []

    def refuse():
        raise LyricistError("the disk is full", "free some space")

    writes.put("a", 1, refuse, said.append)
    writes.put("b", 2, lambda: written.append(2), said.append)
    await writes.finish(10)
    assert [error.cause for error in said] == ["the disk is full"]
    assert written == [2]


async def test_no_key_waits_for_a_slow_disk_and_what_was_set_lasts(monkeypatch, tmp_path):
    here, waited = threading.get_ident(), []
    sync = os.fsync

    def slow(descriptor):
        waited.append(threading.get_ident())
        time.sleep(0.3)
        sync(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", slow)
    app = LyricistApp(tmp_path / "song.txt", service_command=SILENT)
    async with app.run_test() as pilot:
        await pilot.pause(0.3)
        screen = app.write_screen
        screen.action_toggle_adaptation()
        screen.action_eagerness()
        await pilot.press(*"words", "ctrl+s", *" and more")
        await pilot.pause(0.1)
        assert screen.editor.text == "words and more"
    settings, _ = load_settings()
    assert settings.adapt is False and settings.eagerness == "eager"
    assert waited and here not in waited
