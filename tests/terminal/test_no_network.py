"""The system itself sees no network: whatever a library in C would do, strace notes it.

With a training in the app: `python -m tests.soak quit_training --runs 1`.
"""

import subprocess
import sys

import pytest
from traced_network import families, has_strace, reaching_out, traced

pytestmark = pytest.mark.skipif(not has_strace(), reason="system calls cannot be traced here")


def test_the_app_and_its_service_ask_for_local_sockets_only(terminal, tmp_path):
    from terminal_command import installed_command

    log, song = tmp_path / "calls", tmp_path / "song.txt"
    song.write_text("the rain came down\nupon the town\n" * 4)
    tracer, *before = traced(log)
    app = terminal(*before, installed_command(), song, command=tracer)
    app.wait_for("ready", 60)
    app.type("the rain ")
    app.wait_for(lambda: app.candidates)
    app.press("ctrl+s")
    app.wait_for("saved")
    app.press("ctrl+q")
    assert app.finish(30) == 0
    # The event loop wakes itself through one.
    assert any("socketpair(AF_UNIX" in line for line in families(log)["AF_UNIX"])
    assert reaching_out(log) == []


def test_the_trace_sees_what_turns_to_the_network(tmp_path):
    log = tmp_path / "calls"
    code = "import socket; socket.socket(); socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)"
    command = [*traced(log), sys.executable, "-c", f"import os; os.fork(); {code}"]
    assert subprocess.run(command).returncode == 0
    assert set(families(log)) == {"AF_INET", "AF_INET6"} and len(reaching_out(log)) == 4
