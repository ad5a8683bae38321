"""The app is stopped and continued from outside, and its terminal goes with the shell before it."""

import os
import signal
import time
from pathlib import Path

import pytest
from terminal_command import installed_command

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")


def wait_until(holds, terminal, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} s; screen:\n{terminal.text}"
        terminal.read(0.1)


def threads_of(process_id):
    return len(os.listdir(f"/proc/{process_id}/task"))


def children(process_id):
    return list(
        map(int, Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split())
    )


def test_stopped_and_continued_it_reads_each_key_once_and_leaves_no_thread(terminal, tmp_path):
    song = tmp_path / "song.txt"
    app = terminal(song)
    app.wait_for("Accept")
    app.type("one ")
    app.read(1.0)
    before = threads_of(app.child.pid)
    for _ in range(4):
        app.child.kill(signal.SIGSTOP)
        app.read(0.1)
        app.child.kill(signal.SIGCONT)
        app.read(0.5)
    # Keys of several bytes, which two readers would tear apart.
    app.child.send("夜雨\x1b[D".encode() * 20)
    app.press("ctrl+s")
    wanted = "one " + "夜" * 20 + "雨" * 20
    wait_until(lambda: song.exists() and song.read_text(encoding="utf-8") == wanted, app)
    # Some of its threads come and go; each time two would have stayed.
    assert threads_of(app.child.pid) < before + 4


def test_continued_while_it_ends_it_still_ends(terminal):
    app = terminal()
    app.wait_for("Accept")
    app.child.kill(signal.SIGTERM)
    for _ in range(40):
        if app.child.isalive():
            app.child.kill(signal.SIGCONT)
        app.read(0.02)
    assert app.finish() == 128 + signal.SIGTERM


def test_when_the_shell_and_its_terminal_go_the_app_ends_and_the_draft_is_kept(
    terminal, tmp_path, home
):
    song = tmp_path / "song.txt"
    shell = terminal("-c", f"'{installed_command()}' '{song}'; true", command="/bin/sh")
    shell.wait_for("Accept")
    shell.type("kept words")
    shell.read(0.2)
    (app,) = children(shell.child.pid)
    shell.child.kill(signal.SIGKILL)
    shell.child.close(force=True)
    end = time.monotonic() + 10
    while Path(f"/proc/{app}/stat").exists() and time.monotonic() < end:
        time.sleep(0.05)
    ended = not Path(f"/proc/{app}").exists()
    if not ended:
        os.kill(app, signal.SIGKILL)
    assert ended, "the app lives on without its terminal"
    again = terminal(song)
    again.wait_for("song.txt has a draft that was not saved")
    again.press("enter")
    again.wait_for("kept words")
