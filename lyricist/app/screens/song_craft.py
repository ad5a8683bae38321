"""The craft of the song on the Write screen: gutter, locks, rhymes, readings, versions."""

from __future__ import annotations

import asyncio
import copy
import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.widgets.text_area import Selection

from lyricist.app.background import in_background
from lyricist.app.craft_desk import CraftDesk
from lyricist.app.screens.saving_again import SavingAgain
from lyricist.app.song import Song
from lyricist.app.song_marks import load_pronunciations
from lyricist.errors import LyricistError
from lyricist.library.settings import Settings
from lyricist.library.song_notes import save_notes
from lyricist.suggest.protocol import Answer, Failure, Fit, Lock, Question, Report

if TYPE_CHECKING:
    from lyricist.craft.targets import Target

# Revisions of questions that are asked beside the editor's own: far below any of those.
_ASIDE = -1_000_000_000
_ASIDE_SECONDS = 20.0


class SongCraft(SavingAgain):
    """A `SavingAgain` that knows the craft of its song.

    Args:
        settings: Of the app.
        path: A file to begin with; None takes the draft that was left.
        song: The file at `path`, where it has been opened already.
    """

    # The first frame and the first ghost come before what stands beside the lines.
    LOAD_AFTER_SECONDS = 0.8

    def __init__(
        self, settings: Settings, path: Path | None = None, song: Song | None = None
    ) -> None:
        super().__init__(path, song)
        self.craft = CraftDesk(settings)
        self._asides = 0
        self._awaited: dict[int, asyncio.Future[Answer | Fit | None]] = {}

    def begin_craft(self) -> None:
        """Show what the settings say, as soon as pronunciations are loaded."""
        self.editor.marks = self.craft.marks
        self.set_timer(self.LOAD_AFTER_SECONDS, self._load_pronunciations)

    @work(group="pronunciations")
    async def _load_pronunciations(self) -> None:
        try:
            await in_background(load_pronunciations)
        except (LyricistError, OSError) as error:
            self.remark(f"no rhymes: {error}")
            return
        self.craft.marks.ready = True
        self.editor.marks_changed()
        self.locks_changed()

    def song_shown(self) -> None:
        """Take the notes of the song that is shown now."""
        super().song_shown()
        path = self.song.path
        notes = self._lyricist.writes.pending(_notes_of(path)) if path is not None else None
        self.craft.open_notes(path, copy.deepcopy(notes))
        self.editor.marks_changed()

    def song_saved(self) -> None:
        """Keep the notes with the song."""
        super().song_saved()
        self._keep_notes()

    def locks_changed(self) -> None:
        """What candidates have to obey is another thing now; a subclass may follow."""

    # --- asking the model beside the writing

    async def ask_aside(self, make: Callable[[int], Question]) -> Answer | Fit | None:
        """Ask the service; None where no answer came in time or the writer went on typing.

        Args:
            make: Makes the question of a revision.
        """
        self._asides += 1
        revision = _ASIDE - self._asides
        self._awaited[revision] = asyncio.get_running_loop().create_future()
        self._lyricist.client.request(make(revision))
        try:
            return await asyncio.wait_for(self._awaited[revision], _ASIDE_SECONDS)
        except TimeoutError:
            return None
        finally:
            del self._awaited[revision]

    def is_aside(self, message: Report) -> bool:
        """Whether an answer belongs to `ask_aside`; it is given there then."""
        revision = getattr(message, "revision", None)
        if revision is None or revision > _ASIDE:
            return False
        awaited = self._awaited.get(revision)
        if awaited is not None and not awaited.done():
            if isinstance(message, Answer | Fit):
                awaited.set_result(message)
            elif isinstance(message, Failure):
                self.remark(message.message)
                awaited.set_result(None)
        return True

    # --- locks

    @property
    def line_lock(self) -> Lock:
        """What candidates for the line at the cursor have to obey."""
        return self.craft.lock_at(self.editor.song.lines, self.editor.cursor_location[0])

    @property
    def lock_text(self) -> str:
        """The same in short, such as `8 · away`; empty while locks are off."""
        return self._lock_in_words(_in_short)

    def _lock_in_words(self, words: Callable[[Target], str]) -> str:
        if not self._lyricist.settings.locks:
            return ""
        row = self.editor.cursor_location[0]
        wanted = self.craft.target_at(self.editor.song.lines, row)
        return words(wanted) if wanted is not None else "loading"

    def action_toggle_locks(self) -> None:
        """Let candidates obey length and rhyme, or not."""
        settings = self._lyricist.settings
        settings.locks = not settings.locks
        self._locks_set(f"locks are {'on' if settings.locks else 'off'}")

    @work(exclusive=True, group="craft")
    async def action_set_locks(self) -> None:
        """Ask what candidates have to obey."""
        from lyricist.app.screens.locks import LocksDialog

        if await self.app.push_screen_wait(LocksDialog(self._lyricist.settings)):
            self._lyricist.settings.locks = True
            self._locks_set("locks are on")

    def _locks_set(self, remark: str) -> None:
        self.craft.apply(self._lyricist.settings)
        self._lyricist.save_settings()
        self.editor.marks_changed()
        self.locks_changed()
        text = self._lock_in_words(_at_length)
        self.remark(f"{remark} · {text}" if text else remark)
        self.editor.action_ask()

    # --- what is shown

    def action_toggle_craft(self) -> None:
        """Lengths and rhymes beside the lines, or not."""
        settings = self._lyricist.settings
        settings.craft = not settings.craft
        self._shown_changed()

    def action_toggle_tones(self) -> None:
        """平仄 and stresses beside the lines, or not."""
        settings = self._lyricist.settings
        settings.tones = not settings.tones
        settings.craft = settings.craft or settings.tones
        self._shown_changed()

    def _shown_changed(self) -> None:
        self.craft.apply(self._lyricist.settings)
        self._lyricist.save_settings()
        self.editor.marks_changed()

    # --- notes

    def _keep_notes(self) -> None:
        path = self.song.path
        if path is not None:
            notes = copy.deepcopy(self.craft.notes)
            write = functools.partial(save_notes, path, notes)
            self._lyricist.writes.put(_notes_of(path), notes, write, self.complain)

    def forget_notes(self) -> None:
        """Go on without any notes, and with what the settings say now."""
        self.craft.open_notes(None)
        self.craft.apply(self._lyricist.settings)
        self.editor.marks_changed()
        self.locks_changed()

    def notes_changed(self) -> None:
        """Show and keep what the writer chose for this song."""
        self._keep_notes()
        self.editor.marks_changed()
        self.locks_changed()

    def replace_line(self, row: int, text: str) -> None:
        """Put another line in the place of one, as an undo step of its own."""
        editor = self.editor
        editor.history.checkpoint()
        editor.replace(text, (row, 0), (row, len(editor.song.lines[row])))
        editor.selection = Selection.cursor((row, len(text)))
        editor.history.checkpoint()

    async def when_ready(self, then: Callable[[], Awaitable[None]]) -> None:
        """Do something that needs pronunciations, or say that they are not there yet."""
        if self.craft.marks.ready:
            await then()
        else:
            self.remark("pronunciations are still loading")


def _notes_of(path: Path) -> str:
    return f"notes of {path}"


def _in_short(target: Target) -> str:
    parts = [str(target.syllables)] if target.syllables is not None else []
    if target.rhyme:
        parts.append(_last_word(target.rhyme))
    return " · ".join(parts) or "free"


def _at_length(target: Target) -> str:
    parts = []
    if target.syllables is not None:
        parts.append(f"{target.syllables} syllables")
    if target.rhyme:
        parts.append(f"rhymes with {_last_word(target.rhyme)}")
    return ", ".join(parts) or "free"


def _last_word(text: str) -> str:
    from lyricist.craft.line import sung_line

    ending = sung_line(text).ending
    return ending[-1].text if ending else text
