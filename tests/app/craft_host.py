"""The Write screen with a song in it and a service that a test answers for."""

import asyncio
from contextlib import asynccontextmanager

from driving import SILENT, until

from lyricist.app.app import LyricistApp
from lyricist.suggest.protocol import Answer, Candidate, Fit, FitRequest


@asynccontextmanager
async def writing(text="", cursor=None, path=None, size=(100, 32), **arguments):
    """The app with a song in the editor, pronunciations loaded."""
    if path is not None:
        path.write_text(text, encoding="utf-8")
    app = LyricistApp(path, service_command=SILENT, **arguments)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.write_screen.is_current)
        screen = app.write_screen
        await until(pilot, lambda: screen.craft.marks.ready)
        if path is None:
            screen.editor.load_text(text)
        await until(pilot, lambda: screen.editor.text == text)
        await pilot.pause(0.1)
        screen.editor.move_cursor(cursor if cursor is not None else screen.editor.song.end)
        await pilot.pause(0.05)
        yield app, screen, pilot


def answering(app, *lines, fit=None, reason=""):
    """Let the service offer these lines, or say by `fit` how well a text fits; None is silence.

    Returns:
        What it was asked aside of the editor's own questions, to be looked at.
    """
    asked = []
    rounds = [list(r) for r in lines] if lines and not isinstance(lines[0], str) else [list(lines)]

    def request(question):
        if question.revision >= -1_000_000:
            return
        asked.append(question)
        if isinstance(question, FitRequest):
            if fit is None:
                return
            reply = Fit(question.revision, tuple(map(fit, question.texts)))
        else:
            texts = rounds[min(len(asked), len(rounds)) - 1]
            candidates = tuple(Candidate(text, -1.0) for text in texts)
            reply = Answer(question.revision, candidates, (), None, 0, 1.0, reason=reason)
        asyncio.get_running_loop().call_soon(app.write_screen.receive, reply)

    app.client.request = request
    return asked


async def opened(app, pilot, kind, key):
    """Press a key and wait for the dialog that it opens."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, kind))
    await pilot.pause(0.05)
    return app.screen


def rows(dialog):
    """What its list shows."""
    from textual.widgets import OptionList

    return [str(option.prompt) for option in dialog.query_one(OptionList).options]


def said(screen):
    """What the status bar says."""
    return screen.status.remark
