"""A typist whose text is known: what keys make of a text, worked out without the app."""

from __future__ import annotations

import random
from collections.abc import Iterator

_ENGLISH = ("the", "night", "is", "long", "and", "I", "walk", "home", "in", "rain", "all", "lights")
_CHINESE = list("我们在夜里走过长街灯光落在水面上像是谁的名字风停了还在等")
_LEFT, _RIGHT, _END = "\x1b[D", "\x1b[C", "\x1b[1;5F"
_UNDO, _REDO, _BACKSPACE = "\x1a", "\x19", "\x7f"
_LINE_BEGINNINGS = ("the night is ", "I walk home ", "all lights ", "in the rain ")


class Typist:
    """Presses keys and keeps the text that they ought to make.

    Attributes:
        text: What stands in the editor once all keys so far have landed; the cursor is at its end
            whenever `pressed` has yielded the last key of a stretch.
    """

    def __init__(self, chance: random.Random) -> None:
        self.text = ""
        self._cursor = 0
        self._chance = chance

    def pressed(self) -> Iterator[str]:
        """Yield keys without end."""
        while True:
            kind = self._chance.random()
            if kind < 0.06:
                yield from self._fix_something()
            elif kind < 0.08:
                # Undone and done again, whatever the editor takes to be one step. Nothing may come
                # between: what is typed then ends what could be done again.
                yield from self._apply(_END)
                yield _UNDO + _REDO
                yield from self._apply(_END)
            elif kind < 0.2:
                yield from self._apply("\r")
            elif kind < 0.6:
                for character in self._chance.choice(_ENGLISH) + " ":
                    yield from self._apply(character)
            else:
                for _ in range(self._chance.randrange(1, 6)):
                    yield from self._apply(self._chance.choice(_CHINESE))

    def begin_line(self) -> Iterator[str]:
        """Yield the keys that begin a line of English words at the end of the text."""
        yield from self._apply(_END)
        yield from self._apply("\r")
        for character in self._chance.choice(_LINE_BEGINNINGS):
            yield from self._apply(character)

    def take_over(self, text: str) -> None:
        """Go on with a text that came otherwise, the cursor at its end."""
        self.text, self._cursor = text, len(text)

    def _fix_something(self) -> Iterator[str]:
        steps = self._chance.randrange(1, 6)
        for _ in range(steps):
            yield from self._apply(_LEFT)
        yield from self._apply(_BACKSPACE)
        yield from self._apply(self._chance.choice(_CHINESE))
        for _ in range(steps):
            # At the end of a line this key takes a character of the ghost.
            if self.text[self._cursor : self._cursor + 1] not in ("", "\n"):
                yield from self._apply(_RIGHT)
        yield from self._apply(_END)

    def _apply(self, key: str) -> Iterator[str]:
        """Do with the text what `key` does, and yield it."""
        before, behind = self.text[: self._cursor], self.text[self._cursor :]
        if key == _LEFT:
            self._cursor = max(0, self._cursor - 1)
        elif key == _RIGHT:
            self._cursor = min(len(self.text), self._cursor + 1)
        elif key == _END:
            self._cursor = len(self.text)
        elif key == _BACKSPACE:
            self.text = before[:-1] + behind
            self._cursor = max(0, self._cursor - 1)
        else:
            typed = "\n" if key == "\r" else key
            self.text = before + typed + behind
            self._cursor += len(typed)
        yield key
