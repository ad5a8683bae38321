"""The names of what can be chosen: how rhymes are judged, and where a line's targets come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

System = Literal["thirteen", "new"]
SYSTEMS: tuple[System, ...] = ("thirteen", "new")
"""十三辙 and 中华新韵."""

PATTERNS = ("AABB", "ABAB", "ABCB", "AABA", "AAAA")
"""Schemes that can be asked for without a section that has them."""

OFF, ABOVE, TEMPLATE, TYPED = "off", "above", "template", "typed"
LENGTH_MODES = (OFF, ABOVE, TEMPLATE, TYPED)
RHYME_MODES = (OFF, *PATTERNS, ABOVE, TEMPLATE, TYPED)

MOST_SYLLABLES = 40
"""A longer line is none to be sung in one breath."""


@dataclass(frozen=True, slots=True)
class RhymeRules:
    """How rhymes are judged.

    system: 十三辙 (`thirteen`) or 中华新韵 (`new`). loose: whether 通押 counts, as a near rhyme.
    """

    system: System = "thirteen"
    loose: bool = False
