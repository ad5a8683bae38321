"""A model library of its own with folders above it, for what tries to get out of it."""

import pytest

from lyricist.library.paths import paths


@pytest.fixture
def around(tmp_path, monkeypatch):
    """Where an escape would end up: next to the archive, the library and the working folder."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    monkeypatch.setenv("LYRICIST_HOME", str(tmp_path / "home"))
    paths().models.mkdir(parents=True)
    return tmp_path
