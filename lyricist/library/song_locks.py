"""Which window a song is open in: a lock of the system's, and a note beside it that says whose.

The lock is free as soon as its process has ended, however that came about. The note says who may
write: another window takes a song over by writing its own there, and the first one, which still
has the lock, finds that out and lets go.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lyricist.library.paths import document_key, paths, private_folder
from lyricist.new_files import open_private
from lyricist.processes import is_running
from lyricist.text.sources import read_regular_file

if TYPE_CHECKING:
    from filelock import BaseFileLock

UNTITLED = "untitled"
_MOST_NOTE_BYTES = 10_000
_MOST_UNTITLED = 1000


@dataclass(frozen=True)
class Holder:
    """Who has a song open.

    pid: number of the process. started: when it was started, in the system's own units; empty if
    unknown. host: the computer. boot: which start of it. since: seconds since 1970. token: this
    very window.
    """

    pid: int
    started: str
    host: str
    boot: str
    since: float
    token: str

    @property
    def is_here(self) -> bool:
        """Whether it is a process on this computer that has not ended."""
        if self.host != socket.gethostname() or self.boot != _boot_id():
            return False
        # Numbers of processes are used again.
        return is_running(self.pid) and self.started == _start_of(self.pid)

    @property
    def is_gone(self) -> bool:
        """Whether it is known to have ended."""
        return self.host == socket.gethostname() and not self.is_here


UNKNOWN = Holder(0, "", "", "", 0.0, "")
"""A window that has the lock and has left no note, or a damaged one."""


class SongLock:
    """The right to write one song, for one window.

    Args:
        key: As of `document_key`, or `untitled` and the like.

    Attributes:
        is_lost: Another window has taken it over.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._token = secrets.token_hex(8)
        self._lock: BaseFileLock | None = None
        self._claimed = False
        self.is_lost = False

    def acquire(self) -> Holder | None:
        """Take the right to write; if another window has it, return which one.

        Raises:
            OSError, LyricistError: If the disk refuses.
        """
        if self.is_ours():
            return None
        free, holder = self._lock_is_free(), self._note()
        if not free:
            return UNKNOWN if holder is None or holder.is_gone else holder
        if holder is not None and holder.is_here and holder.token != self._token:
            # The window that took the song over has not got round to the lock yet.
            self._let_go()
            return holder
        self._claim()
        return None

    def take_over(self) -> None:
        """Take the right to write from the window that has it.

        Raises:
            OSError, LyricistError: If the disk refuses.
        """
        self._lock_is_free()
        self._claim()

    @property
    def is_claimed(self) -> bool:
        """Whether this window had the right when that was last looked at."""
        return self._claimed

    def is_ours(self) -> bool:
        """Whether this window still may write."""
        if not self._claimed:
            return False
        note = self._note()
        if note is None and self._has_lock:
            # Somebody took it over and is gone again.
            with contextlib.suppress(OSError):
                self._claim()
                return True
        if note is not None and note.token == self._token:
            # After a take-over the other window lets go a moment later.
            with contextlib.suppress(OSError):
                self._lock_is_free()
            return True
        self._let_go()
        self.is_lost = True
        return False

    def release(self) -> None:
        """Give the right back."""
        if self._claimed and (note := self._note()) and note.token == self._token:
            with contextlib.suppress(OSError):
                self._file("json").unlink()
        self._let_go()

    @property
    def _has_lock(self) -> bool:
        return self._lock is not None and self._lock.is_locked

    def _lock_is_free(self) -> bool:
        """Take the system's lock if it is free; whether it is this window's now."""
        if self._has_lock:
            return True
        from filelock import FileLock, Timeout

        private_folder(paths().locks)
        lock = FileLock(self._file("lock"), timeout=0, mode=0o600, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            return False
        self._lock = lock
        return True

    def _claim(self) -> None:
        pid, host = os.getpid(), socket.gethostname()
        mine = Holder(pid, _start_of(pid), host, _boot_id(), time.time(), self._token)
        # Whole at every moment; durable it need not be, for no lock outlives its process.
        fresh = self._file(self._token)
        with open(fresh, "w", encoding="ascii", opener=open_private) as file:
            json.dump(asdict(mine), file)
        os.replace(fresh, self._file("json"))
        self._claimed, self.is_lost = True, False

    def _let_go(self) -> None:
        self._claimed = False
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _note(self) -> Holder | None:
        try:
            fields = json.loads(read_regular_file(self._file("json"), _MOST_NOTE_BYTES))
            holder = Holder(**fields)
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        kinds = zip(asdict(holder).values(), (int, str, str, str, float, str), strict=True)
        return holder if all(isinstance(value, kind) for value, kind in kinds) else None

    def _file(self, suffix: str) -> Path:
        return paths().locks / f"{self.key}.{suffix}"


def lock_of(path: Path | str) -> SongLock:
    """Return the lock of the song at `path`, the same by whatever way it is reached."""
    return SongLock(document_key(path))


def untitled_lock() -> SongLock:
    """Return the first lock for a song without a file that no other window has.

    Raises:
        OSError, LyricistError: If the disk refuses.
    """
    for number in range(1, _MOST_UNTITLED):
        lock = SongLock(UNTITLED if number == 1 else f"{UNTITLED}-{number}")
        if lock.acquire() is None:
            return lock
    return SongLock(f"{UNTITLED}-{secrets.token_hex(4)}")


def _start_of(pid: int) -> str:
    """Return when a process was started; empty if that cannot be known, `ended` if it has ended."""
    try:
        # The name of the program comes before all this, in brackets, and may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        # It may be dead with nobody having taken note of it.
        return "ended" if fields[0] in ("Z", "X") else fields[19]
    except (OSError, ValueError, IndexError):
        return ""


def _boot_id() -> str:
    """Return what is another after each start of the computer; empty where nothing tells."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
