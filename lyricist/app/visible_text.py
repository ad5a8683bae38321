"""The last look at a line before it goes to the terminal, whichever widget has drawn it."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from lyricist.text.display import visible


class VisibleText(LineFilter):
    """Draws as symbols what widgets should never have let through; the line keeps its width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return `segments` without anything that could act on the terminal."""
        text = "".join(segment.text for segment in segments if not segment.control)
        shown = visible(text)
        if shown == text:
            return segments
        safe, at = [], 0
        for segment in segments:
            if segment.control:
                safe.append(segment)
                continue
            end = at + len(segment.text)
            safe.append(Segment(shown[at:end], segment.style))
            at = end
        width = sum(segment.cell_length for segment in segments)
        return Segment.adjust_line_length(safe, width)
