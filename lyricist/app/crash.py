"""What is left to do when the app fails of itself: note the traceback, find one line for it."""

from __future__ import annotations

import time
import traceback

from lyricist import __version__
from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import paths, private_folder
from lyricist.text.display import visible_lines


def crash_report(error: BaseException, draft_kept: bool) -> LyricistError:
    """Write the traceback to the log folder and return the error to end with.

    Args:
        error: What happened.
        draft_kept: Whether the song as it was is safe.
    """
    cause = f"the editor failed ({type(error).__name__}: {error})"
    song = "the song is kept as a draft" if draft_kept else "the last draft is kept"
    file = paths().log / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    trace = "".join(traceback.format_exception(error))
    try:
        private_folder(file.parent)
        write_bytes(file, f"lyricist {__version__}\n{visible_lines(trace)}".encode())
    except Exception:
        # Nothing may get in the way of saying what happened to the song.
        return LyricistError(cause, f"{song}, start it again")
    return LyricistError(cause, f"{song}, start it again (details: {file})")
