"""Letting a model suggest from now on, and remembering that."""

from __future__ import annotations

from typing import Any, cast

from textual.app import App

from lyricist.app.training_run import TrainingHost
from lyricist.text.display import visible


def choose_model(app: App[Any], name: str) -> None:
    """Switch the suggestions to the model `name` and keep that in the settings."""
    host = cast(TrainingHost, app)
    host.use_model(name)
    host.settings.model = name
    app.notify(f"Suggestions now come from {visible(name)}.", markup=False)
    host.save_settings()
