"""Which candidate is shown behind the cursor, and when it must go: no widget, only rules.

A ghost belongs to one revision, the editor's count of text changes and cursor moves. Typing what
it says carries it to the next revision, shortened; anything else ends it at once. After a deletion
or an undo nothing comes back by itself, since no new candidates are asked for until text is typed.
Candidates that are not worth showing are held, hidden, for the pane and the keys that take them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lyricist.suggest.protocol import Candidate


class Ghost:
    """Candidates for the text at the cursor, one of them shown.

    Attributes:
        revision: What the candidates belong to.
        offers: What is left of each after what was typed along.
        index: The one that is shown.
        hidden: None is shown, until the writer turns to one.
        asked: The writer wants candidates here, whatever they are worth.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.offers: tuple[Candidate, ...] = ()
        self.index = 0
        self.hidden = False
        self.asked = False
        self._typed_along = False
        self._dismissed = False

    @property
    def candidates(self) -> tuple[str, ...]:
        """The texts of the offers."""
        return tuple(offer.text for offer in self.offers)

    @property
    def shown(self) -> Candidate | None:
        """The candidate shown, if there is one."""
        return self.offers[self.index] if self.offers and not self.hidden else None

    @property
    def text(self) -> str:
        """The text shown, empty when there is none."""
        return self.shown.text if self.shown else ""

    def clear(self, revision: int) -> None:
        """The text or the cursor changed otherwise: whatever was shown is stale."""
        self.revision = revision
        self._show_nothing()
        self._dismissed = False

    def typed(self, text: str, revision: int) -> None:
        """`text` was inserted at the cursor: keep what agrees with it, shortened."""
        kept = [n for n, c in enumerate(self.candidates) if c.startswith(text) and c != text]
        if not kept or not (self.hidden or self.index in kept):
            self.clear(revision)
            return
        self.index = 0 if self.hidden else kept.index(self.index)
        offers = [self.offers[n] for n in kept]
        self.offers = tuple(replace(offer, text=offer.text[len(text) :]) for offer in offers)
        self.revision = revision
        self._typed_along = not self.hidden
        self.asked = False

    def arrived(self, revision: int, offers: Sequence[Candidate], worth: bool = True) -> bool:
        """Take in an answer; whether it was still wanted.

        A candidate that is being typed along stays shown, so that it does not change under the
        writer's fingers. Any other is shown if it is `worth` it or was asked for.
        """
        if revision != self.revision or self._dismissed:
            return False
        shown = self.shown
        fresh = [offer for offer in offers if offer.text and "\n" not in offer.text]
        texts = [offer.text for offer in fresh]
        if self._typed_along and shown and shown.text not in texts:
            fresh = [shown, *fresh][: max(len(fresh), 1)]
            texts = [offer.text for offer in fresh]
        self.offers = tuple(fresh)
        self.index = texts.index(shown.text) if shown and shown.text in texts else 0
        self.hidden = not (worth or self.asked or self._typed_along)
        return True

    def cycle(self, by: int) -> None:
        """Show another candidate, going round; of hidden ones the first."""
        if self.hidden:
            self.hidden = False
        elif self.offers:
            self.index = (self.index + by) % len(self.offers)

    def choose(self, index: int) -> bool:
        """Show candidate `index`; False if there is no such one."""
        if not 0 <= index < len(self.offers):
            return False
        self.index = index
        self.hidden = False
        return True

    def judge(self, worth: bool) -> None:
        """Show what is there or hide it, unless it was asked for."""
        self.hidden = not (worth or self.asked)
        if self.hidden:
            self.index = 0
            self._typed_along = False

    def dismiss(self) -> None:
        """The writer does not want it: also not if the answer is still on its way."""
        self._show_nothing()
        self._dismissed = True

    def ask_again(self) -> None:
        """The writer wants candidates after all, or others."""
        self.asked = True
        self._typed_along = False
        self._dismissed = False

    def _show_nothing(self) -> None:
        self.offers = ()
        self.index = 0
        self.hidden = self.asked = False
        self._typed_along = False
