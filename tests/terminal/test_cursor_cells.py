"""A terminal's own cursor stands where we believe it to be, behind whatever a text holds."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from hostile import HOSTILE

from lyricist.text.display import visible
from lyricist.text.lines import cell_width

# tmux 3.3 has widths of its own for these: joined emoji, flags, and U+FE0F behind a digit or sign.
DRAWN_OTHERWISE = {"family", "flag", "indic"}
SHOWN = {name: visible(text[:40]) for name, text in HOSTILE.items()}

# Writes each text and asks the terminal where its cursor is then.
PROBE = """
import json, re, sys, termios, tty
texts, target = json.load(open(sys.argv[1])), sys.argv[2]
tty.setraw(0)
columns = {}
for name, text in texts.items():
    sys.stdout.buffer.write(b"\\r\\x1b[K" + text.encode() + b"\\x1b[6n")
    sys.stdout.flush()
    answer = ""
    while not answer.endswith("R"):
        answer += sys.stdin.read(1)
    columns[name] = int(re.search(r";(\\d+)R", answer)[1]) - 1
json.dump(columns, open(target, "w"))
"""


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux")
def test_what_is_shown_is_as_wide_as_we_believe(tmp_path):
    for name, text in (("probe.py", PROBE), ("texts.json", json.dumps(SHOWN))):
        (tmp_path / name).write_text(text)
    found = tmp_path / "found.json"
    command = f"{sys.executable} {tmp_path / 'probe.py'} {tmp_path / 'texts.json'} {found}"
    socket = tmp_path / "tmux"
    tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    subprocess.run([*tmux, "new-session", "-d", "-x200", "-y10", command], env=environment)
    end = time.monotonic() + 30
    while not (found.exists() and found.read_text().endswith("}")):
        assert time.monotonic() < end, "the terminal did not answer"
        time.sleep(0.1)
    columns = json.loads(found.read_text())
    assert len(columns) > 30
    wrong = {
        name: (column, cell_width(SHOWN[name]))
        for name, column in columns.items()
        if column != cell_width(SHOWN[name]) and name not in DRAWN_OTHERWISE
    }
    assert wrong == {}
