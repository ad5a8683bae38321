"""The craft of the song in the editor: its marks, what its lines are to be like, and its notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lyricist.app.line_edits import LineEdit, carried
from lyricist.app.song_marks import SongMarks
from lyricist.craft.modes import RhymeRules, System
from lyricist.library.settings import Settings
from lyricist.library.song_notes import MAX_LINES, Follow, SongNotes, load_notes
from lyricist.suggest.protocol import Lock
from lyricist.text.lines import is_han

if TYPE_CHECKING:
    from lyricist.craft.sections import Section
    from lyricist.craft.targets import Locks, Target
    from lyricist.craft.templates import Template

# Lines above the cursor that a target is looked for in.
_REACH = 400
_ANY_LINE = "la"
# Lines that notes are kept of; beyond, only those that the song has.
_MANY_NOTES = MAX_LINES // 2


class CraftDesk:
    """Holds what the screen asks about the craft of its song.

    Args:
        settings: Which locks are on, how rhymes are judged, what is shown.

    Attributes:
        marks: For the editor.
        notes: Of the song.
    """

    def __init__(self, settings: Settings) -> None:
        self.marks = SongMarks(template_at=self.template_at)
        self.notes = SongNotes()
        self.apply(settings)

    def apply(self, settings: Settings) -> None:
        """Take over what the settings say now."""
        self._settings = settings
        system: System = "new" if settings.rhyme_system == "new" else "thirteen"
        self.marks.rules = RhymeRules(system, settings.loose_rhymes)
        self.marks.shown, self.marks.patterns = settings.craft, settings.tones

    # --- notes

    def open_notes(self, path: Path | None, newer: SongNotes | None = None) -> None:
        """Take the notes of another song; one without a file has none yet.

        Args:
            path: Of the song.
            newer: Its notes where they are not on the disk yet.
        """
        self.notes = newer or (load_notes(path) if path is not None else SongNotes())
        self.notes.readings = _real_readings(self.notes.readings)
        self.marks.chosen = self.notes.readings

    def follow_edit(self, edit: LineEdit, lines: Sequence[str]) -> None:
        """Let what was noted of a line go with it while it is edited.

        Readings go with their characters (see `carried`), earlier versions with a line that stays
        one. A line that was noted already keeps its own, so that an undo finds them.
        """
        notes = self.notes
        if not (notes.readings or notes.versions):
            return
        for text, places in carried(edit, notes.readings).items():
            notes.readings[text] = {**places, **notes.readings.get(text, {})}
        if len(edit.old) == len(edit.new) == 1 and edit.kept_before + edit.kept_behind:
            (old,), (new,) = edit.old, edit.new
            earlier = [line for line in notes.versions.get(old, []) if line != new]
            if earlier and new.strip():
                notes.versions.setdefault(new, earlier)
        if max(len(notes.readings), len(notes.versions)) > _MANY_NOTES:
            # Each key has left a line behind that never was one.
            notes.forget_all_but(lines)

    # --- templates

    def template_at(self, lines: Sequence[str], row: int) -> Template | None:
        """Return what the section of a line follows."""
        if not self.notes.follows:
            return None
        from lyricist.craft.sections import section_at, sections

        found = sections(lines)
        own = section_at(found, row)
        follow = self.notes.followed_by(own.heading, own.number) if own else None
        return self._template(lines, found, follow) if follow else None

    def _template(
        self, lines: Sequence[str], found: Sequence[Section], follow: Follow
    ) -> Template | None:
        from lyricist.craft.line import sung_line
        from lyricist.craft.templates import template_of

        if follow.reference:
            texts = follow.reference.split("\n")
        else:
            wanted = follow.source, follow.source_number
            source = next((s for s in found if (s.heading, s.number) == wanted), None)
            if source is None:
                return None
            texts = [lines[row] for row in source.lyrics]
        sung = [line for text in texts if (line := sung_line(text)).kind == "lyric"]
        return template_of(sung, self.marks.rules) if sung else None

    # --- locks

    @property
    def locks(self) -> Locks:
        """Where targets come from, by the settings."""
        from lyricist.craft.targets import Locks

        own = self._settings
        return Locks(own.lock_length, own.lock_rhyme, own.lock_syllables, own.lock_word)

    def target_at(self, lines: Sequence[str], row: int) -> Target | None:
        """Return what a line is to be like; None while locks are off."""
        if not self._settings.locks or not self.marks.ready:
            return None
        from lyricist.craft.line import sung_line
        from lyricist.craft.marks import LONGEST_LINE
        from lyricist.craft.sections import section_at, sections
        from lyricist.craft.targets import target

        start = max(0, row - _REACH)
        # A line that is still empty belongs to the section that it is about to go on with.
        texts = [*lines[start:row], lines[row] if lines[row].strip() else _ANY_LINE]
        # Of a line without end only the end is heard.
        texts = [text[-LONGEST_LINE:] for text in texts]
        own = section_at(sections(texts), row - start)
        template = None
        if self.notes.follows:
            template = self.template_at([*lines[:row], texts[-1], *lines[row + 1 :]], row)
        chosen = self.notes.readings
        sung = [sung_line(text, chosen.get(text)) for text in texts]
        return target(sung, row - start, own, replace(self.locks, template=template))

    def lock_at(self, lines: Sequence[str], row: int) -> Lock:
        """Return what candidates for a line have to obey."""
        wanted, rules = self.target_at(lines, row), self.marks.rules
        if wanted is None:
            return Lock()
        picked = self.notes.readings.get(wanted.rhyme, {})
        places = [place for place, character in enumerate(wanted.rhyme) if is_han(character)]
        reading = picked.get(places[-1], "") if places else ""
        return Lock(wanted.syllables or 0, wanted.rhyme, rules.system, rules.loose, reading=reading)


def _real_readings(found: dict[str, dict[int, str]]) -> dict[str, dict[int, str]]:
    """Those that are pinyin: the file may have been edited."""
    return {
        line: own
        for line, places in found.items()
        if (own := {place: p for place, p in places.items() if _is_pinyin(p)})
    }


def _is_pinyin(text: str) -> bool:
    from lyricist.craft.mandarin.pinyin import parsed

    try:
        parsed(text)
    except ValueError:
        return False
    return True
