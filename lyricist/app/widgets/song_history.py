"""Undo for a long day of writing: what was typed or deleted in one go is kept as one edit."""

from __future__ import annotations

from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.document._history import EditHistory


class SongHistory(EditHistory):
    """Textual's history without an object for every single key of a batch."""

    def record(self, edit: Edit) -> None:
        """Record an edit that has been done, joined to the one before it where they are one run."""
        super().record(edit)
        batch = self._undo_stack[-1] if self._undo_stack else []
        if len(batch) > 1 and (joined := _joined(*batch[-2:])) is not None:
            batch[-2:] = [joined]

    def begin_with(self, undo: list[list[Edit]], redo: list[list[Edit]]) -> None:
        """Put batches below those that can be undone and redone already; the next edit joins none.

        Args:
            undo: The latest last.
            redo: The latest undone last.
        """
        room = self.max_checkpoints - len(self._undo_stack)
        self._undo_stack.extendleft(reversed(undo[-room:] if room > 0 else []))
        self._redo_stack.extendleft(reversed(redo))
        self.checkpoint()


def _joined(first: Edit, second: Edit) -> Edit | None:
    """Return both as one edit: typing on, or deleting backwards; None if they are neither."""
    one, two = first._edit_result, second._edit_result
    assert one is not None and two is not None
    if not (one.replaced_text or two.replaced_text):
        if not one.end_location == second.top == second.bottom:
            return None
        joined = Edit(first.text + second.text, first.top, first.bottom, False)
        replaced = ""
    elif not (first.text or second.text):
        if second.bottom != first.top:
            return None
        joined = Edit("", second.top, first.bottom, False)
        replaced = two.replaced_text + one.replaced_text
    else:
        return None
    joined._edit_result = EditResult(two.end_location, replaced)
    joined._original_selection = first._original_selection
    joined._updated_selection = second._updated_selection
    return joined
