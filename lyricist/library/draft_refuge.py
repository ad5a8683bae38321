"""Where drafts are kept while their own folder cannot take them: a full disk, a folder closed."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from lyricist.library.atomic import write_bytes
from lyricist.library.paths import paths


def draft_refuge() -> Path:
    """Return where drafts are kept while their own folder cannot take them."""
    owner = os.getuid() if hasattr(os, "getuid") else "drafts"
    home = hashlib.sha256(os.fsencode(paths().drafts)).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"lyricist-{owner}-{home}"


def is_private(folder: Path) -> bool:
    """Whether `folder` is the writer's own: anybody may make one in a place for all."""
    try:
        status = os.lstat(folder)
    except OSError:
        return False
    owned = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    closed = os.name == "nt" or not status.st_mode & 0o077
    return stat.S_ISDIR(status.st_mode) and owned and closed


def keep_in_refuge(refuge: Path, name: str, data: bytes) -> bool:
    """Write a file into `refuge`, which is made if it is not there.

    Returns:
        Whether it is kept: not in a folder of somebody else, nor where the disk refuses.
    """
    try:
        refuge.mkdir(mode=0o700, exist_ok=True)
        if not is_private(refuge):
            return False
        write_bytes(refuge / name, data)
    except OSError:
        return False
    return True
