"""Text before the cursor -> ranked one-line candidates, one batch from the cached state."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from lyricist.network.decoder import Decoder
from lyricist.network.sampler import draw
from lyricist.suggest.prefix_states import PrefixStates
from lyricist.suggest.protocol import (
    Answer,
    Candidate,
    NextCharacter,
    Request,
    SamplingSettings,
)
from lyricist.text.lines import is_han
from lyricist.text.vocabulary import UNKNOWN_INDEX, Vocabulary

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
        self.states = PrefixStates(decoder, start_with_boundary)
        self._generator = torch.Generator(device=decoder.device)
        self._generator.seed()
        self._shown = _Shown()

    @torch.inference_mode()
    def answer(
        self, request: Request, is_stale: Callable[[], bool] = lambda: False
    ) -> Answer | None:
        """Return candidates for `request`, or None as soon as `is_stale()` says so."""
        started = time.perf_counter()
        indices = self.vocabulary.encode(request.prefix)
        steps = self.states.move_to(indices, request.offset, is_stale)
        if steps is None:
            return None
        logits = self.decoder.logits(self.states.state)
        probabilities = self.decoder.mask_specials(logits).softmax(dim=-1)[0]
        line_end = float(probabilities[self.vocabulary.newline_index])
        at_line_start = request.prefix.endswith("\n") or not request.prefix
        line_complete = line_end >= _LINE_COMPLETE and not at_line_start
        candidates: tuple[Candidate, ...] = ()
        # Without a single known character there is no context, hence nothing honest to propose.
        hopeless = bool(indices) and all(index == UNKNOWN_INDEX for index in indices)
        if not hopeless and (request.asked or not line_complete):
            drawn = self._draw_lines(logits, request.sampling, is_stale)
            if drawn is None:
                return None
            candidates = self._rank(request.prefix, drawn, request.sampling.count)
        self._shown = _Shown(request.prefix, candidates)
        mean = self.states.mean_log_prob()
        return Answer(
            revision=request.revision,
            candidates=candidates,
            next_characters=self._next_characters(probabilities),
            perplexity=None if mean is None else math.exp(min(-mean, 700.0)),
            steps=steps,
            milliseconds=(time.perf_counter() - started) * 1000,
            line_complete=line_complete,
        )

    def _draw_lines(
        self, logits: Tensor, sampling: SamplingSettings, is_stale: Callable[[], bool]
    ) -> list[Candidate] | None:
        """Draw lines up to the newline in one batch; None when abandoned."""
        rows = 1 if sampling.temperature == 0 else sampling.count * _OVERSAMPLING
        generator = self._generator
        if sampling.seed is not None:
            generator.manual_seed(sampling.seed)
        newline = self.vocabulary.newline_index
        state = self.states.state.expand(-1, -1, rows, -1)
        logits = self.decoder.mask_specials(logits.expand(rows, -1))
        # A candidate that is no text is no candidate.
        logits[:, newline] = float("-inf")
        alive = torch.ones(rows, dtype=torch.bool, device=self.decoder.device)
        total = torch.zeros(rows, device=self.decoder.device)
        lengths = torch.zeros(rows, device=self.decoder.device)
        drawn = []
        for _ in range(sampling.max_length):
            if is_stale():
                return None
            indices = draw(logits, sampling.temperature, sampling.top_k, sampling.top_p, generator)
            log_probs = logits.log_softmax(dim=-1).gather(1, indices[:, None]).squeeze(1)
            total += torch.where(alive, log_probs, 0.0)
            lengths += alive
            alive = alive & (indices != newline)
            drawn.append(torch.where(alive, indices, UNKNOWN_INDEX))
            if not bool(alive.any()):
                break
            state = self.decoder.step(indices, state)
            logits = self.decoder.mask_specials(self.decoder.logits(state))
        texts = [self.vocabulary.decode(row) for row in torch.stack(drawn, dim=1).tolist()]
        means = (total / lengths).tolist()
        finished = (~alive).tolist()
        return [
            Candidate(text if done else _whole_words(text), mean)
            for text, mean, done in zip(texts, means, finished, strict=True)
        ]

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

    def _next_characters(self, probabilities: Tensor) -> tuple[NextCharacter, ...]:
        width = min(_NEXT_CHARACTERS, probabilities.shape[0] - 2)
        values, indices = probabilities.topk(width)
        return tuple(
            NextCharacter(self.vocabulary.decode([index]), value)
            for index, value in zip(indices.tolist(), values.tolist(), strict=True)
        )


def _whole_words(text: str) -> str:
    """Cut a line that ran out of room back to its last whole word."""
    if not text or is_han(text[-1]) or " " not in text:
        return text
    return text[: text.rindex(" ")]
