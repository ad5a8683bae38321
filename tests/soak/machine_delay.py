"""How long a busy machine kept a program waiting: for a processor, and for the disk."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from pathlib import Path

_PAUSE = 0.05
# Only what was late counts, of the last moments before something is judged.
_SECONDS = 2.0
# A draft on its way may wait behind another one.
_WRITES = 2


class MachineDelay:
    """Watches the process `pid`, and writes and fsyncs a byte in `folder` again and again."""

    def __init__(self, pid: int, folder: Path) -> None:
        self._pid, self._file = pid, folder / "probe"
        self._writes: deque[float] = deque(maxlen=round(_SECONDS / _PAUSE))
        self._waits: deque[dict[str, float]] = deque(maxlen=round(_SECONDS / _PAUSE))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._probe, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """End it, and return by how many seconds the machine delayed the process of late."""
        self._ended.set()
        self._thread.join()
        first, last = (self._waits[0], self._waits[-1]) if self._waits else ({}, {})
        waited = max((last[thread] - first.get(thread, 0.0) for thread in last), default=0.0)
        return waited + _WRITES * max(self._writes, default=0.0)

    def _probe(self) -> None:
        while not self._ended.is_set():
            self._waits.append(_waits_of(self._pid))
            began = time.monotonic()
            with open(self._file, "wb") as file:
                file.write(b"x")
                os.fsync(file.fileno())
            self._writes.append(time.monotonic() - began)
            time.sleep(_PAUSE)


def _waits_of(pid: int) -> dict[str, float]:
    """Seconds that each thread of a process has been ready to run while others ran."""
    waits = {}
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            waits[file.parent.name] = int(file.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            continue
    return waits
