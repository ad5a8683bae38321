"""A save that is killed leaves the old or the new song, at some of its system calls.

All of them: `python -m tests.soak save_kills --runs 200`.
"""

import subprocess
import sys

import pytest

from lyricist.library.documents import save_document
from soak.save_kills import has_strace, soak


@pytest.mark.skipif(not has_strace(), reason="system calls cannot be traced here")
def test_a_killed_save_leaves_the_old_or_the_new_song():
    outcome = soak(10, 1)
    assert outcome.losses == ()
    assert outcome.runs == 10


ORDER = """
import sys
from pathlib import Path
from lyricist.library.documents import save_document
save_document(Path(sys.argv[1]), "new")
print("saved", flush=True)
"""


@pytest.mark.skipif(not has_strace(), reason="system calls cannot be traced here")
def test_what_is_said_to_be_saved_is_durable(tmp_path):
    path = tmp_path / "song.txt"
    save_document(path, "old")
    log = tmp_path / "log"
    calls = "trace=write,fsync,rename,renameat,renameat2"
    command = ["strace", "-y", "-o", str(log), "-e", calls, sys.executable, "-c", ORDER, str(path)]
    subprocess.run(command, check=True, capture_output=True)
    lines = [
        line for line in log.read_text().splitlines() if str(tmp_path) in line or "sav" in line
    ]
    assert [line.partition("(")[0].rstrip("at2") for line in lines] == [
        "write",
        "fsync",
        "rename",
        "fsync",
        "write",
    ]
    assert ".tmp" in lines[0] and ".tmp" in lines[1] and f"<{tmp_path}>" in lines[3]
