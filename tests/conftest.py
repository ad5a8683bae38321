"""Shared by all tests: a home of their own, and reference equations and support on the path."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

from lyricist.library.set_aside import take_notices

for folder in ("reference", "support"):
    sys.path.insert(0, str(Path(__file__).parent / folder))

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser):
    """Let the screenshots be renewed after a wanted change."""
    parser.addoption("--update-pictures", action="store_true", help="renew assets/screenshots")


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
