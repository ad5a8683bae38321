"""How often ghost text was shown and taken, in a file: numbers only, no text of any song."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import paths, private_folder
from lyricist.library.set_aside import read_own_file, set_aside
from lyricist.text.display import visible

_FORMAT = 1
_MAX_BYTES = 65_536
_MAX_PAIRS = 64
_MAX_COUNT = 1e6


def load_feedback() -> tuple[tuple[float, float], ...]:
    """Return the (shown, taken) pairs that were saved; none if there is no file or it is damaged.

    A damaged file is set aside, and counting begins anew.
    """
    file = paths().feedback_file
    try:
        found = json.loads(read_own_file(file, _MAX_BYTES))
        if found["format"] != _FORMAT or len(found["bins"]) > _MAX_PAIRS:
            raise ValueError("counts of another format")
        return tuple(map(_pair, found["bins"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        set_aside(file, "what you took so far")
    except OSError:
        pass
    return ()


def save_feedback(counts: Sequence[tuple[float, float]]) -> None:
    """Replace what was saved.

    Raises:
        LyricistError: If the file cannot be written; the older one is still there then.
    """
    file = paths().feedback_file
    bins = [[round(shown, 3), round(taken, 3)] for shown, taken in counts[:_MAX_PAIRS]]
    data = json.dumps({"format": _FORMAT, "bins": bins}).encode("ascii") + b"\n"
    try:
        private_folder(file.parent)
        write_bytes(file, data)
    except OSError as error:
        raise LyricistError(
            f"what you took cannot be counted ({error.strerror or error})",
            f"check {visible(str(file))}",
        ) from error


def _pair(found: Any) -> tuple[float, float]:
    """Check one pair.

    Raises:
        ValueError, TypeError: If it is none.
    """
    shown, taken = found
    for number in (shown, taken):
        if type(number) not in (int, float):
            raise ValueError("not a number")
    # No number compares with any, infinity is beyond all counts.
    if not 0 <= taken <= shown <= _MAX_COUNT:
        raise ValueError("not a count")
    return float(shown), float(taken)
