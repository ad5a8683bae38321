"""Which candidate is shown behind the cursor, and when it must go: no widget, only rules.

A ghost belongs to one revision, the editor's count of text changes and cursor moves. Typing what
it says carries it to the next revision, shortened; anything else ends it at once. After a deletion
or an undo nothing comes back by itself, since no new candidates are asked for until text is typed.
"""

from __future__ import annotations

from collections.abc import Sequence


class Ghost:
    """Candidates for the text at the cursor, one of them shown.

    Attributes:
        revision: What the candidates belong to.
        candidates: What is left of each after what was typed along.
        index: The one that is shown.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.candidates: tuple[str, ...] = ()
        self.index = 0
        self._typed_along = False
        self._dismissed = False

    @property
    def text(self) -> str:
        """The text shown, empty when there is none."""
        return self.candidates[self.index] if self.candidates else ""

    def clear(self, revision: int) -> None:
        """The text or the cursor changed otherwise: whatever was shown is stale."""
        self.revision = revision
        self._show_nothing()
        self._dismissed = False

    def typed(self, text: str, revision: int) -> None:
        """`text` was inserted at the cursor: keep what agrees with it, shortened."""
        shown = self.text
        if not shown.startswith(text) or shown == text:
            self.clear(revision)
            return
        kept = [c for c in self.candidates if c.startswith(text) and c != text]
        self.index = kept.index(shown)
        self.candidates = tuple(c[len(text) :] for c in kept)
        self.revision = revision
        self._typed_along = True

    def arrived(self, revision: int, candidates: Sequence[str]) -> bool:
        """Take in an answer; whether it was still wanted.

        A candidate that is being typed along stays shown, so that it does not change under the
        writer's fingers.
        """
        if revision != self.revision or self._dismissed:
            return False
        shown = self.text
        fresh = [c for c in candidates if c and "\n" not in c]
        if self._typed_along and shown not in fresh:
            fresh = [shown, *fresh][: max(len(fresh), 1)]
        self.candidates = tuple(fresh)
        self.index = fresh.index(shown) if shown in fresh else 0
        return True

    def cycle(self, by: int) -> None:
        """Show another candidate, going round."""
        if self.candidates:
            self.index = (self.index + by) % len(self.candidates)

    def choose(self, index: int) -> bool:
        """Show candidate `index`; False if there is no such one."""
        if not 0 <= index < len(self.candidates):
            return False
        self.index = index
        return True

    def dismiss(self) -> None:
        """The writer does not want it: also not if the answer is still on its way."""
        self._show_nothing()
        self._dismissed = True

    def ask_again(self) -> None:
        """The writer wants candidates after all, or others."""
        self._typed_along = False
        self._dismissed = False

    def _show_nothing(self) -> None:
        self.candidates = ()
        self.index = 0
        self._typed_along = False
