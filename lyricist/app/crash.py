"""What is left to do when the app fails of itself: note where, find one line for it."""

from __future__ import annotations

from lyricist.errors import LyricistError
from lyricist.library.crash_log import crash_cause, write_crash


def crash_report(error: BaseException, draft_kept: bool) -> LyricistError:
    """Note in the log folder where it happened, and return the error to end with.

    Args:
        error: What happened.
        draft_kept: Whether the song as it was is safe.
    """
    cause = f"the editor failed ({crash_cause(error)})"
    song = "the song is kept as a draft" if draft_kept else "the last draft is kept"
    file = write_crash(error)
    details = "" if file is None else f" (details: {file})"
    return LyricistError(cause, f"{song}, start it again{details}")
