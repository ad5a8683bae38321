"""A child process that fails of itself leaves a note of where, and nothing of any song."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pseudo_terminal import PseudoTerminal
from terminal_command import installed_command

from lyricist.suggest.protocol import Request, SamplingSettings, to_line

CANARY = "copper canary"
FAILING = Path(__file__).parents[1] / "support" / "failing_children.py"


@pytest.fixture
def failing(tmp_path, home):
    """Return an environment in which one of our child processes fails of itself."""

    def failing(what):
        folder = tmp_path / "failing"
        folder.mkdir()
        shutil.copy(FAILING, folder / "sitecustomize.py")
        path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
        return {**os.environ, "PYTHONPATH": path, "FAILS": what, "LYRICIST_HOME": str(home)}

    return failing


def logged(home):
    """Everything in the log folder."""
    return "\n".join(file.read_text() for file in (home / "state" / "log").iterdir())


def test_a_service_that_fails_says_nothing_of_the_song(failing, home):
    request = Request(1, f"the {CANARY}\nsings in ", SamplingSettings())
    command = [sys.executable, "-m", "lyricist.suggest.service", "en"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=failing("service")
    ) as service:
        service.stdin.write(to_line(request).encode())
        service.stdin.flush()
        # It answers until its input ends, which would be an end of another kind.
        assert service.wait(60) == 1
        said, complained = service.stdout.read(), service.stderr.read()
    assert b"ready" in said, "it failed before it was asked"
    assert b"copper" not in said and complained == b""
    log = logged(home)
    assert "builtins.ValueError" in log and "in answer" in log and "service.py" in log
    assert "copper" not in log


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
def test_the_app_with_a_failing_service_goes_on_and_writes_down_no_words(failing, home, tmp_path):
    song = tmp_path / "song.txt"
    app = PseudoTerminal((song,), home, **failing("service"))
    try:
        app.wait_for("ready", 60)
        app.type(CANARY)
        app.wait_for(lambda: (home / "state" / "log").exists() and "ValueError" in logged(home), 30)
        app.type(" sings")
        app.wait_for(f"{CANARY} sings")
        app.press("ctrl+s")
        app.wait_for("saved")
        app.press("ctrl+q")
        assert app.finish(30) == 0
    finally:
        app.close()
    assert song.read_text() == f"{CANARY} sings"
    assert "copper" not in logged(home)


def test_a_trainer_that_fails_says_nothing_of_the_songs(failing, home, tmp_path):
    corpus = tmp_path / "songs"
    corpus.mkdir()
    for n in range(4):
        (corpus / f"{n}.txt").write_text(f"{CANARY} {n}\nand the rain came down\n" * 8)
    options = ["--hidden-size=8", "--embedding-size=4", "--epochs=1", "--name=mine", "--json"]
    told = subprocess.run(
        [installed_command(), "train", corpus, *options],
        env=failing("trainer"),
        capture_output=True,
        text=True,
    )
    assert told.returncode == 1
    assert "mine" in told.stdout, "it failed before it began to learn"
    assert "RuntimeError" in told.stderr and len(told.stderr.splitlines()) == 1
    assert "copper" not in told.stdout + told.stderr
    log = logged(home)
    assert "builtins.RuntimeError" in log and "builtins.KeyError" in log and "in work" in log
    assert "copper" not in log
    for file in (home / "state").rglob("*"):
        if file.is_file():
            assert b"copper" not in file.read_bytes(), file
