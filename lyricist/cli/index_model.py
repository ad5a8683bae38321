"""Giving a model that is there already the index of what it was trained on."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lyricist.errors import ModelError
from lyricist.library.models import find_model
from lyricist.library.paths import shipped_models
from lyricist.network.card import CARD_FILE, read_card, write_card
from lyricist.network.index_file import INDEX_FILE
from lyricist.network.training_index import TrainingIndex
from lyricist.new_files import sync_folder
from lyricist.text.corpus import read_corpus
from lyricist.text.display import visible


def index_model(model: str, corpus: Sequence[str], size: int | None) -> dict[str, Any]:
    """Write the index of `corpus` and return what the card now states of it.

    The weights are not touched.

    Args:
        model: A name or a folder.
        corpus: Files, folders and archives.
        size: In bytes, None for as many as a good index needs.

    Raises:
        ModelError: If there is no such model, it came with the package, or cannot be written.
        CorpusError: If a file cannot be read.
    """
    folder = find_model(model)
    if Path(model).name == model and folder.parent == shipped_models():
        raise ModelError(
            f"model `{visible(model)}` comes with lyricist and stays as it is",
            "give one of your own, or a folder",
        )
    card = read_card(folder)
    index = TrainingIndex.of((song.text for song in read_corpus(list(corpus)).songs), size)
    parts = ["lyricist", "models", "index", model, *corpus]
    command = shlex.join([*parts, *(["--bytes", str(size)] if size is not None else [])])
    try:
        with tempfile.TemporaryDirectory(prefix=".index-", dir=folder) as aside:
            staging = Path(aside)
            stated = {"command": command, **index.save(staging)}
            write_card(staging, replace(card, originality=stated))
            # Both or, after a crash between them, an index that the old card disowns.
            for name in (INDEX_FILE, CARD_FILE):
                (staging / name).chmod((folder / CARD_FILE).stat().st_mode & 0o777)
                (staging / name).replace(folder / name)
        sync_folder(folder)
    except OSError as error:
        raise ModelError(
            f"{visible(str(folder))} cannot be written ({error.strerror or error})",
            "check the space and permissions there",
        ) from error
    return stated
