"""Text before the cursor -> ranked one-line candidates, one batch from the cached state."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lyricist.network.decoder import Decoder, Logits, mask_specials
from lyricist.suggest.adaptive import AdaptiveModel
from lyricist.suggest.alphabet import Alphabet
from lyricist.suggest.choosing import choose
from lyricist.suggest.following import follow_scores, what_follows
from lyricist.suggest.line_drawing import DrawnLine, LineDrawing
from lyricist.suggest.mixed_logits import mixed_logits, network_probabilities
from lyricist.suggest.ngram_counts import Contexts
from lyricist.suggest.prefix_states import PrefixStates
from lyricist.suggest.protocol import (
    Answer,
    Candidate,
    NextCharacter,
    Request,
    SamplingSettings,
)
from lyricist.text.spelling import Spelling
from lyricist.text.vocabulary import Vocabulary, normalize

_NEXT_CHARACTERS = 10
# More lines are drawn than are proposed, for some turn out alike.
_OVERSAMPLING = 1.6
# A line end this likely means that the line is done and the writer is not to be pushed on.
_LINE_COMPLETE = 0.6
# A song of so many lines tells how long its lines are.
_ENOUGH_LINES = 4
_LONGER_THAN_ANY = 1.5
_MIN_LENGTH = 12


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
        novelty: Chance of a character that it does not know (see `text.spelling`).
        writer: The writer's other songs.
    """

    def __init__(
        self,
        decoder: Decoder,
        vocabulary: Vocabulary,
        start_with_boundary: bool = True,
        novelty: float = 1e-4,
        writer: Contexts | None = None,
    ) -> None:
        self.decoder = decoder
        self.vocabulary = vocabulary
        self.states = PrefixStates(decoder, vocabulary, start_with_boundary)
        self.adaptive = AdaptiveModel(writer)
        self._spelling = Spelling(novelty)
        self._random = np.random.default_rng()
        self._shown = _Shown()

    def know_songs(self, writer: Contexts | None) -> None:
        """Take other songs of the writer's from now on."""
        self.adaptive = AdaptiveModel(writer)

    def answer(
        self, request: Request, is_stale: Callable[[], bool] = lambda: False
    ) -> Answer | None:
        """Return candidates for `request`, or None as soon as `is_stale()` says so."""
        started = time.perf_counter()
        steps = self.states.move_to(request.prefix, is_stale)
        if steps is None:
            return None
        suffix = normalize(request.suffix)
        adaptive = self._adapted(suffix) if request.adapt else None
        alphabet = Alphabet(self.vocabulary, self.states.text + suffix if adaptive else "")
        logits = mask_specials(self.decoder.logits(self.states.state))
        probabilities = self._probabilities(logits, adaptive, alphabet)
        line_end = float(probabilities[self.vocabulary.newline_index])
        at_line_start = request.prefix.endswith("\n") or not request.prefix
        line_complete = line_end >= _LINE_COMPLETE and not at_line_start
        candidates: tuple[Candidate, ...] = ()
        if not self._is_hopeless() and (request.asked or not line_complete):
            drawing = self._drawing(request.sampling, adaptive, alphabet)
            lines = drawing.draw(self.states.state, logits, is_stale)
            if lines is None:
                return None
            candidates = self._rank(request, lines, what_follows(suffix))
        self._shown = _Shown(request.prefix, candidates)
        return Answer(
            revision=request.revision,
            candidates=candidates,
            next_characters=_next_characters(probabilities, alphabet),
            perplexity=self.perplexity(),
            steps=steps,
            milliseconds=(time.perf_counter() - started) * 1000,
            line_complete=line_complete,
        )

    def perplexity(self) -> float | None:
        """Perplexity of what was read of the text before the cursor, None without any."""
        mean = self.states.mean_log_prob()
        return None if mean is None else math.exp(min(-mean, 700.0))

    def refine(self, is_stale: Callable[[], bool]) -> bool:
        """Read exactly what was skipped, until `is_stale()`; True once there is nothing left."""
        if not self.states.refine(is_stale):
            return False
        if not self.adaptive.is_exact and not is_stale():
            self._read_text()
        return True

    def _adapted(self, suffix: str) -> AdaptiveModel:
        self._read_text()
        self.adaptive.set_after(suffix)
        return self.adaptive

    def _read_text(self) -> None:
        """Let the adaptive model follow the text before the cursor."""
        text, scores = self.states.text, self.states.log_probs()

        def network(position: int) -> float | None:
            score, character = scores[position], text[position]
            if score is None:
                return None
            if character in self.vocabulary:
                return math.exp(self._spelling.known(score))
            return math.exp(self._spelling.unknown(score, character))

        self.adaptive.move_to(text, network)

    def _probabilities(
        self, logits: Logits, adaptive: AdaptiveModel | None, alphabet: Alphabet
    ) -> NDArray:
        """Probabilities of the next character, (alphabet,)."""
        network = network_probabilities(logits)
        if adaptive is None:
            return network[0]
        probabilities: NDArray = np.exp(mixed_logits(network, [adaptive.mixture()], alphabet)[0])
        return probabilities

    def _is_hopeless(self) -> bool:
        """Without a single known character there is no context, nothing honest to propose."""
        text = self.states.text
        return bool(text) and not any(character in self.vocabulary for character in set(text))

    def _drawing(
        self, sampling: SamplingSettings, adaptive: AdaptiveModel | None, alphabet: Alphabet
    ) -> LineDrawing:
        if sampling.seed is not None:
            self._random = np.random.default_rng(sampling.seed)
        wanted = replace(
            sampling,
            count=math.ceil(sampling.count * _OVERSAMPLING),
            max_length=min(sampling.max_length, _natural_length(self.states.text)),
        )
        return LineDrawing(self.decoder, alphabet, adaptive, wanted, self._random)

    def _rank(
        self, request: Request, lines: list[DrawnLine], following: str
    ) -> tuple[Candidate, ...]:
        """Candidates being typed along first, then the drawn ones."""
        fits: list[float] = []
        if following:
            texts = [line.text for line in lines]
            state = self.states.state
            fits = follow_scores(self.decoder, self.vocabulary, state, texts, following)
        count = request.sampling.count
        chosen = {c.text: c for c in self._typed_along(request.prefix)}
        for candidate in choose(lines, count, fits, self.states.text):
            chosen.setdefault(candidate.text, candidate)
        return tuple(chosen.values())[:count]

    def _typed_along(self, prefix: str) -> list[Candidate]:
        """What is left of the candidates shown last, where the writer typed what they say."""
        before = self._shown.prefix
        if not prefix.startswith(before) or len(prefix) == len(before):
            return []
        typed = prefix[len(before) :]
        return [
            replace(candidate, text=candidate.text[len(typed) :])
            for candidate in self._shown.candidates
            if candidate.text.startswith(typed) and candidate.text[len(typed) :].strip()
        ]


def _natural_length(text: str) -> int:
    """The most characters that a line is drawn to, by the lines of the song."""
    lengths = [len(line) for line in text.split("\n")[:-1] if line.strip()]
    if len(lengths) < _ENOUGH_LINES:
        return 1_000_000
    return max(_MIN_LENGTH, round(max(lengths) * _LONGER_THAN_ANY))


def _next_characters(probabilities: NDArray, alphabet: Alphabet) -> tuple[NextCharacter, ...]:
    width = min(_NEXT_CHARACTERS, len(probabilities) - 2)
    likeliest = np.argpartition(-probabilities, width - 1)[:width]
    ordered = likeliest[np.argsort(-probabilities[likeliest])]
    return tuple(
        NextCharacter(alphabet.character(index), value)
        for index, value in zip(ordered.tolist(), probabilities[ordered].tolist(), strict=True)
    )
