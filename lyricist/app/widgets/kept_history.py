"""The editor's undo and redo as what is kept on disk, and back."""

from __future__ import annotations

from itertools import islice

from textual.document._document import EditResult, Selection
from textual.document._edit import Edit

from lyricist.app.widgets.song_history import SongHistory
from lyricist.library.undo_journal import MAX_EDITS, Batch, KeptEdit, UndoHistory


def kept_history(history: SongHistory) -> UndoHistory:
    """Return what of a history is worth keeping, independent of what happens to it later."""
    return UndoHistory(_latest(history.undo_stack), _latest(history.redo_stack))


def put_back(history: SongHistory, kept: UndoHistory) -> None:
    """Let a history begin with what was kept, below what has been done since the song was shown.

    What could be redone can be no more once the song has been changed.
    """
    unchanged = not history.undo_stack and not history.redo_stack
    undo = [list(map(_edit, batch)) for batch in kept.undo]
    redo = [list(map(_edit, batch)) for batch in kept.redo] if unchanged else []
    history.begin_with(undo, redo)


def _latest(batches: list[list[Edit]]) -> tuple[Batch, ...]:
    """Return the last batches; those further back would be cut off anyway."""
    latest = islice(reversed(batches), MAX_EDITS)
    return tuple(tuple(map(_kept, batch)) for batch in latest)[::-1]


def _kept(edit: Edit) -> KeptEdit:
    result, selection = edit._edit_result, edit._original_selection
    assert result is not None
    return KeptEdit(
        edit.text,
        result.replaced_text,
        edit.top,
        _bottom(edit.top, result.replaced_text),
        result.end_location,
        None if selection is None else (selection.start, selection.end),
        edit.maintain_selection_offset,
    )


def _bottom(top: tuple[int, int], replaced: str) -> tuple[int, int]:
    """Where replaced text ended: deleting the last line asks for a row that is not there."""
    rows = replaced.count("\n")
    column = len(replaced) - (replaced.rfind("\n") + 1)
    return (top[0] + rows, column) if rows else (top[0], top[1] + column)


def _edit(kept: KeptEdit) -> Edit:
    edit = Edit(kept.text, kept.top, kept.bottom, kept.keeps_selection)
    edit._edit_result = EditResult(kept.end, kept.replaced)
    if kept.selection is not None:
        edit._original_selection = Selection(*kept.selection)
    return edit
