"""Text before the cursor -> ranked one-line candidates, one batch from the cached state."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lyricist.network.decoder import Decoder, State, mask_specials
from lyricist.network.sampler import log_prob_of
from lyricist.suggest.adaptive import AdaptiveModel
from lyricist.suggest.alphabet import Alphabet
from lyricist.suggest.choosing import choose
from lyricist.suggest.copy_guard import CopyGuard
from lyricist.suggest.following import fit_scores, follow_scores, what_follows
from lyricist.suggest.line_drawing import DrawnLine
from lyricist.suggest.line_source import Drawn, LineSource, Standpoint
from lyricist.suggest.lines_ahead import LinesAhead
from lyricist.suggest.ngram_counts import Contexts
from lyricist.suggest.prefix_states import PrefixStates
from lyricist.suggest.protocol import (
    Answer,
    Candidate,
    Fit,
    FitRequest,
    Lock,
    NextCharacter,
    Request,
)
from lyricist.text.passages import Length
from lyricist.text.spelling import Spelling
from lyricist.text.vocabulary import Vocabulary, normalize

_NEXT_CHARACTERS = 10
_FITTED_TOGETHER = 64
_ALL_COPIES = "all lines ran as in the training text"


@dataclass(frozen=True)
class _Shown:
    """What was answered last, to keep a candidate that the writer is typing along."""

    prefix: str = ""
    candidates: tuple[Candidate, ...] = ()
    lock: Lock = field(default_factory=Lock)


class SuggestionEngine:
    """Answers requests for one model.

    Args:
        decoder: The network laid out for stepping.
        vocabulary: Its characters.
        start_with_boundary: Whether it was trained with song boundaries.
        novelty: Chance of a character that it does not know (see `text.spelling`).
        writer: The writer's other songs.
        guard: What knows copies of what the network was trained on; None where nothing does.
    """

    def __init__(
        self,
        decoder: Decoder,
        vocabulary: Vocabulary,
        start_with_boundary: bool = True,
        novelty: float = 1e-4,
        writer: Contexts | None = None,
        guard: CopyGuard | None = None,
    ) -> None:
        self.decoder = decoder
        self.vocabulary = vocabulary
        self.states = PrefixStates(decoder, vocabulary, start_with_boundary)
        self.adaptive = AdaptiveModel(writer)
        self.guard = guard
        self._spelling = Spelling(novelty)
        self._source = LineSource(decoder, vocabulary)
        self._shown = _Shown()
        self._ahead = LinesAhead()

    def know_songs(self, writer: Contexts | None) -> None:
        """Take other songs of the writer's from now on."""
        self.adaptive = AdaptiveModel(writer)
        self._ahead.forget()

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
        at = self._standpoint(self.states.text, suffix, self.states.state, adaptive)
        probabilities = self._source.probabilities(at)
        line_complete = self._source.is_complete(request, probabilities)
        candidates: tuple[Candidate, ...] = ()
        reason = ""
        if not self._is_hopeless() and (request.asked or not line_complete):
            drawn = self._ahead.take(request) or self._source.draw(request, at, is_stale)
            if drawn is None:
                return None
            candidates = self._rank(request, drawn.lines, suffix)
            if not candidates and drawn.lines and self._withholds(request):
                # All were copies: others may not be.
                drawn = self._source.draw(_drawn_again(request), at, is_stale)
                if drawn is None:
                    return None
                candidates = self._rank(request, drawn.lines, suffix)
            if not candidates:
                withheld = bool(drawn.lines) and self._withholds(request)
                reason = _ALL_COPIES if withheld else drawn.reason
        self._shown = _Shown(request.prefix, candidates, request.lock)
        next_characters = _next_characters(probabilities, at.alphabet)
        self._ahead.begin(request, next_characters)
        return Answer(
            revision=request.revision,
            candidates=candidates,
            next_characters=next_characters,
            perplexity=self.perplexity(),
            steps=steps,
            milliseconds=(time.perf_counter() - started) * 1000,
            line_complete=line_complete,
            reason=reason,
        )

    def fit(self, request: FitRequest, is_stale: Callable[[], bool] = lambda: False) -> Fit | None:
        """Return how well texts fit behind `request.prefix`, None as soon as it is stale."""
        self._ahead.forget()
        if self.states.move_to(request.prefix, is_stale) is None:
            return None
        scores: list[float] = []
        for start in range(0, len(request.texts), _FITTED_TOGETHER):
            if is_stale():
                return None
            texts = request.texts[start : start + _FITTED_TOGETHER]
            scores += fit_scores(self.decoder, self.vocabulary, self.states.state, texts)
        return Fit(request.revision, tuple(scores))

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

    def draw_ahead(self, is_stale: Callable[[], bool]) -> bool:
        """Draw lines for one of the characters that may be typed next; False if none is left.

        The answer is then the same as without, but at once.
        """
        request = self._ahead.next_request()
        if request is None or is_stale():
            return False
        character = request.prefix[-1]
        if not self.states.is_exact or character not in self.vocabulary:
            self._ahead.keep(Drawn([]))
            return True
        if not request.adapt:
            drawn = self._drawn_after(request, None, is_stale)
        else:
            logits = self.decoder.logits(self.states.state)
            score = log_prob_of(logits, self._indices(character))[0]
            self.adaptive.read(character, math.exp(self._spelling.known(float(score))))
            drawn = self._drawn_after(request, self.adaptive, is_stale)
            self.adaptive.unread()
        if drawn is None:
            return False
        self._ahead.keep(drawn)
        return True

    def _drawn_after(
        self, request: Request, adaptive: AdaptiveModel | None, is_stale: Callable[[], bool]
    ) -> Drawn | None:
        """Lines for a text that is one character longer than the one read; none where the line
        is complete, None if stale."""
        character, suffix = request.prefix[-1], normalize(request.suffix)
        state = self.decoder.step(self._indices(character), self.states.state)
        at = self._standpoint(self.states.text + character, suffix, state, adaptive)
        if self._source.is_complete(request, self._source.probabilities(at)):
            return Drawn([])
        return self._source.draw(request, at, is_stale)

    def _standpoint(
        self, text: str, suffix: str, state: State, adaptive: AdaptiveModel | None
    ) -> Standpoint:
        alphabet = Alphabet(self.vocabulary, text + suffix if adaptive is not None else "")
        logits = mask_specials(self.decoder.logits(state))
        return Standpoint(text, state, logits, adaptive, alphabet)

    def _indices(self, character: str) -> NDArray[np.int64]:
        return np.array(self.vocabulary.encode_normalized(character), np.int64)

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

    def _is_hopeless(self) -> bool:
        """Without a single known character there is no context, nothing honest to propose."""
        text = self.states.text
        return bool(text) and not any(character in self.vocabulary for character in set(text))

    def _rank(self, request: Request, lines: list[DrawnLine], suffix: str) -> tuple[Candidate, ...]:
        """Candidates being typed along first, then the drawn ones; without copies, or marked."""
        along = self._typed_along(request)
        if self._withholds(request):
            texts = {candidate.text for candidate in along} | {line.text.rstrip() for line in lines}
            copied = self._copied(request, suffix, texts)
            along = [candidate for candidate in along if candidate.text not in copied]
            lines = [line for line in lines if line.text.rstrip() not in copied]
        candidates = self._chosen(request, along, lines, what_follows(suffix))
        if self._withholds(request) or request.copies.mode == "allow":
            return candidates
        copied = self._copied(request, suffix, [candidate.text for candidate in candidates])
        return tuple(replace(c, copied=copied.get(c.text)) for c in candidates)

    def _withholds(self, request: Request) -> bool:
        return self.guard is not None and request.copies.mode == "withhold"

    def _copied(
        self, request: Request, suffix: str, texts: Collection[str]
    ) -> Mapping[str, Length]:
        if self.guard is None or not texts:
            return {}
        return self.guard.copied(self.states.text, suffix, tuple(texts), request.copies)

    def _chosen(
        self, request: Request, along: list[Candidate], lines: list[DrawnLine], following: str
    ) -> tuple[Candidate, ...]:
        fits: list[float] = []
        if following and lines:
            texts = [line.text for line in lines]
            state = self.states.state
            fits = follow_scores(self.decoder, self.vocabulary, state, texts, following)
        count = request.sampling.count
        chosen = {c.text: c for c in along}
        for candidate in choose(lines, count, fits, self.states.text):
            chosen.setdefault(candidate.text, candidate)
        return tuple(chosen.values())[:count]

    def _typed_along(self, request: Request) -> list[Candidate]:
        """What is left of the candidates shown last, where the writer typed what they say and
        wants no other length or rhyme."""
        prefix, before = request.prefix, self._shown.prefix
        if (
            request.lock != self._shown.lock
            or not prefix.startswith(before)
            or len(prefix) == len(before)
        ):
            return []
        typed = prefix[len(before) :]
        return [
            replace(candidate, text=candidate.text[len(typed) :])
            for candidate in self._shown.candidates
            if candidate.text.startswith(typed) and candidate.text[len(typed) :].strip()
        ]


def _drawn_again(request: Request) -> Request:
    """The same request with other chances."""
    seed = request.sampling.seed
    if seed is None:
        return request
    return replace(request, sampling=replace(request.sampling, seed=seed + 1))


def _next_characters(probabilities: NDArray, alphabet: Alphabet) -> tuple[NextCharacter, ...]:
    width = min(_NEXT_CHARACTERS, len(probabilities) - 2)
    likeliest = np.argpartition(-probabilities, width - 1)[:width]
    ordered = likeliest[np.argsort(-probabilities[likeliest])]
    return tuple(
        NextCharacter(alphabet.character(index), value)
        for index, value in zip(ordered.tolist(), probabilities[ordered].tolist(), strict=True)
    )
