"""What is written down of an error of our own: where it happened, and nothing of any song.

The message of an exception may quote the text that it happened with, and so may its notes and
local variables: of all these only the kind of the exception is kept.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from lyricist import __version__
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import paths, private_folder
from lyricist.text.display import visible

_KEPT = 20
_MOST_FRAMES = 60
_MOST_CAUSES = 10


def write_crash(error: BaseException) -> Path | None:
    """Write where `error` happened to the log folder, and return the file, None if that failed."""
    now = time.time_ns()
    stamp = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now // 10**9))}-{now % 10**9:09}"
    report = "\n".join([f"lyricist {__version__}", *_lines(error)])
    try:
        folder = private_folder(paths().log)
        file = folder / f"crash-{stamp}.txt"
        write_bytes(file, f"{report}\n".encode("utf-8", "replace"))
        _forget_oldest(folder)
    except Exception:
        # Nothing may get in the way of what is to be said after a crash.
        return None
    return file


def crash_cause(error: BaseException) -> str:
    """Return the kind of an error and the innermost place of ours, in a few words."""
    kind = type(error).__name__
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_ours(frame)]
    if not own:
        return kind
    return f"{kind} in {Path(own[-1].filename).name}, line {own[-1].lineno}"


def _lines(error: BaseException | None) -> Iterator[str]:
    """Where it happened, and before it what it came from, the latest first."""
    for _ in range(_MOST_CAUSES):
        if error is None:
            return
        kind = type(error)
        yield f"{kind.__module__}.{kind.__qualname__}"
        frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
        for frame in reversed(frames):
            yield f"  {visible(frame.filename)}, line {frame.lineno}, in {visible(frame.name)}"
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions[:_MOST_CAUSES]:
                yield from (f"  | {line}" for line in _lines(one))
        error = error.__cause__ or error.__context__


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(Path(__file__).parents[1])


def _forget_oldest(folder: Path) -> None:
    # Their names sort by time.
    for file in sorted(folder.glob("crash-*.txt"))[:-_KEPT]:
        with contextlib.suppress(OSError):
            file.unlink()
