"""New files: open to their owner only, with names that are there when the power has failed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)


def open_private(path: str, flags: int) -> int:
    """Open a file, so that a new one is for its owner's eyes only: an `opener` for `open`.

    Raises:
        OSError: If the system refuses.
    """
    return os.open(path, flags, 0o600)


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
