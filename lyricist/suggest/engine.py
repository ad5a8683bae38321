"""Text before the cursor -> ranked one-line candidates, one batch from the cached state."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lyricist.network.decoder import Decoder, Logits, State, mask_specials
from lyricist.network.sampler import draw, log_softmax
from lyricist.suggest.prefix_states import PrefixStates
from lyricist.suggest.protocol import (
    Answer,
    Candidate,
    NextCharacter,
    Request,
    SamplingSettings,
)
from lyricist.text.lines import is_han
from lyricist.text.vocabulary import NUM_SPECIAL, Vocabulary

_NEXT_CHARACTERS = 10
_OVERSAMPLING = 2
# A line end this likely means that the line is done and the writer is not to be pushed on.
_LINE_COMPLETE = 0.6


@dataclass(frozen=True)
class _Shown:
    """What was answered last, to keep a candidate that the writer is typing along."""

    prefix: str = ""
    candidates: tuple[Candidate, ...] = ()


class SuggestionEngine:
    """Answers requests for one model.

    Args:
        decoder: The network laid out for stepping.
        vocabulary: Its characters.
        start_with_boundary: Whether it was trained with song boundaries.
    """

    def __init__(
        self, decoder: Decoder, vocabulary: Vocabulary, start_with_boundary: bool = True
    ) -> None:
        self.decoder = decoder
        self.vocabulary = vocabulary
        self.states = PrefixStates(decoder, vocabulary, start_with_boundary)
        self._random = np.random.default_rng()
        self._shown = _Shown()

    def answer(
        self, request: Request, is_stale: Callable[[], bool] = lambda: False
    ) -> Answer | None:
        """Return candidates for `request`, or None as soon as `is_stale()` says so."""
        started = time.perf_counter()
        steps = self.states.move_to(request.prefix, is_stale)
        if steps is None:
            return None
        logits = mask_specials(self.decoder.logits(self.states.state))
        probabilities = np.exp(log_softmax(logits)[0])
        line_end = float(probabilities[self.vocabulary.newline_index])
        at_line_start = request.prefix.endswith("\n") or not request.prefix
        line_complete = line_end >= _LINE_COMPLETE and not at_line_start
        candidates: tuple[Candidate, ...] = ()
        if not self._is_hopeless() and (request.asked or not line_complete):
            drawn = self._draw_lines(logits, request.sampling, is_stale)
            if drawn is None:
                return None
            candidates = self._rank(request.prefix, drawn, request.sampling.count)
        self._shown = _Shown(request.prefix, candidates)
        return Answer(
            revision=request.revision,
            candidates=candidates,
            next_characters=self._next_characters(probabilities),
            perplexity=self.perplexity(),
            steps=steps,
            milliseconds=(time.perf_counter() - started) * 1000,
            line_complete=line_complete,
        )

    def perplexity(self) -> float | None:
        """Perplexity of what was read of the text before the cursor, None without any."""
        mean = self.states.mean_log_prob()
        return None if mean is None else math.exp(min(-mean, 700.0))

    def _is_hopeless(self) -> bool:
        """Without a single known character there is no context, nothing honest to propose."""
        text = self.states.text
        return bool(text) and not any(character in self.vocabulary for character in set(text))

    def _draw_lines(
        self, logits: Logits, sampling: SamplingSettings, is_stale: Callable[[], bool]
    ) -> list[Candidate] | None:
        """Draw lines up to the newline in one batch; None when abandoned."""
        count = 1 if sampling.temperature == 0 else sampling.count * _OVERSAMPLING
        if sampling.seed is not None:
            self._random = np.random.default_rng(sampling.seed)
        lines = _Lines(count, self.vocabulary.newline_index)
        state: State = np.repeat(self.states.state, count, axis=2)
        logits = np.repeat(logits, count, axis=0)
        # A candidate that is no text is no candidate.
        logits[:, self.vocabulary.newline_index] = -np.inf
        for _ in range(sampling.max_length):
            if is_stale():
                return None
            indices, log_probs = draw(
                logits, sampling.temperature, sampling.top_k, sampling.top_p, self._random
            )
            going_on = lines.append(indices, log_probs)
            if not going_on.any():
                break
            if not going_on.all():
                indices, state = indices[going_on], state[:, :, going_on]
            state, logits = self.decoder.advance(indices, state)
            mask_specials(logits)
        return lines.candidates(self.vocabulary)

    def _rank(self, prefix: str, drawn: list[Candidate], count: int) -> tuple[Candidate, ...]:
        """Candidates being typed along first, then the drawn ones by mean log-probability."""
        ranked = sorted(drawn, key=lambda candidate: -candidate.log_prob)
        chosen: dict[str, Candidate] = {}
        for candidate in (*self._typed_along(prefix), *ranked):
            text = candidate.text.rstrip()
            if text.strip() and text not in chosen and len(chosen) < count:
                chosen[text] = Candidate(text, candidate.log_prob)
        return tuple(chosen.values())

    def _typed_along(self, prefix: str) -> list[Candidate]:
        """What is left of the candidates shown last, where the writer typed what they say."""
        before = self._shown.prefix
        if not prefix.startswith(before) or len(prefix) == len(before):
            return []
        typed = prefix[len(before) :]
        return [
            Candidate(candidate.text[len(typed) :], candidate.log_prob)
            for candidate in self._shown.candidates
            if candidate.text.startswith(typed) and candidate.text != typed
        ]

    def _next_characters(self, probabilities: NDArray) -> tuple[NextCharacter, ...]:
        width = min(_NEXT_CHARACTERS, len(probabilities) - NUM_SPECIAL)
        likeliest = np.argpartition(-probabilities, width - 1)[:width]
        ordered = likeliest[np.argsort(-probabilities[likeliest])]
        return tuple(
            NextCharacter(self.vocabulary.decode([index]), value)
            for index, value in zip(ordered.tolist(), probabilities[ordered].tolist(), strict=True)
        )


class _Lines:
    """Lines drawn side by side; those that have ended are taken out of the batch.

    Args:
        count: How many.
        newline: The index that ends a line.
    """

    def __init__(self, count: int, newline: int) -> None:
        self._newline = newline
        self._drawn: list[list[int]] = [[] for _ in range(count)]
        self._totals = np.zeros(count)
        self._lengths = np.zeros(count)
        self._open = np.arange(count)

    def append(self, indices: NDArray[np.int64], log_probs: NDArray) -> NDArray[np.bool_]:
        """Add a character to each open line; returns which of them go on."""
        self._totals[self._open] += log_probs
        self._lengths[self._open] += 1
        going_on: NDArray[np.bool_] = indices != self._newline
        for line, index in zip(self._open[going_on], indices[going_on].tolist(), strict=True):
            self._drawn[line].append(index)
        self._open = self._open[going_on]
        return going_on

    def candidates(self, vocabulary: Vocabulary) -> list[Candidate]:
        """Return the lines; one that was never ended stops at a whole word."""
        texts = [vocabulary.decode(line) for line in self._drawn]
        for line in self._open:
            texts[line] = _whole_words(texts[line])
        means = (self._totals / self._lengths).tolist()
        return [Candidate(text, mean) for text, mean in zip(texts, means, strict=True)]


def _whole_words(text: str) -> str:
    """Cut a line that ran out of room back to its last whole word."""
    if not text or is_han(text[-1]) or " " not in text:
        return text
    return text[: text.rindex(" ")]
