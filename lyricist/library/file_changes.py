"""What other programs do to a file meanwhile."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lyricist.library.atomic import write_bytes
from lyricist.library.documents import MAX_DOCUMENT_BYTES
from lyricist.text.sources import read_regular_file

Sight = tuple[int, ...]
"""What is seen of a file without reading it. The time of its last change cannot be set back."""


@dataclass(frozen=True)
class FileChange:
    """How a file differs from what is known of it.

    kind: `same`, `gone` or `changed`. content: the file's bytes if it is changed, None where they
    cannot be read as a song.
    """

    kind: Literal["same", "gone", "changed"]
    content: bytes | None = None


def sight_of(path: Path) -> Sight | None:
    """Return what is seen of the file at `path`, None if nothing is there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def change_of(path: Path, known: bytes | None) -> FileChange:
    """Return how the file at `path` differs from `known`, its whole content; None: it was not."""
    try:
        content = read_regular_file(path, MAX_DOCUMENT_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return FileChange("same" if known is None else "gone")
    except PermissionError:
        # Whether it can be written is found out by writing.
        return FileChange("same")
    except (OSError, ValueError):
        return FileChange("changed")
    return FileChange("same") if content == known else FileChange("changed", content)


def keep_beside(path: Path, content: bytes | None) -> Path:
    """Keep what another program wrote to `path` under a free name beside it, and return that.

    Args:
        path: The file.
        content: What it holds; None moves the file itself.

    Raises:
        OSError: If the disk refuses.
    """
    number = 1
    while os.path.lexists(beside := path.with_name(f"{path.stem}.other-{number}{path.suffix}")):
        number += 1
    if content is None:
        os.rename(path, beside)
    else:
        write_bytes(beside, content)
        os.chmod(beside, stat.S_IMODE(os.stat(path).st_mode))
    return beside
