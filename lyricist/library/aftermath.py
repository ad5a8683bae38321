"""What processes that were killed left behind, put right at the next start."""

from __future__ import annotations

from lyricist.library.atomic import remove_leftovers
from lyricist.library.in_place import finish_all_writes
from lyricist.library.paths import paths


def tidy_up() -> None:
    """Finish writes that were broken off and delete temporary files that nobody writes any more."""
    finish_all_writes()
    own = paths()
    for folder in (own.config, own.data, own.state, own.notes, own.drafts, own.recovery, own.undo):
        remove_leftovers(folder)
    for folder in own.versions.glob("*"):
        remove_leftovers(folder)
