"""Writing a file so that it is old or new at every moment, and durable once the call returns."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from pathlib import Path

from lyricist.new_files import sync_folder
from lyricist.processes import is_running

_NEW_FILE_MODE = 0o600
TEMPORARY_PREFIX = ".lyricist-"
_LEFTOVER = re.compile(re.escape(TEMPORARY_PREFIX) + r"(\d+)-[0-9a-f]+\.tmp")
# Another computer may be writing into the same folder, whose processes are not to be seen.
_LEFTOVER_SECONDS = 10
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class NotReplaceableError(OSError):
    """A file that can only be written in place, for a new one could not take over all it is."""


def write_bytes(path: Path, data: bytes, strict: bool = False, durable: bool = True) -> None:
    """Replace the content of `path` by `data`, or leave it as it was.

    A symbolic link stays a link and its target is replaced. Mode, extended attributes and, where
    permitted, owner and group of an old file are kept; a new one is readable by its owner only.

    Args:
        path: Where to.
        data: The whole content.
        strict: Rather than lose other names (hard links) or the owner of a file, leave it.
        durable: Survives the machine; otherwise maybe only the program.

    Raises:
        NotReplaceableError: If there is something to lose, and `strict`.
        OSError: If any step fails; no temporary file is left behind.
    """
    target = Path(os.path.realpath(path))
    old = _status(target)
    if strict and old is not None and old.st_nlink > 1:
        raise NotReplaceableError(errno.EMLINK, "it has more than one name")
    temporary = target.parent / f"{TEMPORARY_PREFIX}{os.getpid()}-{secrets.token_hex(4)}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, _NEW_FILE_MODE)
    try:
        try:
            write_all(descriptor, data)
            if old is not None:
                _take_over(target, old, temporary, strict)
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if durable:
        sync_folder(target.parent)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`, which the system may take in pieces.

    Raises:
        OSError: If the system refuses.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def remove_leftovers(folder: Path) -> None:
    """Delete temporary files of processes that were killed while they wrote into `folder`."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _LEFTOVER.fullmatch(entry.name)
            if match and not is_running(int(match[1])):
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat().st_mtime > _LEFTOVER_SECONDS:
                        os.unlink(entry.path)


def free_sibling(path: Path, word: str) -> Path:
    """Return `path` with `.word-N` appended, N being the first number that is free."""
    number = 1
    while os.path.lexists(candidate := path.with_name(f"{path.name}.{word}-{number}")):
        number += 1
    return candidate


def _status(target: Path) -> os.stat_result | None:
    try:
        return os.stat(target)
    except FileNotFoundError:
        return None


def _take_over(target: Path, old: os.stat_result, new: Path, strict: bool) -> None:
    """Give a new file what the old one is besides its bytes.

    Raises:
        NotReplaceableError: If the owner cannot be kept, and `strict`.
    """
    fresh = os.stat(new)
    if (fresh.st_uid, fresh.st_gid) != (old.st_uid, old.st_gid) and hasattr(os, "chown"):
        try:
            os.chown(new, old.st_uid, old.st_gid)
        except PermissionError as error:
            if strict:
                raise NotReplaceableError(errno.EPERM, "it belongs to somebody else") from error
    os.chmod(new, stat.S_IMODE(old.st_mode))
    if hasattr(os, "listxattr"):
        # Not every file system has attributes, and not every attribute is ours to set.
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                with contextlib.suppress(OSError):
                    os.setxattr(new, name, os.getxattr(target, name))
