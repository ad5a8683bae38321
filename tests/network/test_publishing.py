"""A model folder is whole, old or new, at every moment; what a kill leaves is put right."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lyricist.library.models import list_models
from lyricist.library.paths import paths
from lyricist.network import publishing
from lyricist.network.card import ModelCard, write_card

# Publishes a folder and is killed before the N-th call that changes the disk.
VICTIM = """
import os, shutil, signal, sys, tempfile
from pathlib import Path
from lyricist.network import publishing
from lyricist.network.card import ModelCard, write_card
library, calls_left, can_exchange = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "True"

def counted(original):
    def call(*arguments, **options):
        global calls_left
        calls_left -= 1
        if calls_left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **options)
    return call

for module, names in ((os, ("rename", "fsync", "rmdir", "unlink", "mkdir")),):
    for name in names:
        setattr(module, name, counted(getattr(module, name)))
exchanged = publishing._exchanged
publishing._exchanged = counted(exchanged) if can_exchange else lambda one, other: False
staging = publishing.staging_folder(library)
write_card(staging, ModelCard("m", {}, "new"))
(staging / "model.safetensors").write_bytes(b"new" * 1000)
publishing.publish(staging, library / "m")
"""


def put(folder, content):
    folder.mkdir(parents=True)
    write_card(folder, ModelCard("m", {}, content))
    (folder / "model.safetensors").write_bytes(content.encode() * 1000)


def killed_at(library, step, can_exchange):
    command = [sys.executable, "-c", VICTIM, str(library), str(step), str(can_exchange)]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True)


def content(folder):
    """What the model in `folder` is; fails on a mixture and on half a one."""
    text = (folder / "model.toml").read_text(encoding="utf-8")
    (which,) = [word for word in ("old", "new") if f'"{word}"' in text]
    assert (folder / "model.safetensors").read_bytes() == which.encode() * 1000
    return which


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_kill_at_any_step_leaves_the_old_or_the_new_model(can_exchange):
    library = paths().models
    found, steps = set(), 0
    for step in range(40):
        put(library / "m", "old")
        result = killed_at(library, step, can_exchange)
        assert result.returncode in (0, -signal.SIGKILL), result.stderr
        entries = list_models()
        assert [entry.name for entry in entries if not entry.shipped] == ["m"]
        found.add(content(library / "m"))
        for leftover in library.iterdir():
            os.utime(leftover, (0, 0))
        publishing.recover(library)
        assert [path.name for path in library.iterdir()] == ["m"]
        for file in (library / "m").iterdir():
            file.unlink()
        (library / "m").rmdir()
        steps += 1
        if result.returncode == 0:
            break
    assert found == {"old", "new"}
    assert steps > 5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a call of Linux")
def test_two_folders_change_names_in_one_step(tmp_path):
    put(tmp_path / "a", "old")
    put(tmp_path / "b", "new")
    if not publishing._exchanged(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system cannot")
    assert content(tmp_path / "a") == "new" and content(tmp_path / "b") == "old"


def test_what_another_process_is_writing_is_left_alone(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        working = tmp_path / f".publishing-{other.pid}-x"
        working.mkdir()
        os.utime(working, (0, 0))
        publishing.recover(tmp_path)
        assert working.exists()
    publishing.recover(tmp_path)
    assert not working.exists()


def test_a_young_folder_may_be_that_of_another_machine(tmp_path):
    working = tmp_path / ".publishing-999999999-x"
    working.mkdir()
    publishing.recover(tmp_path)
    assert working.exists()
    past = time.time() - 120
    os.utime(working, (past, past))
    publishing.recover(tmp_path)
    assert not working.exists()


def test_odd_names_and_a_missing_library_are_no_trouble(tmp_path):
    for name in (
        ".publishing-",
        ".publishing-x-y",
        ".publishing-²-y",
        ".retired--",
        ".retired-99999999999999999999-a",
    ):
        (tmp_path / name).mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    publishing.recover(tmp_path)
    publishing.recover(Path("/nowhere"))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
