"""What the writer waits for, measured: from a key to its character, and to the ghost behind it.

Times are those of Textual's events and end with the frame that was handed to the terminal.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from lyricist.new_files import open_private

LOG_VARIABLE = "LYRICIST_LATENCY_LOG"
_KEPT = 200
_OWN_CHARACTER, _GHOST = "own_character", "ghost"


def _recent() -> deque[float]:
    return deque(maxlen=_KEPT)


@dataclass
class Latencies:
    """Collects what the editor and the screen report; times are in seconds of one clock.

    Args:
        keeps_all: Whether `write_log` will be wanted.
    """

    keeps_all: bool = False
    _measured: dict[str, deque[float]] = field(
        default_factory=lambda: {_OWN_CHARACTER: _recent(), _GHOST: _recent()}
    )
    _log: list[tuple[str, float]] = field(default_factory=list)
    _newest: tuple[int, float] | None = None
    _typed: list[float] = field(default_factory=list)
    _drawn: list[float] = field(default_factory=list)
    _answered: float | None = None
    _ghost_drawn: float | None = None

    @property
    def own_character(self) -> tuple[float, ...]:
        """Milliseconds from a key to the frame that shows its character, the last 200."""
        return tuple(self._measured[_OWN_CHARACTER])

    @property
    def ghost(self) -> tuple[float, ...]:
        """Milliseconds from a key to the frame that shows what the model makes of it."""
        return tuple(self._measured[_GHOST])

    def typed(self, revision: int, at: float) -> None:
        """A key of time `at` has put its character into the song, which is `revision` now."""
        self._newest = revision, at
        self._typed.append(at)
        # A ghost that comes too late to be seen has not been waited for.
        self._answered = self._ghost_drawn = None

    def answered(self, revision: int, already_shown: bool) -> None:
        """Candidates for `revision` have come; `already_shown` if nothing new is to be drawn."""
        if self._newest is None or self._newest[0] != revision:
            return
        _, at = self._newest
        self._newest = None
        if already_shown:
            self._ghost_drawn = at
        else:
            self._answered = at

    def drawn(self) -> None:
        """The editor has drawn its rows for the next frame."""
        self._drawn += self._typed
        self._typed.clear()
        if self._answered is not None:
            self._ghost_drawn, self._answered = self._answered, None

    def displayed(self, now: float) -> None:
        """A frame has gone to the terminal."""
        for at in self._drawn:
            self._add(_OWN_CHARACTER, now - at)
        self._drawn.clear()
        if self._ghost_drawn is not None:
            self._add(_GHOST, now - self._ghost_drawn)
            self._ghost_drawn = None

    def write_log(self, path: str) -> None:
        """Append everything measured to the file at `path`, one JSON object a line."""
        lines = (json.dumps({"kind": kind, "milliseconds": x}) + "\n" for kind, x in self._log)
        # A figure less is no reason to trouble the writer at the end.
        with (
            contextlib.suppress(OSError),
            open(path, "a", encoding="utf-8", opener=open_private) as file,
        ):
            file.writelines(lines)

    def _add(self, kind: str, seconds: float) -> None:
        milliseconds = seconds * 1000
        self._measured[kind].append(milliseconds)
        if self.keeps_all:
            self._log.append((kind, milliseconds))


def log_path(environment: Mapping[str, str] = os.environ) -> str:
    """Return where the writer wants the measurements written down, empty for nowhere."""
    return environment.get(LOG_VARIABLE, "")
