"""Writing a file over itself, where a new one cannot take its place.

Half of it could be new if the computer stops meanwhile. So both contents are kept in the state
folder before the first byte is written, and whoever comes next finishes what was begun.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from dataclasses import dataclass
from pathlib import Path

from lyricist.library.atomic import (
    NotReplaceableError,
    free_sibling,
    write_all,
    write_bytes,
)
from lyricist.library.paths import document_key, paths, private_folder
from lyricist.text.sources import read_regular_file

_MOST_BYTES = 500_000_000
_PAGE = 4096
_NO_NEW_FILES = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True)
class BegunWrite:
    """A write over `path` that has begun, from `old` to `new` bytes."""

    path: Path
    old: bytes
    new: bytes


def write_anyhow(path: Path, data: bytes) -> None:
    """Write like `write_bytes`, or over the file itself if a new one cannot take its place.

    Raises:
        OSError: If any step fails; the file has its old content.
        LyricistError: If there is no place for what is kept meanwhile.
    """
    try:
        write_bytes(path, data, strict=True)
    except NotReplaceableError:
        _write_in_place(Path(os.path.realpath(path)), data)
    except OSError as error:
        target = Path(os.path.realpath(path))
        # A folder may be closed while the file in it is open to the writer.
        if error.errno not in _NO_NEW_FILES or not target.is_file():
            raise
        _write_in_place(target, data)


def finish_write(path: Path) -> bool:
    """Finish a write over `path` that was broken off, if there is one; whether there was.

    Raises:
        OSError, ValueError: If the disk refuses; what is kept stays for another time.
    """
    return _finish_record(_record_of(path))


def finish_all_writes() -> None:
    """Finish every write that was broken off, as far as the disk lets it."""
    for record in sorted(paths().recovery.glob("*.write")):
        with contextlib.suppress(OSError, ValueError):
            _finish_record(record)


def _finish_record(record: Path) -> bool:
    try:
        begun = _read(record)
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError, RecursionError):
        os.rename(record, free_sibling(record, "corrupt"))
        return False
    now = read_regular_file(begun.path, _MOST_BYTES)
    torn = now not in (begun.old, begun.new) and _is_between(now, begun)
    if torn:
        _finish(begun)
    elif now not in (begun.old, begun.new):
        # Another program has been there since; what was in the file before may be wanted.
        os.rename(record, free_sibling(record, "kept"))
        return False
    os.unlink(record)
    return torn


def _write_in_place(target: Path, data: bytes) -> None:
    begun = BegunWrite(target, read_regular_file(target, _MOST_BYTES), data)
    record = _record_of(target)
    # Who may not write the file shall not find that out half way.
    descriptor = os.open(target, os.O_WRONLY)
    try:
        private_folder(record.parent)
        write_bytes(record, _written(begun))
        try:
            _overwrite(descriptor, data)
        except OSError:
            _overwrite(descriptor, begun.old)
            os.unlink(record)
            raise
    finally:
        os.close(descriptor)
    os.unlink(record)


def _finish(begun: BegunWrite) -> None:
    descriptor = os.open(begun.path, os.O_WRONLY)
    try:
        try:
            _overwrite(descriptor, begun.new)
        except OSError:
            _overwrite(descriptor, begun.old)
            raise
    finally:
        os.close(descriptor)


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _is_between(now: bytes, begun: BegunWrite) -> bool:
    """Whether `now` is part new and part old content.

    Each page begins as the new one and goes on as the old one; without power they may have come
    to the disk in any order, or not at all.
    """
    old, new = begun.old, begun.new
    if not min(len(old), len(new)) <= len(now) <= max(len(old), len(new)):
        return False
    for start in range(0, len(now), _PAGE):
        page, was, is_now = (data[start : start + _PAGE] for data in (now, old, new))
        pairs = enumerate(zip(page, is_now, strict=False))
        same = next((at for at, (one, two) in pairs if one != two), min(len(page), len(is_now)))
        if page[same:] != was[same : len(page)] and any(page):
            return False
    return True


def _record_of(path: Path) -> Path:
    return paths().recovery / f"{document_key(path)}.write"


def _written(begun: BegunWrite) -> bytes:
    header = {"path": os.fsencode(begun.path).hex(), "old": len(begun.old), "new": len(begun.new)}
    return json.dumps(header).encode("ascii") + b"\n" + begun.old + begun.new


def _read(record: Path) -> BegunWrite:
    """Read what `_written` wrote.

    Raises:
        OSError: If it cannot be read.
        ValueError, KeyError, TypeError, RecursionError: If it is something else.
    """
    header, _, contents = read_regular_file(record, 2 * _MOST_BYTES).partition(b"\n")
    fields = json.loads(header)
    path = Path(os.fsdecode(bytes.fromhex(fields["path"])))
    old, new = contents[: fields["old"]], contents[fields["old"] :]
    if len(new) != fields["new"]:
        raise ValueError("contents of another length")
    return BegunWrite(path, old, new)
