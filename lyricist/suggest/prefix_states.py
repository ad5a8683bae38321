"""The hidden state after every character of a text, kept so that an edit costs only its own steps.

Typing one character is one step; Backspace and a cursor move within what was read are none. No move
takes more than `MAX_STEPS` steps: after an edit far above the cursor the states below stay in use
although they have not read the edit, and where nothing is known yet the last `MAX_STEPS` characters
are read from a fresh state. `refine` then reads everything, in idle time.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from lyricist.network.decoder import Decoder, State, begin_state
from lyricist.network.sampler import log_prob_of
from lyricist.text.vocabulary import BOUNDARY_INDEX, Vocabulary, normalize

MAX_STEPS = 64
_MAX_TAIL = 2048
_SCORING_ROWS = 128


class PrefixStates:
    """Hidden states by position of the text before the cursor, and of what was read behind it.

    Args:
        decoder: The network.
        vocabulary: Its characters.
        start_with_boundary: Read the song boundary before the text.

    `steps` counts every network step ever taken, for tests and the model pane.
    """

    def __init__(
        self, decoder: Decoder, vocabulary: Vocabulary, start_with_boundary: bool = True
    ) -> None:
        self._decoder = decoder
        self._vocabulary = vocabulary
        self.steps = 0
        self._first = begin_state(decoder.config)
        if start_with_boundary:
            self._first = decoder.step(np.array([BOUNDARY_INDEX]), self._first)
        # states[p]: after p characters of the text, None where it was not computed.
        # log_probs[p]: of the index of character p, None where it was not computed.
        self._text = ""
        self._states: list[State | None] = [self._first]
        self._log_probs: list[float | None] = []
        self._cursor = 0
        # The states up to here have read all that stands before them.
        self._exact = 0

    def __len__(self) -> int:
        return self._cursor

    @property
    def text(self) -> str:
        """The text before the cursor, normalized."""
        return self._text[: self._cursor]

    @property
    def state(self) -> State:
        """State after the text before the cursor, (num_layers, parts, 1, hidden)."""
        state = self._states[self._cursor]
        assert state is not None
        return state

    @property
    def is_exact(self) -> bool:
        """Whether that state has read the whole text."""
        return self._exact >= self._cursor

    def move_to(self, prefix: str, is_stale: Callable[[], bool] = lambda: False) -> int | None:
        """Make the text before the cursor `prefix`.

        Args:
            prefix: The text before the cursor. Where its beginning has moved on, the states of the
                characters that stay are kept: they then remember a little more than it says.
            is_stale: Asked between steps; True abandons the move, keeping what was done.

        Returns:
            Steps taken, at most `MAX_STEPS`, or None if abandoned.
        """
        prefix = normalize(prefix)
        self._follow_window(prefix)
        shared = common_prefix(self._text, prefix)
        if shared < MAX_STEPS and self._states[0] is not self._first:
            # Another place of the song: what came before the old one did not come before this.
            self._forget()
            shared = 0
        if len(prefix) - self._last_known(shared) <= MAX_STEPS:
            self._insert(prefix[shared:], shared)
        else:
            self._jump(prefix, shared)
        begin = self._last_known(len(prefix))
        for position in range(begin, len(prefix)):
            self._cursor = position
            if is_stale():
                return None
            self._step_from(position)
        self._cursor = len(prefix)
        return len(prefix) - begin

    def refine(self, is_stale: Callable[[], bool]) -> bool:
        """Read exactly what was skipped, until `is_stale()`; True once there is nothing left."""
        while not self.is_exact:
            if is_stale():
                return False
            self._step_from(self._exact)
        return True

    def mean_log_prob(self) -> float | None:
        """Mean log-probability in nats of the known characters, None where there are none."""
        scored = zip(self.text, self.log_probs(), strict=True)
        known = [p for character, p in scored if p is not None and character in self._vocabulary]
        return math.fsum(known) / len(known) if known else None

    def log_probs(self) -> list[float | None]:
        """Return each character's log-probability in nats (of the unknown index, where it is
        that), None where the state before it was not computed."""
        self._score()
        return self._log_probs[: self._cursor]

    # --- relating a new text to the old one

    def _follow_window(self, prefix: str) -> None:
        """Drop what has left the text at its beginning."""
        head = prefix[:MAX_STEPS]
        if len(head) < MAX_STEPS or self._text.startswith(head):
            return
        moved = self._text.find(head, 0, self._cursor)
        # The states that stay are what there is to go on from; there has to be one.
        if moved > 0 and self._states[moved] is not None:
            self._text = self._text[moved:]
            del self._log_probs[:moved], self._states[:moved]
            self._cursor -= moved
            self._exact = max(self._exact - moved, 0)

    def _forget(self) -> None:
        self._text, self._log_probs, self._states = "", [], [self._first]
        self._cursor = self._exact = 0

    def _last_known(self, position: int) -> int:
        """The last position up to `position` whose state was computed."""
        while self._states[position] is None:
            position -= 1
        return position

    def _insert(self, added: str, at: int) -> None:
        """Insert characters; what follows keeps its states, for the cursor may go there again."""
        if not added:
            return
        rest = slice(at, at + _MAX_TAIL)
        self._text = self._text[:at] + added + self._text[rest]
        nothing: list[None] = [None] * len(added)
        self._states[at + 1 :] = [*nothing, *self._states[at + 1 : at + 1 + _MAX_TAIL]]
        self._log_probs[at:] = [*nothing, *self._log_probs[rest]]
        self._exact = min(self._exact, at)

    def _jump(self, prefix: str, shared: int) -> None:
        """Use the states of the same characters elsewhere, or read the last few afresh."""
        length = len(prefix)
        states: list[State | None] = [None] * (length + 1)
        log_probs: list[float | None] = [None] * length
        states[: shared + 1] = self._states[: shared + 1]
        log_probs[:shared] = self._log_probs[:shared]
        end = self._text.rfind(prefix[-MAX_STEPS:]) + MAX_STEPS
        if end >= MAX_STEPS and self._states[end] is not None:
            same = min(_common_suffix(self._text[:end], prefix), length - shared)
            states[length - same + 1 :] = self._states[end - same + 1 : end + 1]
            log_probs[length - same :] = self._log_probs[end - same : end]
        else:
            states[length - MAX_STEPS] = self._first
        self._text, self._states, self._log_probs = prefix, states, log_probs
        self._exact = min(self._exact, shared)

    # --- computing

    def _step_from(self, position: int) -> None:
        """Compute the state after one more character."""
        state = self._states[position]
        assert state is not None
        indices = np.array([self._index_at(position)])
        self._states[position + 1] = self._decoder.step(indices, state)
        self._log_probs[position] = None
        self.steps += 1
        if position == self._exact:
            self._exact += 1

    def _score(self) -> None:
        """Fill in log-probabilities where the state is known, many rows to a product."""
        missing = [
            position
            for position, log_prob in enumerate(self._log_probs[: self._cursor])
            if log_prob is None and self._states[position] is not None
        ]
        for start in range(0, len(missing), _SCORING_ROWS):
            positions = missing[start : start + _SCORING_ROWS]
            rows = [state for p in positions if (state := self._states[p]) is not None]
            logits = self._decoder.logits(np.concatenate(rows, axis=2))
            indices = np.array([self._index_at(position) for position in positions])
            scores = log_prob_of(logits, indices).tolist()
            for position, score in zip(positions, scores, strict=True):
                self._log_probs[position] = score

    def _index_at(self, position: int) -> int:
        """Index of one character of the text, which is normalized already."""
        return self._vocabulary.encode_normalized(self._text[position])[0]


def common_prefix(old: str, new: str) -> int:
    """Number of characters that two texts share at their start, found by halving."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(old: str, new: str) -> int:
    """Number of characters that two texts share at their end."""
    return common_prefix(old[::-1], new[::-1])
