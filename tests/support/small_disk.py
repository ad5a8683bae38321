"""A disk of its own for a test, which can be filled and mounted to read only."""

import os
import subprocess
from contextlib import contextmanager

import pytest


@contextmanager
def small_disk(folder):
    """Mount 64 kB of memory at `folder`, which is made; skip the test where nobody may."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk):
    """Leave no byte free."""
    with open(disk / "filler", "wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 4096)


def remount(disk, how):
    """Mount it anew, to read only (`ro`) or not (`rw`)."""
    subprocess.run(["mount", "-o", f"remount,{how}", os.fspath(disk)], check=True)
