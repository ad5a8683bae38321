"""Lines drawn side by side from the mixture of network, song and writer, in one batch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lyricist.network.decoder import Decoder, Logits, State, mask_specials
from lyricist.network.sampler import draw, draw_distinct
from lyricist.suggest.adaptive import AdaptiveModel, Reading, followed
from lyricist.suggest.alphabet import Alphabet
from lyricist.suggest.mixed_logits import mixed_logits, network_probabilities
from lyricist.suggest.protocol import SamplingSettings, Sources
from lyricist.text.lines import is_han

# When so many of the lines have ended, the longest are given up.
_ENOUGH = 0.7
# What the network gives a character that it does not know.
_TINY = 1e-9


@dataclass
class DrawnLine:
    """A line as far as it is drawn. log_probs: of its characters and of the line feed, in nats.
    parts: what each character's probability is made of: network, writer, song. ended: by a line
    feed."""

    text: str = ""
    log_probs: list[float] = field(default_factory=list)
    parts: list[tuple[float, float, float]] = field(default_factory=list)
    ended: bool = False

    @property
    def log_prob(self) -> float:
        """Mean per character in nats."""
        return math.fsum(self.log_probs) / max(len(self.log_probs), 1)

    @property
    def expected_right(self) -> float:
        """How many characters from its beginning are expected to be what comes."""
        total, right = 0.0, 0.0
        for log_prob in self.log_probs[: len(self.text)]:
            total += log_prob
            right += math.exp(total)
        return right

    def probability_of(self, length: int) -> float:
        """Probability of its first `length` characters."""
        return math.exp(math.fsum(self.log_probs[:length]))

    def mean_sources(self) -> Sources:
        """Return where its characters come from, on the mean."""
        shares = [[part / (math.fsum(parts) or 1.0) for part in parts] for parts in self.parts]
        count = max(len(shares), 1)
        writer, song = (math.fsum(share[number] for share in shares) / count for number in (1, 2))
        return Sources(max(0.0, 1 - writer - song), writer, song)


class LineDrawing:
    """Draws lines that go on from one state.

    Args:
        decoder: The network.
        alphabet: What can be drawn.
        adaptive: What to mix in, as it stands after the text before the cursor; None for nothing.
        sampling: How to draw. Its `count` is the number of lines. Temperature 0 draws one.
        random: Source of randomness.
    """

    def __init__(
        self,
        decoder: Decoder,
        alphabet: Alphabet,
        adaptive: AdaptiveModel | None,
        sampling: SamplingSettings,
        random: np.random.Generator,
    ) -> None:
        self._decoder = decoder
        self._alphabet = alphabet
        self._adaptive = adaptive
        self._sampling = sampling
        self._random = random
        self._newline = alphabet.vocabulary.newline_index
        self.lines: list[DrawnLine] = []
        self._open: list[DrawnLine] = []
        self._readings: list[Reading] = []

    def draw(
        self, state: State, logits: Logits, is_stale: Callable[[], bool]
    ) -> list[DrawnLine] | None:
        """Draw up to the line feed; None as soon as `is_stale()` says so.

        The first line takes the likeliest character each time. The others begin with different
        characters as long as there are likely ones (without replacement: Kool, Van Hoof & Welling
        2019).

        Args:
            state: After the text, (num_layers, parts, 1, hidden).
            logits: (1, vocabulary).
        """
        sampling = self._sampling
        count = 1 if sampling.temperature == 0 else max(sampling.count, 1)
        self.lines = [DrawnLine() for _ in range(count)]
        self._open = list(self.lines)
        if self._adaptive is not None:
            self._readings = [self._adaptive.reading] * count
        state = np.repeat(state, count, axis=2)
        logits = np.repeat(logits, count, axis=0)
        for step in range(sampling.max_length):
            if is_stale():
                return None
            going_on, indices = self._step(logits, first=step == 0)
            if not going_on.any():
                break
            self._open = [line for line in self._open if not line.ended]
            if self._are_enough():
                break
            if not going_on.all():
                indices, state = indices[going_on], state[:, :, going_on]
            if step + 1 < sampling.max_length:
                state, logits = self._decoder.advance(self._alphabet.fed(indices), state)
                mask_specials(logits)
        if self._are_enough():
            return [line for line in self.lines if line.ended]
        for line in self._open:
            _cut_to_whole_words(line)
        return self.lines

    def _are_enough(self) -> bool:
        """Whether the few that still go on would keep the writer waiting for little."""
        wanted = math.ceil(_ENOUGH * len(self.lines))
        return self.lines[0].ended and len(self.lines) - len(self._open) >= wanted

    def _step(self, logits: Logits, first: bool) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Draw a character for each open line; returns which of them go on, and what was drawn."""
        network = network_probabilities(logits)
        mixtures = []
        if self._adaptive is not None:
            if first:
                mixtures = [self._adaptive.mixture()] * len(self._open)
            else:
                mixtures = [
                    self._adaptive.mixture(line.text, reading)
                    for line, reading in zip(self._open, self._readings, strict=True)
                ]
            mixed = mixed_logits(network, mixtures, self._alphabet)
        else:
            with np.errstate(divide="ignore"):
                mixed = np.log(network)
        if first:
            # A candidate that is no text is no candidate.
            mixed[:, self._newline] = -np.inf
        indices, log_probs = self._drawn(mixed, first)
        going_on: NDArray[np.bool_] = indices != self._newline
        readings = []
        for row, (line, index, log_prob) in enumerate(
            zip(self._open, indices.tolist(), log_probs.tolist(), strict=True)
        ):
            character = self._alphabet.character(index)
            own = float(network[row, index]) if index < network.shape[1] else _TINY
            line.log_probs.append(log_prob)
            line.ended = index == self._newline
            if line.ended:
                continue
            line.text += character
            if self._adaptive is not None:
                mixture = mixtures[row]
                parts = mixture.parts(character, own)
                line.parts.append(parts)
                right = character == mixture.favourite
                readings.append(followed(self._readings[row], math.fsum(parts), own, right))
        self._readings = readings
        return going_on, indices

    def _drawn(self, mixed: NDArray, first: bool) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Row 0 of the first line drawn is the likeliest, the rest are drawn."""
        sampling = self._sampling
        settings = sampling.temperature, sampling.top_k, sampling.top_p
        if sampling.temperature == 0:
            return draw(mixed, *settings, self._random)
        if first and len(mixed) > 1:
            return draw_distinct(mixed[0], len(mixed), *settings, self._random)
        indices, log_probs = draw(mixed, *settings, self._random)
        if self._open[0] is self.lines[0]:
            best, log_prob = draw(mixed[:1], 0.0)
            indices[0], log_probs[0] = best[0], log_prob[0]
        return indices, log_probs


def _cut_to_whole_words(line: DrawnLine) -> None:
    """Cut a line that ran out of room back to its last whole word."""
    text = line.text
    if text and not is_han(text[-1]) and " " in text:
        line.text = text[: text.rindex(" ")]
        line.parts = line.parts[: len(line.text)]
