"""Damaged files of our own: moved out of the way under another name, never deleted, and told of."""

from __future__ import annotations

import errno
import os
from collections import deque
from pathlib import Path

from lyricist.library.atomic import free_sibling
from lyricist.text.display import visible
from lyricist.text.sources import read_regular_file

# Whoever has a screen takes these; without one, only the last few are worth keeping.
_MOST_NOTICES = 20
_notices: deque[str] = deque(maxlen=_MOST_NOTICES)


def read_own_file(file: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file of our own.

    Raises:
        OSError: If it is missing or cannot be read now.
        ValueError: If it is damaged: too large, or a folder, pipe or endless link stands there.
    """
    try:
        return read_regular_file(file, max_bytes)
    except OSError as error:
        if error.errno in (errno.EISDIR, errno.ELOOP):
            raise ValueError("it is no file") from error
        raise


def set_aside(file: Path, what: str) -> None:
    """Rename a damaged file to `NAME.corrupt-N` and note one line about it.

    Args:
        file: A file, or whatever stands in its place: a link, a folder, a pipe.
        what: What it held, for the line: `the notes of a song`.
    """
    aside = free_sibling(file, "corrupt")
    try:
        os.rename(file, aside)
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror or str(error)
        _notices.append(f"{what} could not be read, and {visible(str(file))} stays: {reason}")
    else:
        _notices.append(f"{what} could not be read; the file is kept as {visible(str(aside))}")


def take_notices() -> list[str]:
    """Return the lines that were noted since this was called last."""
    taken = []
    while _notices:
        taken.append(_notices.popleft())
    return taken
