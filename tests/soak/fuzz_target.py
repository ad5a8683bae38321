"""What a target of the fuzz run is."""

from __future__ import annotations

import random
from pathlib import Path
from typing import ClassVar, Protocol

from lyricist.errors import LyricistError


class Target(Protocol):
    """A way in for what strangers wrote.

    share: its part of all inputs, in hundredths. expected: what it may raise. Made with the folder
    that holds inputs; what is written must lie there or in the homes of the program.
    """

    share: ClassVar[int]
    expected: ClassVar[tuple[type[Exception], ...]] = (LyricistError,)

    def __init__(self, given: Path) -> None: ...

    def made(self, drawn: random.Random) -> bytes:
        """Return a broken input."""

    def run(self, data: bytes) -> None:
        """Read it as the program would.

        Raises:
            AssertionError: If a promise does not hold.
        """
