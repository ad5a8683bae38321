"""Freed memory stays with the process where the system has a way to ask for that."""

import ctypes
import platform
import subprocess
import sys

import pytest

from lyricist.training import memory


def test_another_system_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not memory.keep_freed_memory()


def test_a_c_library_without_the_call_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert not memory.keep_freed_memory()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the kernel's counters")
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's allocator")
def test_large_blocks_cost_no_new_pages_once_the_process_has_grown():
    # glibc itself keeps blocks up to 32 MB after a while; these are larger.
    code = """
import resource
from lyricist.training.memory import keep_freed_memory
assert keep_freed_memory()
import torch
def faults(repeats):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(repeats):
        torch.ones(12_000_000)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults(12)
assert faults(3) < 1000
"""
    subprocess.run([sys.executable, "-c", code], check=True)
