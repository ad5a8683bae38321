"""The short version of the fuzz run, and that it sees what it looks for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from soak import fuzz
from soak.fuzz import soak
from soak.fuzz_targets import TARGETS

TESTS = Path(__file__).resolve().parents[1]


def test_two_thousand_broken_inputs_do_no_harm():
    outcome = soak(2000, seed=7)
    assert outcome.losses == ()
    assert outcome.runs >= 2000
    assert outcome.facts["targets"] == len(TARGETS)
    assert 0 <= outcome.facts["peak_mb"] < 1000


def test_the_shares_are_whole_and_every_input_is_made_again():
    assert sum(target.share for target in TARGETS.values()) == 100
    plan = fuzz._plan(200_000, ())
    assert sum(count for _, _, count in plan) == 200_000


def test_a_process_that_cannot_begin_is_a_loss():
    losses, found = [], []
    fuzz._read([("no such target", 0, 5)], 0, found, losses)
    assert len(losses) == 1 and "did not begin" in losses[0]


BAD = """
import os, struct, subprocess, sys, time, pathlib, signal
from lyricist.errors import LyricistError
from soak import fuzz_worker
from soak.fuzz_worker import Guard, read_all, _limit_memory, _stop

def hang(): time.sleep(60)
def fail(): raise ValueError("unexpected")
def refuse(): raise LyricistError("no", "yes")
def take_much(): bytearray(2 << 30)
def hide_much():
    try:
        bytearray(2 << 30)
    except MemoryError as error:
        raise LyricistError("no", "yes") from error
def write_outside(): open(sys.argv[3], "w")
def write_beside(): pathlib.Path("x").write_text("x")
def climb(): pathlib.Path(sys.argv[2], "..", "x").mkdir()
def link_out():
    os.symlink(os.path.dirname(sys.argv[3]), sys.argv[2] + "/link")
    open(sys.argv[2] + "/link/x", "w")
def start_a_program(): subprocess.run(["true"])
def write_inside(): open(os.path.join(sys.argv[2], "fine"), "w").write("x")

class Bad:
    share = 1
    expected = (LyricistError,)
    def made(self, drawn): return drawn.randbytes(4)
    def run(self, data): globals()[sys.argv[1]]()

fuzz_worker.MOST_SECONDS = 0.3
guard = Guard([pathlib.Path(sys.argv[2])])
_limit_memory()
signal.signal(signal.SIGALRM, _stop)
found = read_all(Bad(), "bad", 0, range(1), bytearray(16))
print(len(found["losses"]) + len(guard.broken), *found["losses"], *guard.broken)
"""


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("hang", "1 bad 0: TooSlow"),
        ("fail", "1 bad 0: ValueError: unexpected"),
        ("refuse", "0"),
        ("take_much", "1 bad 0: MemoryError"),
        ("hide_much", "1 bad 0: LyricistError"),
        ("write_outside", "1 open"),
        ("write_beside", "1 open"),
        ("climb", "1 os.mkdir"),
        ("link_out", "1 open"),
        ("start_a_program", "1 subprocess.Popen"),
        ("write_inside", "0"),
    ],
)
def test_the_watch_sees_it(tmp_path, deed, said):
    (tmp_path / "home").mkdir()
    (tmp_path / "elsewhere").mkdir()
    path = [str(TESTS), str(TESTS / "support"), *sys.path]
    arguments = [deed, str(tmp_path / "home"), str(tmp_path / "outside.txt")]
    code = f"import sys; sys.path[:0] = {json.dumps(path)}\n{BAD}"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path / "elsewhere",
    )
    assert done.stdout.startswith(said), done.stdout + done.stderr
