"""Songs for a training are read beside the screen, much of them in a child process."""

import asyncio
import os

import pytest

from lyricist.app import corpus_reading
from lyricist.app.corpus_reading import report_on_songs
from lyricist.errors import LyricistError
from lyricist.text.cleaning import Cleaning

CLEAN = Cleaning(True, "simplified")
SONG = "作词 : 某人\n我們走過長長的街道\nthe rain came down on street {n}\n"


@pytest.fixture
def songs(tmp_path):
    folder = tmp_path / "songs"
    folder.mkdir()
    for n in range(30):
        (folder / f"{n}.txt").write_text(SONG.format(n=n), encoding="utf-8")
    (folder / "broken.txt").write_bytes(b"\x89PNG\r\n")
    return str(folder)


def reported(*arguments):
    return asyncio.run(report_on_songs(*arguments))


@pytest.mark.parametrize(("base", "cleaning"), [(None, CLEAN), ("zh", Cleaning())])
def test_a_child_reports_what_this_process_would(songs, monkeypatch, base, cleaning):
    here = reported([songs], base, cleaning)
    started = []
    real = asyncio.create_subprocess_exec

    async def start(*command, **options):
        started.append(command)
        return await real(*command, **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(corpus_reading, "MOST_BYTES_IN_A_THREAD", 100)
    there = reported([songs], base, cleaning)
    assert started
    assert there == here
    assert here.report.songs == 30 and here.report.skipped and here.report.warnings


def test_what_is_wrong_is_said_by_the_child_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus_reading, "MOST_BYTES_IN_A_THREAD", -1)
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "one.txt").write_text("x" * 10_000)
    for name, cause in (("pipe.txt", "device, pipe or socket"), ("one.txt", "distinct character")):
        with pytest.raises(LyricistError, match=cause):
            reported([str(tmp_path / name)], None, Cleaning())


async def test_a_reading_that_nobody_waits_for_is_ended(songs, monkeypatch):
    processes = []
    real = asyncio.create_subprocess_exec

    async def start(*command, **options):
        processes.append(await real(*command, **options))
        return processes[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(corpus_reading, "MOST_BYTES_IN_A_THREAD", 100)
    task = asyncio.create_task(report_on_songs([songs], None, Cleaning()))
    while not processes:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.wait_for(processes[0].wait(), 10) != 0
