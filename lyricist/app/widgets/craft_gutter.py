"""What stands beside a line: how long it is, how that differs from its template, and its letter."""

from __future__ import annotations

import colorsys
import functools
from typing import TYPE_CHECKING

from rich.style import Style

from lyricist.craft.line_mark import LineMark
from lyricist.craft.vowels import SOUNDS

if TYPE_CHECKING:
    from lyricist.craft.templates import Deviation

WIDTH = 9
"""Cells: ` 12? +1 A `."""

PATTERN_WIDTH = 14
"""Cells for 平仄 and stresses, where they are wanted."""

# A narrower editor keeps its cells for the song.
LEAST_EDITOR_WIDTH = 44
_MOST = 999
_LIGHTNESS = {True: 0.74, False: 0.30}
_SATURATION = 0.75
# Neighbouring sounds get colours far apart.
_STEP = 7


def gutter_text(mark: LineMark, with_pattern: bool) -> str:
    """Return the gutter of a line's first row, always of the same width."""
    count = str(min(mark.syllables, _MOST)) if mark.syllables or not mark.is_known else ""
    unknown = "?" if not mark.is_known else " "
    text = f"{count:>3}{unknown}{_deviation(mark.deviation):>3}{mark.letter:>1} "
    if with_pattern:
        pattern = mark.pattern
        if len(pattern) > PATTERN_WIDTH:
            # The end of a line matters most.
            pattern = "<" + pattern[1 - PATTERN_WIDTH :]
        text = f"{pattern:>{PATTERN_WIDTH}}{text}"
    width = gutter_width(with_pattern)
    return f"{text:>{width}}"[-width:]


def gutter_width(with_pattern: bool) -> int:
    """Return the cells of a gutter."""
    return WIDTH + (PATTERN_WIDTH if with_pattern else 0)


@functools.cache
def rhyme_styles(dark: bool) -> tuple[Style, ...]:
    """Return a text colour for each sound, to be read on a dark or a light background."""
    count = len(SOUNDS)
    return tuple(
        Style(color=_hex(place * _STEP % count / count, _LIGHTNESS[dark])) for place in range(count)
    )


def _hex(hue: float, lightness: float) -> str:
    parts = colorsys.hls_to_rgb(hue, lightness, _SATURATION)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _deviation(found: Deviation | None) -> str:
    """Too many or too few syllables, `!` where the rhyme is missing, `*` beyond the template."""
    if not found:
        return ""
    if found.extra:
        return "*"
    more = f"{max(-9, min(found.syllables, 9)):+d}" if found.syllables else ""
    return more + ("" if found.rhymes else "!")
