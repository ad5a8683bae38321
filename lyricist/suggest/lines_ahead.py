"""Lines drawn before they are asked for, while the writer thinks: after the likeliest next keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lyricist.suggest.line_source import Drawn
from lyricist.suggest.protocol import NextCharacter, Request

# More would seldom be typed: six keep a core busy for less than a tenth of a second, and so do two
# under a lock.
_MOST_CHARACTERS, _MOST_LOCKED = 6, 2
_LEAST_PROBABILITY = 0.02


class LinesAhead:
    """What was drawn after one request, for the places one character further on."""

    def __init__(self) -> None:
        self._request: Request | None = None
        self._to_do: list[str] = []
        self._drawn: dict[str, Drawn] = {}

    def begin(self, request: Request, likely: Sequence[NextCharacter]) -> None:
        """Forget what was drawn; from now on the writer stands at `request`.

        Args:
            request: What was answered last.
            likely: What may be typed next, the likeliest first.
        """
        worth_it = [n.character for n in likely if n.probability >= _LEAST_PROBABILITY]
        self._to_do = worth_it[: _MOST_LOCKED if request.lock else _MOST_CHARACTERS][::-1]
        self._request, self._drawn = request, {}

    def forget(self) -> None:
        """Forget what was drawn: it would be drawn otherwise now."""
        self._request, self._to_do, self._drawn = None, [], {}

    def next_request(self) -> Request | None:
        """Return what may be asked next and was not drawn for yet; None once all is done."""
        if self._request is None or not self._to_do:
            return None
        return replace(self._request, prefix=self._request.prefix + self._to_do[-1])

    def keep(self, drawn: Drawn) -> None:
        """Take in the lines for `next_request`, none where nothing is to be proposed there."""
        character = self._to_do.pop()
        if drawn.lines or drawn.reason:
            self._drawn[character] = drawn

    def take(self, request: Request) -> Drawn | None:
        """Return the lines for `request`, None if they were not drawn."""
        before = self._request
        if before is None or not request.prefix.startswith(before.prefix):
            return None
        drawn = self._drawn.get(request.prefix[len(before.prefix) :])
        same = replace(before, prefix=request.prefix, revision=request.revision)
        return drawn if replace(same, asked=request.asked) == request else None
