"""A line to type into that holds what it shows."""

from __future__ import annotations

from textual.widgets import Input

from lyricist.text.display import visible


class PlainInput(Input):
    """An `Input` in which pasted or preset control characters are symbols, as everywhere else.

    Textual's own would send them to the terminal, and put its cursor beside the text.
    """

    def validate_value(self, value: str) -> str:
        """Textual's hook for what the value becomes."""
        return visible(value)
