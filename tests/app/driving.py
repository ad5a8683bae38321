"""The real app without a model: how a test waits for what it does, and sees what it shows."""

import asyncio
import sys
from contextlib import asynccontextmanager

from lyricist.app.app import LyricistApp

# A service that takes questions and never answers.
SILENT = (sys.executable, "-c", "import sys; sys.stdin.read()")


@asynccontextmanager
async def writing(path=None, size=(100, 30), command=SILENT, **arguments):
    """Yield the app, its Write screen and the pilot."""
    app = LyricistApp(path, service_command=command, **arguments)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.write_screen.is_current)
        await pilot.pause(0.1)
        yield app, app.write_screen, pilot


async def until(pilot, condition, seconds=20.0):
    """Let the app work until `condition()`."""
    for _ in range(round(seconds / 0.02)):
        if condition():
            return
        await pilot.pause(0.02)
    raise AssertionError(f"waited in vain; the screen says:\n{shown(pilot.app)}")


async def settled(condition, seconds=20.0):
    """Like `until`, without an app."""
    for _ in range(round(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")


def shown(app):
    """What stands on the screen, row by row."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def told(app):
    """What stands on the screen, where a line ends between two words of it."""
    return " ".join(shown(app).split())


def drawn(widget):
    """What a widget draws, row by row."""
    return "\n".join(
        "".join(segment.text for segment in widget.render_line(y))
        for y in range(widget.size.height)
    )
