"""Writing a file so that it is old or new at every moment, and durable once the call returns."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

_NEW_FILE_MODE = 0o600
TEMPORARY_PREFIX = ".lyricist-"
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the content of `path` by `data`, or leave it as it was.

    A symbolic link stays a link and its target is replaced. The mode of an old file is kept, a new
    one is readable by its owner only.

    Raises:
        OSError: If any step fails; no temporary file is left behind.
    """
    target = Path(os.path.realpath(path))
    try:
        mode = stat.S_IMODE(os.stat(target).st_mode)
    except FileNotFoundError:
        mode = _NEW_FILE_MODE
    descriptor, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, suffix=".tmp", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.chmod(name, mode)
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the platform can.

    Raises:
        OSError: If the disk reports a failure.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def free_sibling(path: Path, word: str) -> Path:
    """Return `path` with `.word-N` appended, N being the first number that is free."""
    number = 1
    while os.path.lexists(candidate := path.with_name(f"{path.name}.{word}-{number}")):
        number += 1
    return candidate
