"""The hidden state after every character of a text, kept so that an edit costs only its own steps.

Typing one character is one step; Backspace and a cursor move back are none; a change in the middle
costs the characters after it. What old and new text share at their start is never read twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lyricist.network.decoder import Decoder
from lyricist.text.vocabulary import BOUNDARY_INDEX

_SCORING_ROWS = 128


class PrefixStates:
    """Hidden states by position for one text.

    Args:
        decoder: The network.
        start_with_boundary: Read the song boundary before the text.

    `steps` counts every network step ever taken, for tests and the model pane.
    """

    def __init__(self, decoder: Decoder, start_with_boundary: bool = True) -> None:
        self._decoder = decoder
        first = decoder.begin_state(1)
        self.steps = 0
        if start_with_boundary:
            first = decoder.step(torch.tensor([BOUNDARY_INDEX], device=decoder.device), first)
        self._indices: list[int] = []
        self._log_probs: list[float] = []
        # (positions, num_layers, parts, hidden): row p is the state after p characters.
        self._states = torch.empty(
            (256, first.shape[0], first.shape[1], first.shape[3]), device=decoder.device
        )
        self._first = first[:, :, 0]
        self._states[0] = self._first
        self._offset = 0

    def __len__(self) -> int:
        return len(self._indices)

    @property
    def state(self) -> Tensor:
        """State after the whole text, (num_layers, parts, 1, hidden)."""
        return self._states[len(self._indices)].unsqueeze(2)

    def move_to(
        self,
        indices: Sequence[int],
        offset: int = 0,
        is_stale: Callable[[], bool] = lambda: False,
    ) -> int | None:
        """Make the cached text equal to `indices`.

        Args:
            indices: The text before the cursor.
            offset: Its position in the document. Where it grows, the states of the characters
                that stay are kept: they then remember a little more than the text given.
            is_stale: Asked between steps; True abandons the move, keeping what was done.

        Returns:
            Steps taken, or None if abandoned.
        """
        self._shift(offset, indices)
        shared = _common_prefix(self._indices, indices)
        del self._indices[shared:], self._log_probs[shared:]
        first_new = shared
        for index in indices[shared:]:
            if is_stale():
                self._score(first_new)
                return None
            self._append(index)
        self._score(first_new)
        return len(indices) - shared

    def mean_log_prob(self) -> float | None:
        """Mean log-probability in nats of the known characters, None where there are none."""
        known = [lp for i, lp in zip(self._indices, self._log_probs, strict=True) if i]
        return sum(known) / len(known) if known else None

    def _append(self, index: int) -> None:
        position = len(self._indices)
        if position + 1 == self._states.shape[0]:
            self._states = torch.cat((self._states, torch.empty_like(self._states)))
        state = self._states[position].unsqueeze(2)
        new = self._decoder.step(torch.tensor([index], device=self._decoder.device), state)
        self._states[position + 1] = new[:, :, 0]
        self._indices.append(index)
        self.steps += 1

    def _score(self, first: int) -> None:
        """Fill in log-probabilities from position `first` on, many rows to a product."""
        for start in range(first, len(self._indices), _SCORING_ROWS):
            stop = min(start + _SCORING_ROWS, len(self._indices))
            states = self._states[start:stop].permute(1, 2, 0, 3)
            wanted = torch.tensor(self._indices[start:stop], device=self._decoder.device)
            log_probs = self._decoder.logits(states).log_softmax(dim=-1)
            self._log_probs.extend(log_probs.gather(1, wanted[:, None]).squeeze(1).tolist())

    def _shift(self, offset: int, indices: Sequence[int]) -> None:
        """Follow a window that starts at another place of the document."""
        moved = offset - self._offset
        self._offset = offset
        if moved == 0:
            return
        stays = self._indices[moved:] if 0 < moved < len(self._indices) else []
        # Another document may stand at that offset: most of what stays must really be equal.
        if stays and _common_prefix(stays, indices) >= len(stays) // 2:
            kept = len(stays) + 1
            self._states[:kept] = self._states[moved : moved + kept].clone()
            self._indices = stays
            self._log_probs = self._log_probs[moved:]
        else:
            self._forget()

    def _forget(self) -> None:
        self._indices, self._log_probs = [], []
        self._states[0] = self._first


def _common_prefix(old: Sequence[int], new: Sequence[int]) -> int:
    """Length of what two sequences share at their start."""
    shared = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        shared += 1
    return shared
