"""Shared by all tests: a home of their own, and reference equations and support on the path."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from lyricist.library.set_aside import take_notices

for folder in ("reference", "support"):
    sys.path.insert(0, str(Path(__file__).parent / folder))

if "PYTEST_XDIST_WORKER" in os.environ:
    # Two tests run at a time; with more threads than cores each of them takes many times as long.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser):
    """Let the screenshots be renewed after a wanted change."""
    parser.addoption("--update-pictures", action="store_true", help="renew assets/screenshots")


# Programs in terminals and what is timed: of these one at a time, beside one test of another kind.
ONE_AT_A_TIME = ("benchmarks", "cli", "soak", "terminal", "test_readme.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The tests of a file stay together, for their fixtures, and those that run alone as well."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            room = nodeid.removeprefix("tests/").partition("::")[0]
            return "alone" if room.partition("/")[0] in ONE_AT_A_TIME else room

    return Scheduling(config, log)


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """No test may read or write the real user's settings, drafts and models."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LYRICIST_HOME", str(folder))
    yield folder
    # What was damaged in one test is no news in the next one.
    take_notices()
    if "torch" in sys.modules:
        # Commands called in this process flush denormals, which hypothesis cannot live with.
        sys.modules["torch"].set_flush_denormal(False)
