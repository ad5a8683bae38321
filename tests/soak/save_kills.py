"""Kills a save at its system calls, one after the other; needs strace.

The file must hold the old or the new song each time, whole. The saves are in turn one of a plain
file and one of a file with two names, which is written in place and finished when it is opened.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from lyricist.library.documents import open_document, save_document

from .outcome import Outcome

_CALLS = (
    "openat,write,lseek,fsync,ftruncate,close,chmod,chown,rename,renameat2,"
    "unlink,setxattr,listxattr,mkdir,newfstatat"
)
_OLD, _NEW = "the old song\r\n" * 900, "a new song, longer\n" * 1100
_SAVE = """
import os, sys
from pathlib import Path
from lyricist.library.documents import save_document
text = Path(sys.argv[2]).read_text()
os.path.exists(sys.argv[1] + "-from here")
save_document(Path(sys.argv[1]), text)
"""
_MARK = "-from here"


def has_strace() -> bool:
    """Whether system calls can be traced here."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def soak(runs: int, seed: int) -> Outcome:
    """Kill `runs` saves, each kind of save at calls that are spread over all of it."""
    losses: list[str] = []
    states: Counter[str] = Counter()
    facts: dict[str, str | int | float] = {}
    for linked in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            saving = _Saving(Path(folder), linked)
            calls = saving.calls()
            facts["calls of an in-place save" if linked else "calls of a save"] = len(calls)
            for name, number in _spread(calls, (runs + (not linked)) // 2, seed):
                state, problem = saving.killed_at(name, number)
                states[state] += 1
                if problem:
                    losses.append(f"{'linked' if linked else 'plain'}, {name} {number}: {problem}")
    return Outcome(sum(states.values()), tuple(losses), {**facts, **states})


def _spread(calls: list[tuple[str, int]], wanted: int, seed: int) -> list[tuple[str, int]]:
    """Return every call where there is time for it, else some that are far apart."""
    if wanted >= len(calls):
        return calls
    begin = random.Random(seed).random()
    return [calls[int((at + begin) * len(calls) / wanted)] for at in range(wanted)]


class _Saving:
    def __init__(self, folder: Path, linked: bool) -> None:
        self.songs, self.home = folder / "songs", folder / "home"
        self.path, self.linked = self.songs / "song.txt", linked
        self.new = folder / "new"
        self.new.write_text(_NEW)

    def calls(self) -> list[tuple[str, int]]:
        """Return the system calls of the save alone, each by its name and its number so far."""
        self._prepare()
        log = self.new.with_name("calls")
        self._run("-o", str(log), "-e", f"trace={_CALLS}")
        assert self.path.read_text() == _NEW
        counts: Counter[str] = Counter()
        found: list[tuple[str, int]] = []
        begun = False
        for line in log.read_text().splitlines():
            match = re.match(r"(\w+)\(", line)
            if match:
                counts[match[1]] += 1
                if begun:
                    found.append((match[1], counts[match[1]]))
            begun = begun or _MARK in line
        last = max(at for at, (name, _) in enumerate(found) if name in ("fsync", "unlink"))
        return found[: last + 1]

    def killed_at(self, name: str, number: int) -> tuple[str, str]:
        """Return what a save that is killed there leaves, and what is wrong with it."""
        self._prepare()
        inject = f"inject={name}:signal=SIGKILL:when={number}"
        status = self._run("-o", os.devnull, "-e", f"trace={name}", "-e", inject)
        if status not in (-9, 137):
            return "not killed", f"it ended with {status}"
        if not self.path.exists():
            return "missing", "the file is missing"
        os.environ["LYRICIST_HOME"], before = str(self.home), os.environ.get("LYRICIST_HOME")
        try:
            return self._after_the_kill()
        finally:
            if before is None:
                del os.environ["LYRICIST_HOME"]
            else:
                os.environ["LYRICIST_HOME"] = before

    def _after_the_kill(self) -> tuple[str, str]:
        # What is written in place is whole once it has been opened again.
        text = open_document(self.path).original.decode()
        if text not in (_OLD, _NEW):
            return "torn", f"it holds {text[:40]!r} and so on"
        names = sorted(entry.name for entry in self.songs.iterdir())
        for name in names:
            os.utime(self.songs / name, (1, 1))
        save_document(self.path, "the next song")
        left = [name for name in os.listdir(self.songs) if not name.endswith(".txt")]
        if left or not len(names) - (1 + self.linked) <= 1:
            return "leftovers", f"{names}, and after the next save {left}"
        return "old" if text == _OLD else "new", ""

    def _prepare(self) -> None:
        for folder in (self.songs, self.home):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        self.path.write_bytes(_OLD.encode())
        if self.linked:
            os.link(self.path, self.songs / "other.txt")

    def _run(self, *options: str) -> int:
        command = ["strace", *options, sys.executable, "-c", _SAVE, str(self.path), str(self.new)]
        environment = {
            **os.environ,
            "LYRICIST_HOME": str(self.home),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(command, env=environment, capture_output=True).returncode
