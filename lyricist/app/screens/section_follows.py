"""Sections that follow the lengths and rhymes of another one, or of a reference lyric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from lyricist.app.screens.dialogs import Question
from lyricist.app.screens.song_craft import SongCraft

if TYPE_CHECKING:
    from lyricist.craft.line import SungLine
    from lyricist.craft.sections import Section
    from lyricist.library.song_notes import Follow


class SectionFollows(SongCraft):
    """A `SongCraft` on which the writer chooses what a section follows."""

    def read_line(self, text: str) -> SungLine:
        """Read a line of the song, with the readings that the writer chose."""
        from lyricist.craft.line import sung_line

        return sung_line(text, self.craft.notes.readings.get(text))

    @work(exclusive=True, group="craft")
    async def action_follow(self) -> None:
        """Choose what the section at the cursor follows."""
        await self.when_ready(self._choose_follow)

    async def _choose_follow(self) -> None:
        from lyricist.app.screens.choice import Choice
        from lyricist.app.section_choice import section_choice

        row = self.editor.cursor_location[0]
        rules, notes = self.craft.marks.rules, self.craft.notes
        choice = section_choice(self.editor.song.lines, row, rules, self.read_line)
        if choice is None:
            self.remark("there is no section here")
            return
        own = choice.own
        now = notes.followed_by(own.heading, own.number)
        present = choice.present(now)
        # Who follows nothing yet has come to change that.
        first = present if now is not None else 0
        question = f"{own.name} follows the lengths and rhymes of"
        chosen = await self.app.push_screen_wait(Choice(question, choice.rows, present, first))
        if chosen is None:
            return
        if chosen == choice.nothing:
            notes.unfollow(own.heading, own.number)
            self.notes_changed()
            self.remark(f"{own.name} follows nothing")
            return
        in_song = chosen < len(choice.others)
        wanted = choice.follow(chosen) if in_song else await self._reference(own, now)
        if wanted is not None:
            notes.follow(wanted)
            self.notes_changed()
            await self._offer_template_locks(own.name)

    async def _reference(self, own: Section, now: Follow | None) -> Follow | None:
        """Ask for a reference lyric."""
        from lyricist.app.screens.reference import ReferenceDialog
        from lyricist.library.song_notes import Follow

        dialog = ReferenceDialog(now.reference if now else "", self.craft.marks.rules)
        text = await self.app.push_screen_wait(dialog)
        return Follow(own.heading, own.number, reference=text) if text is not None else None

    async def _offer_template_locks(self, name: str) -> None:
        from lyricist.craft.modes import TEMPLATE

        settings = self._lyricist.settings
        self.remark(f"{name} follows its template")
        if settings.locks and settings.lock_length == settings.lock_rhyme == TEMPLATE:
            return
        question = Question(
            "The gutter says where lines differ. Shall ghost lines keep its lengths and rhymes?",
            (("both", "Lengths and rhymes"), ("length", "Lengths"), ("no", "No")),
        )
        answer = await self.app.push_screen_wait(question)
        if answer not in ("both", "length"):
            return
        settings.locks, settings.lock_length = True, TEMPLATE
        if answer == "both":
            settings.lock_rhyme = TEMPLATE
        self._locks_set("locks follow the template")
