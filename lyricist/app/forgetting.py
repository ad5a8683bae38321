"""Forgetting everything while the app runs: what it holds in memory must not come back either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lyricist.app.background import in_background
from lyricist.app.screens.dialogs import Question
from lyricist.errors import LyricistError
from lyricist.library.forgetting import Trace, forget_everything, traces
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.app.app import LyricistApp

# A disk that stands still removes nothing either.
_LAST_WRITES_SECONDS = 10.0

COMMAND = "Forget everything"
ABOUT = "Remove drafts, earlier versions and all that was learned; songs stay"


async def forget_in_app(app: LyricistApp) -> None:
    """Ask, and then remove what lyricist knows of the writer, on the disk and in memory.

    The song in the editor stays as it is. To be called in a worker.
    """
    if app.training is not None and app.training.is_active:
        app.notify("A training is running: cancel it first (Ctrl+T).", markup=False)
        return
    found = await in_background(lambda: traces())
    answer = await app.push_screen_wait(_question(found))
    if answer not in ("forget", "models"):
        return
    models = answer == "models"
    app.forget_in_memory(models)
    await app.feedback.forget()
    await app.writes.finish(_LAST_WRITES_SECONDS)
    try:
        await app.write_screen.forget_drafts(lambda: forget_everything(models))
    except LyricistError as error:
        app.notify(visible(str(error)), severity="error", markup=False, timeout=10)
        return
    finally:
        await app.restart_suggestions()
    app.notify("Forgotten. The song that is open stays as it is.", markup=False)


def _question(found: list[Trace]) -> Question:
    files = sum(trace.files for trace in found)
    return Question(
        f"Forget everything? {files:,} files go for good: drafts, earlier versions, undo, notes, "
        "what was learned, unfinished trainings, logs; and the lists of recent songs. Songs and "
        "settings stay.",
        (("cancel", "Cancel"), ("forget", "Forget"), ("models", "Forget, my models too")),
    )
