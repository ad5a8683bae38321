"""What is written stays between the writer and the disk: no network, private files, quiet logs."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pseudo_terminal import PseudoTerminal
from terminal_command import installed_command

CANARY = "copper canary"
WATCHER = Path(__file__).parents[1] / "support" / "forbid_network.py"
QUICK = ("--hidden-size=8", "--embedding-size=4", "--epochs=1", "--seed=1", "--name=mine")
# Fails in the app with a message that quotes the song, as an error of ours might.
CRASHING = """
from lyricist.app.screens.write import WriteScreen
def action_help(self):
    song = self.editor.text
    raise ValueError(f"this song: {song}", song)
WriteScreen.action_help = action_help
from lyricist.cli import main
main()
"""


@pytest.fixture
def watched(tmp_path):
    """An environment in which every Python process is watched, and the folder with the notes."""
    folder = tmp_path / "watched"
    folder.mkdir()
    shutil.copy(WATCHER, folder / "sitecustomize.py")
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "WATCHED": str(folder)}


@pytest.fixture
def open_app(home):
    opened = []

    def open_app(script, **environment):
        shell = ("-c", f"umask 000; {script}")
        opened.append(PseudoTerminal(shell, home, command="/bin/sh", **environment))
        return opened[-1]

    yield open_app
    for one in opened:
        one.close()


def notes(watched, name):
    file = Path(watched["WATCHED"]) / name
    return file.read_text().splitlines() if file.exists() else []


def run(home, umask, environment, *arguments):
    command = [installed_command(), *map(str, arguments)]
    return subprocess.run(
        command,
        env={**os.environ, "LYRICIST_HOME": str(home), **environment},
        capture_output=True,
        umask=umask,
        text=True,
    )


def too_open(folder):
    """Files and folders below `folder` that others may look into."""
    return {
        str(path.relative_to(folder)): oct(mode)
        for path in folder.rglob("*")
        if (mode := stat.S_IMODE(path.lstat().st_mode)) & 0o077
    }


@pytest.mark.skipif(sys.platform == "win32", reason="modes and pseudo-terminals of POSIX")
def test_a_day_of_writing_and_training_stays_private(open_app, watched, home, tmp_path):
    song = tmp_path / "song.txt"
    app = open_app(f"exec {installed_command()} {song}", **watched)
    app.wait_for("ready", 60)
    app.type(CANARY)
    app.wait_for(CANARY)
    app.read(1.2)
    drafts = list((home / "state" / "drafts").iterdir())
    assert drafts and CANARY in drafts[0].read_text()
    assert too_open(home) == {}
    app.press("ctrl+s")
    app.wait_for("saved")
    assert stat.S_IMODE(song.stat().st_mode) == 0o600
    app.press("ctrl+q")
    assert app.finish(30) == 0

    corpus = tmp_path / "songs"
    corpus.mkdir()
    for n in range(4):
        (corpus / f"{n}.txt").write_text(f"{CANARY} {n}\nand the rain came down\n" * 8)
    told = run(home, 0o000, watched, "train", corpus, *QUICK)
    assert told.returncode == 0, told.stderr
    package = tmp_path / "mine.zip"
    for arguments in (["export", "mine", package], ["import", package, "--name", "again"]):
        assert run(home, 0o022, watched, "models", *arguments).returncode == 0
    assert run(home, 0o022, watched, "models", "rename", "again", "third").returncode == 0
    assert too_open(home) == {}
    assert stat.S_IMODE(package.stat().st_mode) == 0o600
    assert {"model.toml", "model.safetensors"} <= {p.name for p in home.rglob("third/*")}

    processes = "\n".join(notes(watched, "processes"))
    for name in ("lyricist.suggest.service", "train", "song.txt"):
        assert name in processes, "a process was not watched"
    assert notes(watched, "network") == []
    # Torch brings its own; nothing else does.
    assert [line for line in notes(watched, "imports") if "train" not in line] == []


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
def test_a_crash_tells_neither_log_nor_terminal_what_is_in_the_song(open_app, home):
    (home / "crash.py").write_text(CRASHING)
    app = open_app(f"exec {sys.executable} {home / 'crash.py'}")
    app.wait_for("Accept", 60)
    app.type(CANARY)
    app.wait_for(CANARY)
    app.read(0.3)
    before = len(app.raw)
    app.press("f1")
    assert app.finish(30) == 1
    said = app.raw[before:]
    end = said.rindex(b"\x1b[?1049l")
    assert b"ValueError" in said[end:] and b"kept as a draft" in said[end:]
    assert b"copper" not in said[end:] and b"Traceback" not in said
    (log,) = (home / "state" / "log").iterdir()
    assert "copper" not in log.read_text() and "in action_help" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_the_watcher_ends_what_turns_to_the_network(watched):
    environment = {**os.environ, **watched}
    for code in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.socket()",
    ):
        assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 97
    local = "import asyncio; asyncio.run(asyncio.sleep(0))"
    assert subprocess.run([sys.executable, "-c", local], env=environment).returncode == 0
    assert len(notes(watched, "network")) == 3
