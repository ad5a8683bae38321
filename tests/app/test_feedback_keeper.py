"""What was counted is there again in the next session, and a disk is never waited for."""

import asyncio

import pytest

from lyricist.app import feedback_keeper
from lyricist.app.feedback_keeper import FeedbackKeeper
from lyricist.errors import LyricistError
from lyricist.library.feedback import load_feedback
from lyricist.library.paths import paths


async def loaded():
    keeper = FeedbackKeeper()
    await keeper.load()
    return keeper


async def test_counts_are_there_in_the_next_session():
    keeper = await loaded()
    keeper.gate.count(0.3, taken=True)
    await keeper.save()
    assert (await loaded()).gate.counts == keeper.gate.counts


async def test_what_was_counted_before_the_file_was_read_is_added():
    keeper = await loaded()
    keeper.gate.count(0.3, taken=True)
    await keeper.save()
    early = FeedbackKeeper()
    early.gate.count(0.3, taken=False)
    await early.load()
    await early.save()
    assert sum(shown for shown, _ in load_feedback()) == 2


async def test_what_has_not_been_read_is_not_written_over():
    keeper = await loaded()
    keeper.gate.count(0.3, taken=True)
    await keeper.save()
    early = FeedbackKeeper()
    early.gate.count(0.9, taken=False)
    await early.save()
    assert load_feedback() == keeper.gate.counts


async def test_nothing_new_is_not_written():
    await (await loaded()).save()
    assert not paths().feedback_file.exists()


async def test_a_disk_that_refuses_is_borne_and_tried_again(monkeypatch):
    keeper = await loaded()
    keeper.gate.count(0.3, taken=True)

    def refuse(counts):
        raise LyricistError("no", "no")

    with monkeypatch.context() as patch:
        patch.setattr(feedback_keeper, "save_feedback", refuse)
        await keeper.save()
    assert load_feedback() == ()
    await keeper.save()
    assert load_feedback() == keeper.gate.counts


async def test_a_disk_that_stands_still_does_not_hold_the_loop(monkeypatch):
    import threading

    let_go = threading.Event()
    monkeypatch.setattr(feedback_keeper, "save_feedback", lambda counts: let_go.wait(10))
    keeper = await loaded()
    keeper.gate.count(0.3, taken=True)
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keeper.save(), 0.1)
    finally:
        let_go.set()
