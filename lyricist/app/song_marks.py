"""The marks of the song in the editor, once pronunciations are loaded, and what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lyricist.craft.line_mark import NO_MARK, LineMark
from lyricist.craft.modes import RhymeRules

if TYPE_CHECKING:
    from lyricist.craft.templates import Template


@dataclass
class SongMarks:
    """How lines are marked.

    ready: pronunciations are loaded. shown: the writer wants a gutter. patterns: with 平仄 and
    stresses. rules: how rhymes are judged. chosen: readings that the writer picked, by line.
    template_at: what the section of a line follows.
    """

    ready: bool = False
    shown: bool = True
    patterns: bool = False
    rules: RhymeRules = field(default_factory=RhymeRules)
    chosen: dict[str, dict[int, str]] = field(default_factory=dict)
    template_at: Callable[[Sequence[str], int], Template | None] = lambda lines, row: None

    def at(self, lines: Sequence[str], row: int) -> LineMark:
        """Return the mark of a line; an empty one while nothing is known."""
        if not self.ready:
            return NO_MARK
        # Loaded by now: the first frame of the editor must not wait for it.
        from lyricist.craft.marks import mark_at

        template = self.template_at(lines, row)
        return mark_at(lines, row, self.rules, self.chosen, template)


def load_pronunciations() -> None:
    """Load what reading lines takes; half a second, away from the screen's own thread.

    Raises:
        LyricistError, OSError: If something that ships with the program is missing.
    """
    from lyricist.craft.marks import mark_at

    mark_at(["我们 sing 了 unheardofword"], 0, RhymeRules())
