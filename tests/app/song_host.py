"""The app for tests about a song's file: it looks at the file often, and suggests nothing."""

from contextlib import asynccontextmanager

import driving
from driving import until

from lyricist.app.screens.dialogs import Question
from lyricist.app.screens.song_watch import SongWatch


@asynccontextmanager
async def writing(path=None, monkeypatch=None):
    """Yield the app, its screen and the pilot; the file is looked at ten times a second."""
    if monkeypatch is not None:
        monkeypatch.setattr(SongWatch, "WATCH_SECONDS", 0.1)
    async with driving.writing(path) as started:
        yield started


async def asked(app, pilot):
    """Wait for a question and return it."""
    await until(pilot, lambda: isinstance(app.screen, Question) and app.screen.is_mounted)
    await pilot.pause(0.05)
    return str(app.screen.query_one(".dialog-question").render())


async def answered(app, pilot, label):
    """Press the button of a question that says so."""
    for _ in range(6):
        if str(app.focused.label) == label:
            await pilot.press("enter")
            return
        await pilot.press("right")
    raise AssertionError(f"no button says {label}")


def notices(app):
    """What the app has notified of, as one text."""
    return "\n".join(notification.message for notification in app._notifications)
