"""What the writer looks up about the line at the cursor: rhymes, other lines, readings."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.document._document import Location
from textual.widgets.text_area import Selection

from lyricist.app.context import context_after, context_before
from lyricist.app.keys import key_rows
from lyricist.app.line_edits import LineEdit
from lyricist.app.screens.section_follows import SectionFollows
from lyricist.app.widgets.editor import Editor
from lyricist.suggest import protocol
from lyricist.suggest.client import MAX_PREFIX, MAX_SUFFIX
from lyricist.suggest.copy_rules import copy_rules
from lyricist.suggest.protocol import Answer, Fit, Request, SamplingSettings
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.app.rewriting import Offers, Rewriting

# Drawn at once; those that were shown already are left out of them.
_MOST_DRAWN = 12


@dataclass(frozen=True)
class _Flipping:
    """Versions of a line being gone through. lines: oldest first. at: the one that is shown."""

    lines: tuple[str, ...]
    at: int


class CraftLookups(SectionFollows):
    """A `SongCraft` whose keys open what can be looked up about a line."""

    _flipping: _Flipping | None = None

    def begin_craft(self) -> None:
        """Let notes go with their lines from now on."""
        super().begin_craft()
        self.editor.line_follower = self._follow_edit

    def _follow_edit(self, edit: LineEdit) -> None:
        self.craft.follow_edit(edit, self.editor.song.lines)

    # --- rhymes

    @work(exclusive=True, group="craft")
    async def action_rhymes(self) -> None:
        """Look for words that rhyme here."""
        await self.when_ready(self._find_rhymes)

    async def _find_rhymes(self) -> None:
        from lyricist.app.rhyme_place import put_in, rhyme_place
        from lyricist.app.screens.rhymes import RhymePanel
        from lyricist.app.screens.song_rhymes import SongRhymes

        editor = self.editor
        lines, (start, end) = editor.song.lines, sorted(editor.selection)
        place = rhyme_place(lines, start, end, self.line_lock.rhyme, self.read_line)
        if not place.sources:
            self.remark("there is nothing to rhyme with yet")
            return
        rhymes = SongRhymes(
            self.craft.marks.rules,
            context_before(editor.song, place.start, MAX_PREFIX),
            context_after(editor.song, place.end, 1) or "\n",
            str(self.song.path or ""),
            self._ask_about,
        )
        keymap = self._lyricist.keymap
        shown = next(keys for keys, name, _ in key_rows(keymap) if name == "rhymes")
        panel = RhymePanel(place.sources, rhymes, keymap["rhymes"], visible(shown))
        chosen = await self.app.push_screen_wait(panel)
        if chosen is not None:
            before = lines[place.start[0]][: place.start[1]]
            after = lines[place.end[0]][place.end[1] :]
            replaced = editor.get_text_range(place.start, place.end)
            self._put(put_in(chosen, before, replaced, after), place.start, place.end)
        self._ask_again()

    def _put(self, text: str, start: Location, end: Location) -> None:
        """Put text in the place of another, as an undo step of its own."""
        editor = self.editor
        editor.history.checkpoint()
        result = editor.replace(text, start, end, maintain_selection_offset=False)
        editor.selection = Selection.cursor(result.end_location)
        editor.history.checkpoint()

    async def _ask_about(
        self, text: str, make: Callable[[int], protocol.Question]
    ) -> Answer | Fit | None:
        """Ask the model in whose language a text is."""
        self._lyricist.follow_language(text)
        return await self.ask_aside(make)

    def _ask_again(self) -> None:
        """What was asked beside the writing has superseded what the editor still waits for."""
        if self.editor.awaiting:
            self.editor.post_message(Editor.SuggestionWanted(asked=False))

    # --- another line in the place of one

    @work(exclusive=True, group="craft")
    async def action_rewrite(self) -> None:
        """Offer other lines in the place of the one at the cursor."""
        await self.when_ready(self._rewrite)

    async def _rewrite(self) -> None:
        from lyricist.app.rewriting import rewriting
        from lyricist.app.screens.rewrite import RewriteDialog

        row = self.editor.cursor_location[0]
        wanted = rewriting(self.editor.song.lines, row, self.craft.marks.rules, self.read_line)
        if wanted is None:
            self.remark("there is no line here to rewrite")
            return
        dialog = RewriteDialog(wanted, _kept(wanted), lambda seen: self._offers(wanted, seen))
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self.replace_line(row, chosen)
            self.craft.notes.remember_version(wanted.text, chosen)
            self.notes_changed()
        self._ask_again()

    async def _offers(self, wanted: Rewriting, seen: Collection[str]) -> Offers | None:
        from lyricist.app.rewriting import SHOWN, offers

        settings, document, path = self._lyricist.settings, self.editor.song, self.song.path
        count = min(_MOST_DRAWN, SHOWN + len(seen))
        start, end = (wanted.row, 0), (wanted.row, len(wanted.text))
        prefix = context_before(document, start, MAX_PREFIX)
        answer = await self._ask_about(
            prefix + wanted.text,
            lambda revision: Request(
                revision,
                prefix,
                SamplingSettings(count, settings.temperature, settings.top_k, settings.top_p),
                asked=True,
                suffix=context_after(document, end, MAX_SUFFIX),
                adapt=settings.adapt,
                path=os.path.abspath(path) if path is not None else "",
                lock=wanted.lock,
                copies=copy_rules(settings),
            ),
        )
        return offers(answer, wanted, seen) if isinstance(answer, Answer) else None

    def action_version(self) -> None:
        """Put back what stood in the place of the line at the cursor before, going round."""
        row = self.editor.cursor_location[0]
        line = self.editor.song.lines[row]
        shown = self.craft.notes.show_version(line)
        if shown is None:
            self.remark("no other version of this line is remembered")
            return
        flipping = self._flipping
        if flipping is None or flipping.lines[flipping.at] != line or shown not in flipping.lines:
            lines = (*self.craft.notes.versions[line], line)
            flipping = _Flipping(lines, len(lines) - 1)
        self._flipping = _Flipping(flipping.lines, flipping.lines.index(shown))
        self.replace_line(row, shown)
        self.notes_changed()
        self.remark(f"version {self._flipping.at + 1} of {len(flipping.lines)}")

    # --- readings

    @work(exclusive=True, group="craft")
    async def action_reading(self) -> None:
        """Choose how the character at the cursor is read."""
        await self.when_ready(self._choose_reading)

    async def _choose_reading(self) -> None:
        from lyricist.app.reading_choice import reading_choice
        from lyricist.app.screens.choice import Choice

        row, column = self.editor.cursor_location
        line, notes = self.editor.song.lines[row], self.craft.notes
        found = reading_choice(line, column, notes.readings.get(line, {}), self.craft.marks.rules)
        if isinstance(found, str):
            self.remark(found)
            return
        chosen = await self.app.push_screen_wait(Choice(found.question, found.rows, found.present))
        if chosen is None:
            return
        if chosen < len(found.readings):
            notes.choose_reading(line, found.place, found.readings[chosen].pinyin)
        else:
            notes.forget_reading(line, found.place)
        self.notes_changed()


def _kept(wanted: Rewriting) -> str:
    """What other lines keep, in words."""
    from lyricist.craft.line import sung_line

    lock = wanted.lock
    parts = [f"{lock.syllables} syllables"] if lock.syllables else []
    if lock.rhyme:
        parts.append(f"rhymes with {sung_line(lock.rhyme).ending[-1].text}")
    return ", ".join(parts) or "any length"
