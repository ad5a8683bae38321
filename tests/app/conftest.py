"""Tests of the app that are not about the craft see the song alone, whenever it is loaded."""

import pytest

from lyricist.app.screens.song_craft import SongCraft


@pytest.fixture(autouse=True)
def without_pronunciations(request, monkeypatch):
    """Leave pronunciations unloaded, but for tests marked `craft`, where they are there at once."""
    monkeypatch.setattr(SongCraft, "LOAD_AFTER_SECONDS", 0.01)
    if request.node.get_closest_marker("craft") is None:
        monkeypatch.setattr(SongCraft, "_load_pronunciations", lambda self: None)
