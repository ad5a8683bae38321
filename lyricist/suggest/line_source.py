"""Where lines come from: drawn freely from the mixture, or under a lock."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lyricist.errors import LyricistError
from lyricist.network.decoder import Decoder, Logits, State
from lyricist.suggest.adaptive import AdaptiveModel
from lyricist.suggest.alphabet import Alphabet
from lyricist.suggest.line_drawing import DrawnLine, LineDrawing
from lyricist.suggest.mixed_logits import mixed_logits, network_probabilities
from lyricist.suggest.protocol import Request
from lyricist.text.vocabulary import Vocabulary

# More lines are drawn than are proposed, for some turn out alike.
_OVERSAMPLING = 1.6
# A line end this likely means that the line is done and the writer is not to be pushed on.
_LINE_COMPLETE = 0.6
# A song of so many lines tells how long its lines are.
_ENOUGH_LINES = 4
_LONGER_THAN_ANY = 1.5
_MIN_LENGTH = 12


class Standpoint(NamedTuple):
    """What is known at the cursor.

    text: before it, normalized. state: (num_layers, parts, 1, hidden). logits: (1, vocabulary),
    specials masked. adaptive: None where suggestions do not learn.
    """

    text: str
    state: State
    logits: Logits
    adaptive: AdaptiveModel | None
    alphabet: Alphabet


class Drawn(NamedTuple):
    """Lines; where a lock leaves none, why."""

    lines: list[DrawnLine]
    reason: str = ""


class LineSource:
    """Draws lines for requests.

    Args:
        decoder: The network.
        vocabulary: Its characters.
    """

    def __init__(self, decoder: Decoder, vocabulary: Vocabulary) -> None:
        self._decoder = decoder
        self._vocabulary = vocabulary
        self._random = np.random.default_rng()

    def probabilities(self, at: Standpoint) -> NDArray:
        """Return the probabilities of the next character, (alphabet,)."""
        network = network_probabilities(at.logits)
        if at.adaptive is None:
            return network[0]
        mixed: NDArray = np.exp(mixed_logits(network, [at.adaptive.mixture()], at.alphabet)[0])
        return mixed

    def is_complete(self, request: Request, probabilities: NDArray) -> bool:
        """Whether the line before the cursor is likely to end here; how long it has to be, a lock
        knows better."""
        if request.prefix.endswith("\n") or not request.prefix or request.lock.syllables:
            return False
        return float(probabilities[self._vocabulary.newline_index]) >= _LINE_COMPLETE

    def draw(self, request: Request, at: Standpoint, is_stale: Callable[[], bool]) -> Drawn | None:
        """Draw lines that go on from `at`; None as soon as `is_stale()` says so."""
        if request.sampling.seed is not None:
            self._random = np.random.default_rng(request.sampling.seed)
        if request.lock:
            return self._draw_locked(request, at, is_stale)
        wanted = replace(
            request.sampling,
            count=math.ceil(request.sampling.count * _OVERSAMPLING),
            max_length=min(request.sampling.max_length, _natural_length(at.text)),
        )
        drawing = LineDrawing(self._decoder, at.alphabet, at.adaptive, wanted, self._random)
        lines = drawing.draw(at.state, at.logits, is_stale)
        return None if lines is None else Drawn(lines)

    def _draw_locked(
        self, request: Request, at: Standpoint, is_stale: Callable[[], bool]
    ) -> Drawn | None:
        # Pronunciations take a moment to load: not before somebody wants them.
        from lyricist.suggest.locked import draw_locked
        from lyricist.suggest.locked_lines import Pen, Place

        *song, line = at.text.split("\n")
        place = Place(song, line, at.state, at.logits)
        pen = Pen(self._decoder, self._vocabulary, request.sampling, self._random, is_stale)
        try:
            locked = draw_locked(place, request.lock, pen)
        except OSError as error:
            raise LyricistError(
                f"the pronunciations are missing ({error.strerror or error})",
                "install lyricist anew",
            ) from error
        return None if locked is None else Drawn(*locked)


def _natural_length(text: str) -> int:
    """The most characters that a line is drawn to, by the lines of the song."""
    lengths = [len(line) for line in text.split("\n")[:-1] if line.strip()]
    if len(lengths) < _ENOUGH_LINES:
        return 1_000_000
    return max(_MIN_LENGTH, round(max(lengths) * _LONGER_THAN_ANY))
