"""Chinese lines of exactly so many characters that end on a rhyme.

A character is a syllable, so that length and rhyme are masks over the next character. Many lines
are drawn side by side up to their last character; that one is chosen for all of them together, by
how likely the whole line then is, so that no line is bent to a rhyme that does not suit it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from lyricist.craft.line import sung_line
from lyricist.craft.mandarin.readings import readings_of
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyming import finals_that_rhyme
from lyricist.network.decoder import mask_specials
from lyricist.network.sampler import log_softmax
from lyricist.suggest.locked_lines import ROWS, LockedLine, Pen, Place, lengths, wanted_line
from lyricist.suggest.protocol import Lock
from lyricist.text.lines import is_han
from lyricist.text.vocabulary import Vocabulary

# What may stand between two characters of a line.
_SEPARATORS = " ，、"
# 儿 may belong to the syllable before it.
_NO_SYLLABLE = ("", "儿", "兒")
# Endings tried for each drawn line, and lines kept to see whether the line may end there.
_ENDINGS, _KEPT = 4, 96


@functools.lru_cache(maxsize=4)
def _by_final(vocabulary: Vocabulary) -> dict[str, NDArray[np.int64]]:
    """The indices of Chinese characters that are a syllable of their own, by their usual final."""
    found: dict[str, list[int]] = {}
    for index in range(len(vocabulary)):
        character = vocabulary.decode([index])
        readings = readings_of(character) if character not in _NO_SYLLABLE else ()
        if readings:
            found.setdefault(readings[0].final, []).append(index)
    return {final: np.array(indices, np.int64) for final, indices in found.items()}


def _marked(vocabulary: Vocabulary, finals: Iterable[str]) -> NDArray[np.bool_]:
    """Which indices are characters with one of some finals, (vocabulary,)."""
    marks = np.zeros(len(vocabulary), bool)
    for final in finals:
        marks[_by_final(vocabulary).get(final, [])] = True
    return marks


def _endings(vocabulary: Vocabulary, lock: Lock) -> NDArray[np.bool_]:
    """Which indices may end a line that rhymes, (vocabulary,)."""
    ending = wanted_line(lock).ending
    finals = finals_that_rhyme(ending, RhymeRules(lock.system, lock.loose))
    marks = _marked(vocabulary, finals)
    if ending and not lock.repeat and (own := vocabulary.index(ending[-1].text)) is not None:
        marks[own] = False
    return marks


def draw_mandarin(place: Place, lock: Lock, pen: Pen) -> list[LockedLine] | None:
    """Draw lines that go on from `place`; None as soon as they are not wanted any more.

    Lines are checked by nobody here: a character in another reading may not rhyme after all.
    """
    vocabulary = pen.vocabulary
    syllables = _marked(vocabulary, _by_final(vocabulary))
    endings = _endings(vocabulary, lock) if lock.rhyme else syllables
    left = lengths(place, lock, "zh", ROWS) - sung_line(place.line).syllables
    left = left[left > 0]
    if not len(left) or not endings.any():
        return []
    return _Drawing(place, pen, syllables, endings).draw(left)


class _Drawing:
    """The rows of one drawing."""

    def __init__(
        self, place: Place, pen: Pen, syllables: NDArray[np.bool_], endings: NDArray[np.bool_]
    ) -> None:
        self._place, self._pen = place, pen
        self._syllables, self._endings = syllables, endings
        self._newline = pen.vocabulary.newline_index
        self._separators = np.array(
            [i for c in _SEPARATORS if (i := pen.vocabulary.index(c)) is not None], np.int64
        )
        self._found: list[LockedLine] = []

    def draw(self, left: NDArray[np.int64]) -> list[LockedLine] | None:
        """Draw a line for each number of syllables that are left to it."""
        rows = len(left)
        place, pen = self._place, self._pen
        state = np.repeat(place.state, rows, axis=2)
        log_probs = log_softmax(np.repeat(place.logits, rows, axis=0))
        texts: list[list[int]] = [[] for _ in range(rows)]
        scores: list[list[float]] = [[] for _ in range(rows)]
        may_separate = np.full(rows, bool(place.line.strip()) and is_han(place.line[-1]))
        while rows:
            if pen.is_stale():
                return None
            last = left == 1
            if last.any():
                ending = np.flatnonzero(last)
                if not self._end(
                    state[:, :, ending],
                    log_probs[ending],
                    [texts[n] for n in ending],
                    [scores[n] for n in ending],
                ):
                    return None
                going = np.flatnonzero(~last)
                left, may_separate = left[going], may_separate[going]
                state, log_probs = state[:, :, going], log_probs[going]
                texts, scores = [texts[n] for n in going], [scores[n] for n in going]
                rows = len(left)
                if not rows:
                    break
            drawn = self._drawn(log_probs, may_separate)
            picked = log_probs[np.arange(rows), drawn]
            for row, (index, score) in enumerate(zip(drawn.tolist(), picked.tolist(), strict=True)):
                texts[row].append(index)
                scores[row].append(score)
            is_syllable = self._syllables[drawn]
            left = left - is_syllable
            may_separate = is_syllable & (left > 1)
            state, logits = pen.decoder.advance(drawn, state)
            log_probs = log_softmax(mask_specials(logits))
        return self._found

    def _drawn(
        self, log_probs: NDArray[np.float32], may_separate: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        masked = np.where(self._syllables, log_probs, np.float32(-np.inf))
        allowed = np.flatnonzero(may_separate)[:, None]
        masked[allowed, self._separators] = log_probs[allowed, self._separators]
        return self._pen.draw(masked)

    def _end(
        self,
        state: NDArray[np.float32],
        log_probs: NDArray[np.float32],
        texts: Sequence[list[int]],
        scores: Sequence[list[float]],
    ) -> bool:
        """Give rows their last character, the likeliest of all lines together; False if stale."""
        endings = np.flatnonzero(self._endings)
        width = min(_ENDINGS, len(endings))
        within = log_probs[:, endings]
        best = np.argpartition(-within, width - 1, axis=1)[:, :width]
        rows = np.repeat(np.arange(len(texts)), width)
        last = endings[best.reshape(-1)]
        own = within[rows, best.reshape(-1)]
        so_far = np.array([sum(score) for score in scores])[rows]
        number = np.array([len(text) for text in texts])[rows] + 1
        order = np.argsort(-(so_far + own) / number)[:_KEPT]
        rows, last, own = rows[order], last[order], own[order]
        if self._pen.is_stale():
            return False
        _, logits = self._pen.decoder.advance(last, state[:, :, rows])
        ends = log_softmax(mask_specials(logits))[:, self._newline]
        decode = self._pen.vocabulary.decode
        for row, index, score, end in zip(
            rows.tolist(), last.tolist(), own.tolist(), ends.tolist(), strict=True
        ):
            text = decode([*texts[row], index])
            self._found.append(LockedLine(text, (*scores[row], score, end)))
        return True
