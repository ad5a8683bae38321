"""Shared by all tests: a home of their own, and the reference equations on the import path."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "reference"))


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """No test may read or write the real user's settings, drafts and models."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LYRICIST_HOME", str(folder))
    return folder
