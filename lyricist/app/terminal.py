"""What Textual's drivers lack for the terminals there are.

Keys: most terminals send Alt with a digit or a bracket as Escape and that character. Textual reads
Escape 1 as the `¡` that some keyboards have there, and forgets Alt with a bracket, so that both
would be typed into the song.

Output: Textual's writing thread ends with the first error of a terminal that is gone, and the app
then waits for it for ever, in the middle of keeping the draft.

Stopping and going on: see `unix_driver`.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.drivers._writer_thread import WriterThread
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


class EnduringWriter(WriterThread):
    """Textual's writing thread, which takes in what is written even when nobody reads it."""

    def run(self) -> None:
        """Write until told to stop; without a terminal, ask the app to end and go on listening."""
        try:
            super().run()
        except OSError:
            if hasattr(signal, "SIGHUP"):
                os.kill(os.getpid(), signal.SIGHUP)
            while self._queue.get() is not None:
                pass


def prepare_drivers() -> None:
    """Let the terminal's driver use these; to be called before the app runs."""
    windows = sys.platform == "win32"
    keys = importlib.import_module(f"textual.drivers.{'win32' if windows else 'linux_driver'}")
    keys.XTermParser = AltKeyParser  # type: ignore[attr-defined]
    output = importlib.import_module(
        f"textual.drivers.{'windows_driver' if windows else 'linux_driver'}"
    )
    output.WriterThread = EnduringWriter  # type: ignore[attr-defined]
    if not windows:
        from lyricist.app.unix_driver import ContinuedDriver

        keys.LinuxDriver = ContinuedDriver  # type: ignore[attr-defined]
