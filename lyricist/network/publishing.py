"""Moving a finished folder into a library so that a whole one, old or new, is there at every
moment.

Working folders are hidden, `.publishing-PID-*` (being written) and `.retired-PID-*` (an older
model on its way out, which may come back). What a killed process leaves of them is put right by
`recover`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from lyricist.new_files import sync_folder
from lyricist.processes import is_running

_STAGING, _RETIRED = ".publishing-", ".retired-"
# Numbers that no process can have are not ours.
_WORKING = re.compile(f"(?:{re.escape(_STAGING)}|{re.escape(_RETIRED)})([0-9]{{1,9}})-.*")
# A process of that number may live on another machine that shares the folder.
_LEFT_BEHIND_SECONDS = 60.0
_AT_FDCWD, _EXCHANGE = -100, 2


def staging_folder(library: Path) -> Path:
    """Return a new hidden folder in `library`, for what is to be published there."""
    return Path(tempfile.mkdtemp(prefix=f"{_STAGING}{os.getpid()}-", dir=library))


def publish(staging: Path, folder: Path) -> None:
    """Move `staging` to `folder`, beside it; an older folder there is deleted afterwards.

    Raises:
        OSError: If the disk refuses; the older folder is there then.
    """
    for file in staging.iterdir():
        descriptor = os.open(file, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        file.chmod(0o600)
    sync_folder(staging)
    if not folder.exists():
        os.rename(staging, folder)
    elif not _exchanged(staging, folder):
        _replace(staging, folder)
    sync_folder(folder.parent)
    # After an exchange it is the older one that has this name.
    shutil.rmtree(staging, ignore_errors=True)


def recover(library: Path) -> None:
    """Put right what a killed process has left: an older model comes back where no newer one is,
    unfinished ones are deleted. A disk that refuses is left as it is."""
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(library)):
            if _is_left_behind(entry):
                with contextlib.suppress(OSError):
                    _put_right(Path(entry.path))


def _replace(staging: Path, folder: Path) -> None:
    """Move the older folder aside and the new one in, where the two cannot be exchanged."""
    prefix = f"{_RETIRED}{os.getpid()}-"
    retired = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    os.rename(folder, retired / folder.name)
    try:
        os.rename(staging, folder)
    except OSError:
        os.rename(retired / folder.name, folder)
        raise
    finally:
        if folder.exists():
            sync_folder(folder.parent)
            shutil.rmtree(retired, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system has no way to."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return bool(rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _EXCHANGE) == 0)


def _put_right(working: Path) -> None:
    if working.name.startswith(_RETIRED):
        for model in list(working.iterdir()):
            if not (working.parent / model.name).exists():
                os.rename(model, working.parent / model.name)
                sync_folder(working.parent)
    shutil.rmtree(working, ignore_errors=True)


def _is_left_behind(entry: os.DirEntry[str]) -> bool:
    working = _WORKING.fullmatch(entry.name)
    if working is None or is_running(int(working[1])):
        return False
    if entry.name.startswith(_RETIRED):
        return True
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > _LEFT_BEHIND_SECONDS
