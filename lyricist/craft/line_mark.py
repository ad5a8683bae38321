"""What is shown of one line, without what it takes to work it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lyricist.craft.templates import Deviation

Span = tuple[int, int]
"""Code points of a line, the end not included."""


@dataclass(frozen=True, slots=True)
class LineMark:
    """What is shown of one line.

    syllables: 0 where it has none. is_known: whether all could be counted. letter: of its section's
    scheme. colour: place of its sound in `vowels.SOUNDS`, None where it rhymes with nothing.
    ending: the part that rhymes. underlined: rhymes of several syllables and those within the line.
    pattern: 平仄 and stresses. deviation: from the template that its section follows.
    """

    syllables: int = 0
    is_known: bool = True
    letter: str = ""
    colour: int | None = None
    ending: Span | None = None
    underlined: tuple[Span, ...] = ()
    pattern: str = ""
    deviation: Deviation | None = None


NO_MARK = LineMark()
