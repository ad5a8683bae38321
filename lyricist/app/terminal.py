"""Keys as most terminals send them: Alt with a digit or a bracket is Escape and that character.

Textual reads Escape 1 as the `¡` that some keyboards have there, and forgets Alt with a bracket,
so that both would be typed into the song.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.events import Key

_ESCAPE = "\x1b"
# Escape [ begins most other sequences: it is this key only where nothing follows in time.
_ALT_NAMES = {"]": "alt+right_square_bracket", "[": "alt+left_square_bracket"}
_AT_ONCE = {_ESCAPE + digit: f"alt+{digit}" for digit in "123456789"}
_AT_ONCE[_ESCAPE + "]"] = _ALT_NAMES["]"]


class AltKeyParser(XTermParser):
    """Textual's parser with Alt+1 to Alt+9, Alt+[ and Alt+]."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        name = _AT_ONCE.get(sequence) or (_ALT_NAMES.get(sequence) if alt else None)
        if name is not None:
            yield Key(name, None)
        else:
            yield from super()._sequence_to_key_events(sequence, alt)


def understand_alt_keys() -> None:
    """Let the terminal's driver use `AltKeyParser`; to be called before the app runs."""
    name = "win32" if sys.platform == "win32" else "linux_driver"
    importlib.import_module(f"textual.drivers.{name}").XTermParser = AltKeyParser  # type: ignore[attr-defined]
