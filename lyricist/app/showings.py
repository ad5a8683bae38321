"""What becomes of each ghost that is shown: taken or passed over, told to the gate.

Tab, a word or a character of it, a number of the pane, and typing its first word by hand are
taking; typing something else, Escape and moving away are passing over. A ghost that the next key
overtook before it could be read has not been passed over.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from lyricist.suggest.gate import Gate
from lyricist.text.lines import is_han

# Before that, nobody has read a few words in grey; fast typing would count against all of them.
_READING_SECONDS = 0.5
# Most Chinese words; the segmenter would keep a key waiting.
_HAN_WORD = 2


class Showings:
    """The one ghost that stands now, and the gate that it is counted by.

    Args:
        gate: Decides and counts.
        eagerness: The setting of this name.
        clock: Seconds.
    """

    def __init__(
        self,
        gate: Gate | None = None,
        eagerness: str = "normal",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.gate = gate or Gate()
        self.eagerness = eagerness
        self._clock = clock
        self._confidence: float | None = None
        self._seen = False
        self._since = 0.0
        self._along = ""

    def is_worth(self, confidence: float) -> bool:
        """Whether a ghost of this confidence is to be shown unasked."""
        return self.gate.lets_through(confidence, self.eagerness)

    def begin(self, confidence: float, seen: bool, asked: bool) -> None:
        """Candidates have come, the best with `confidence`; `seen` if the ghost is shown.

        One that was asked for says nothing about those that were not, and is not counted.
        """
        self._confidence = None if asked else confidence
        self._seen, self._since, self._along = seen, self._clock(), ""
        if not seen and not asked and not self.is_worth(confidence):
            self.gate.hid(confidence)

    def taken(self) -> None:
        """The writer took some of it by a key; also of one that only the pane had."""
        self._end(taken=True)

    def typed(self, text: str, shown: str) -> None:
        """`text` was typed at the cursor while `shown` was all that was left of the ghost."""
        if not self._seen or not shown.startswith(text):
            self.passed()
            return
        self._along += text
        if shown == text or _holds_word(self._along, shown[len(text) :]):
            self._end(taken=True)

    def passed(self, surely: bool = False) -> None:
        """The writer goes on without it; `surely` if by a key that says so."""
        if self._seen and (surely or self._clock() - self._since >= _READING_SECONDS):
            self._end(taken=False)
        self._confidence = None

    def _end(self, taken: bool) -> None:
        if self._confidence is not None:
            self.gate.count(self._confidence, taken)
        self._confidence = None


def _holds_word(typed: str, rest: str) -> bool:
    """Whether `typed` is a word at least, where it goes on with `rest`."""
    word = typed.strip()
    if not word:
        return False
    if is_han(word[-1]):
        return len(word) >= _HAN_WORD or not is_han(rest[0])
    return not word[-1].isalnum() or not (rest[0].isalnum() or rest[0] in "'’-")
