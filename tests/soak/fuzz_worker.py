"""The process in which broken inputs are read: bounded in time and memory, watched as it writes.

`python -m soak.fuzz_worker HOME PROGRESS SEED [TARGET FIRST COUNT]...` prints a line of JSON for
each target.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import mmap
import os
import random
import resource
import signal
import struct
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .fuzz_target import Target

MOST_SECONDS = 5.0
MOST_BYTES = 1 << 30
_NO_ANSWER_SECONDS = 120
_WATCHED_INPUTS = 100
_MOST_LOSSES = 20
_SHOWN = 160
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN = (
    "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn",
    "socket.connect", "socket.bind", "socket.sendto", "pickle.find_class", "ctypes.dlopen",
)  # fmt: skip
# Which arguments are paths, and which one the folder that they are meant from, if any.
_PATHS = {
    "os.mkdir": ((0,), 2), "os.rename": ((0, 1), 2), "os.remove": ((0,), 1), "os.rmdir": ((0,), 1),
    "os.link": ((1,), 3), "os.symlink": ((1,), 2), "os.chmod": ((0,), 2), "os.chown": ((0,), 3),
    "os.truncate": ((0,), None), "os.utime": ((0,), 3),
}  # fmt: skip


class TooSlow(BaseException):
    """An input has taken longer than it may."""


class Guard:
    """Notes what is written outside of `roots`, and what no reader of a file may do at all."""

    def __init__(self, roots: list[Path]) -> None:
        self.broken: list[str] = []
        self._roots = [os.path.realpath(root) + os.sep for root in roots]
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            self.broken.append(f"{event} {arguments!r}"[:_SHOWN])
        elif event == "open":
            path, _, flags = arguments
            if flags & _WRITING and not isinstance(path, int):
                self._check(event, path, None)
        elif event in _PATHS:
            places, folder = _PATHS[event]
            start = arguments[folder] if folder is not None and folder < len(arguments) else None
            for place in places:
                if not isinstance(arguments[place], int):
                    self._check(event, arguments[place], start)

    def _check(self, event: str, path: Any, folder: int | None) -> None:
        name = os.fsdecode(path)
        if folder is not None and folder >= 0:
            name = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)
        parent, last = os.path.split(os.path.abspath(name))
        real = os.path.join(os.path.realpath(parent), last)
        if not any(real.startswith(root) or real + os.sep == root for root in self._roots):
            self.broken.append(f"{event} {real!r}"[:_SHOWN])


class Memory:
    """The highest resident memory since it was last asked."""

    def __init__(self) -> None:
        self._reset: int | None = None
        with contextlib.suppress(OSError):
            self._reset = os.open("/proc/self/clear_refs", os.O_WRONLY)

    def begin(self) -> int:
        """Forget the peak; returns bytes in use."""
        if self._reset is not None:
            os.write(self._reset, b"5")
        return self.peak()

    def peak(self) -> int:
        """Bytes at the peak."""
        with contextlib.suppress(OSError):
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) * 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _limit_memory() -> None:
    """An allocation that no promise allows becomes a `MemoryError`."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + MOST_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _stop(*_: Any) -> None:
    raise TooSlow(f"more than {MOST_SECONDS:.0f} s")


def _too_much(error: BaseException | None) -> bool:
    """Whether it is, or hides, an allocation beyond the limit."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def read_all(target: Target, name: str, seed: int, numbers: range, note: Any) -> dict[str, Any]:
    """Give a target its inputs; returns counts, losses and figures as plain fields."""
    losses: list[str] = []
    refused, slowest, slowest_number = 0, 0.0, 0
    for number in numbers:
        struct.pack_into("<q", note, 0, number)
        if number % _WATCHED_INPUTS == 0:
            # For what no signal interrupts.
            faulthandler.dump_traceback_later(_NO_ANSWER_SECONDS, exit=True)
        data = target.made(random.Random(f"{seed} {name} {number}"))
        began = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
        loss: BaseException | None = None
        try:
            target.run(data)
        except target.expected as error:
            refused += 1
            loss = error if _too_much(error) else None
        except (Exception, TooSlow) as error:
            loss = error
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        seconds = time.perf_counter() - began
        if seconds > slowest:
            slowest, slowest_number = seconds, number
        if loss is not None and len(losses) < _MOST_LOSSES:
            losses.append(f"{name} {number}: {type(loss).__name__}: {loss}"[:_SHOWN])
    return {
        "target": name,
        "inputs": len(numbers),
        "refused": refused,
        "losses": losses,
        "slowest_ms": round(slowest * 1000, 1),
        "slowest": slowest_number,
    }


def main() -> None:
    """Entry point of the child."""
    home, progress, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    plan = [sys.argv[n : n + 3] for n in range(4, len(sys.argv), 3)]
    roots = [home / name for name in ("config", "data", "state", "cache", "given", "temporary")]
    for root in roots:
        root.mkdir()
    # What is written to a relative path by mistake is outside of them all.
    (home / "elsewhere").mkdir()
    os.chdir(home / "elsewhere")
    os.environ["LYRICIST_HOME"] = str(home)
    os.environ["TMPDIR"] = tempfile.tempdir = str(home / "temporary")
    from .fuzz_targets import TARGETS

    memory = Memory()
    note = mmap.mmap(os.open(progress, os.O_RDWR), 16)
    targets = {name: TARGETS[name](home / "given") for name, _, _ in plan}
    for name, target in targets.items():
        with contextlib.suppress(Exception):
            target.run(target.made(random.Random(f"{seed} {name} warm")))
    guard = Guard(roots)
    _limit_memory()
    signal.signal(signal.SIGALRM, _stop)
    for place, (name, first, count) in enumerate(plan):
        struct.pack_into("<q", note, 8, place)
        began, used = time.perf_counter(), memory.begin()
        numbers = range(int(first), int(first) + int(count))
        found = read_all(targets[name], name, seed, numbers, note)
        found["peak_mb"] = round((memory.peak() - used) / 1e6, 1)
        found["seconds"] = round(time.perf_counter() - began, 1)
        found["losses"] += [f"{name}: {broken}" for broken in guard.broken]
        guard.broken.clear()
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
