"""What the operating system says of the app and its children."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """app, service: resident megabytes. files, threads: of the app. children: alive. zombies."""

    app: float
    service: float
    files: int
    threads: int
    children: int
    zombies: int

    def losses_since(self, earlier: Sample, megabytes: float, more: int) -> list[str]:
        """Return what has grown more than it may."""
        losses = []
        if self.app - earlier.app > megabytes:
            losses.append(f"the app has grown by {self.app - earlier.app:.0f} MB")
        for name in ("files", "threads", "children"):
            then, now = getattr(earlier, name), getattr(self, name)
            if abs(now - then) > more:
                losses.append(f"the app had {then} {name} and has {now}")
        if self.zombies:
            losses.append(f"{self.zombies} children were not waited for")
        return losses


def sample(process_id: int) -> Sample:
    """Look at the app and its children now."""
    service = service_of(process_id)
    all_children = children(process_id)
    zombies = [child for child in all_children if _field(child, "State").startswith("Z")]
    return Sample(
        _megabytes(process_id),
        _megabytes(service) if service is not None else 0.0,
        len(list(Path(f"/proc/{process_id}/fd").iterdir())),
        int(_field(process_id, "Threads")),
        len(all_children) - len(zombies),
        len(zombies),
    )


def service_of(process_id: int) -> int | None:
    """Return the suggestion service among the children of the app."""
    return _child(process_id, b"lyricist.suggest.service")


def trainer_of(process_id: int) -> int | None:
    """Return the training process among the children of the app."""
    return _child(process_id, b"\0train\0")


def _child(process_id: int, words: bytes) -> int | None:
    for child in children(process_id):
        with suppress(OSError):
            if words in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
    return None


def children(process_id: int) -> list[int]:
    """Return the children of a process, whichever of its threads has started them."""
    found: list[int] = []
    for task in Path(f"/proc/{process_id}/task").iterdir():
        with suppress(OSError):
            found += map(int, (task / "children").read_text().split())
    return found


def _megabytes(process_id: int) -> float:
    return int(_field(process_id, "VmRSS").split()[0] or 0) * 1024 / 1e6


def _field(process_id: int, name: str) -> str:
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return line.partition(":")[2].strip()
    return "0"
