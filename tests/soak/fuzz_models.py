"""Targets of the fuzz run that are models: weights, cards, folders, archives, names, runs."""

from __future__ import annotations

import io
import json
import random
import shutil
import struct
import warnings
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from small_model import CHARACTERS, make_small_model, safetensors, small_architecture, weights_bytes

from lyricist.errors import LyricistError
from lyricist.library.models import (
    export_model,
    find_model,
    import_model,
    rename_model,
    safe_name,
)
from lyricist.library.paths import paths
from lyricist.network.card import CARD_FILE, WEIGHTS_FILE, read_card, write_card
from lyricist.network.config import ModelConfig
from lyricist.network.decoder import begin_state
from lyricist.network.numpy_decoder import NumpyDecoder
from lyricist.network.weights import read_model, read_weights

from .mutation import json_bytes, mutate, mutate_json, mutate_toml

ARCHITECTURES = (
    small_architecture(),
    small_architecture(cell="lstm", num_layers=2, tied=True),
    small_architecture(cell="rnn", embedding_size=0),
)
_TITLES = (
    "../../x", "/etc/x", "..", ".", "", "-rf", "a/b", "a\0b", "a\nb", "CON", "x" * 300, "é",
    "e\u0301", "~/x", "a\u202eb", "a.", "a ", "zh", "My Songs", "\ud800", "a\\b", "C:x", "nul.txt",
    " ", ".zip",
)  # fmt: skip


def _rewritten(drawn: random.Random, data: bytes) -> bytes:
    """A safetensors file whose header has other content and still the right length."""
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    return safetensors(json_bytes(drawn, header), data[8 + length :])


class _Files:
    share = 0
    expected = (LyricistError,)

    def __init__(self, given: Path) -> None:
        self.folder = given / type(self).__name__
        self.folder.mkdir()
        self.weights = [
            weights_bytes(architecture, dtype)
            for architecture in ARCHITECTURES
            for dtype in ("F16", "F32")
        ]

    def broken_weights(self, drawn: random.Random) -> bytes:
        data = drawn.choice(self.weights)
        if drawn.random() < 0.2:
            length = struct.unpack("<Q", data[:8])[0] + 8
            return data[:length] + mutate(drawn, data[length:])[: len(data) - length]
        if drawn.random() < 0.6:
            return _rewritten(drawn, data)
        return mutate(drawn, data, self.weights)


class Weights(_Files):
    """`model.safetensors`, for three networks."""

    share = 20

    def __init__(self, given: Path) -> None:
        super().__init__(given)
        self.configs = [ModelConfig.from_card(architecture) for architecture in ARCHITECTURES]

    def made(self, drawn: random.Random) -> bytes:
        return bytes((drawn.randrange(3),)) + self.broken_weights(drawn)

    def run(self, data: bytes) -> None:
        (self.folder / WEIGHTS_FILE).write_bytes(data[1:])
        config = self.configs[data[0]]
        weights = read_weights(self.folder, config)
        assert {name: array.shape for name, array in weights.items()} == config.shapes
        assert all(np.isfinite(array).all() for array in weights.values())


class _Cards(_Files):
    def __init__(self, given: Path) -> None:
        super().__init__(given)
        training = {"parameters": 9, "held_out_perplexity": 3.5, "novelty": 0.01, "novel": True}
        self.cards = []
        for number, architecture in enumerate(ARCHITECTURES):
            model = make_small_model(
                given / f"{type(self).__name__}-{number}",
                architecture=architecture,
                training=training,
                recipe={"lr": 0.1, "name": "x"},
                corpora=[{"name": "a", "characters": 40}],
                language="zh",
                base="b",
            )
            self.cards.append((model / CARD_FILE).read_text(encoding="utf-8"))

    def broken_card(self, drawn: random.Random) -> bytes:
        text = drawn.choice(self.cards)
        if drawn.random() < 0.7:
            return mutate_toml(drawn, text)
        return mutate(drawn, text.encode(), [card.encode() for card in self.cards])


class Card(_Cards):
    """`model.toml`, read and shown."""

    share = 8

    def made(self, drawn: random.Random) -> bytes:
        return self.broken_card(drawn)

    def run(self, data: bytes) -> None:
        from lyricist.app.screens.model_dialogs import card_text

        (self.folder / CARD_FILE).write_bytes(data)
        card = read_card(self.folder)
        assert 0 < card.novelty < 1
        assert card.parameters >= 0 or card.held_out_perplexity is None or card.has_boundaries
        json.dumps(asdict(card))
        text = card_text(card).plain
        assert not set(text) & {"\x1b", "\x00", "\u202e", "\x9b"}
        if len(data) % 8 == 0:
            copy = self.folder / "copy"
            copy.mkdir(exist_ok=True)
            write_card(copy, card)
            assert read_card(copy).characters == card.characters


class Model(_Cards):
    """A model folder of which one file or both are broken, loaded and asked once."""

    share = 8

    def made(self, drawn: random.Random) -> bytes:
        number = drawn.randrange(3)
        card, weights = self.cards[number].encode(), self.weights[2 * number]
        chance = drawn.random()
        if chance < 0.6:
            card = self.broken_card(drawn)
        if chance > 0.4:
            weights = self.broken_weights(drawn)
        return struct.pack("<I", len(card)) + card + weights

    def run(self, data: bytes) -> None:
        length = struct.unpack("<I", data[:4])[0]
        (self.folder / CARD_FILE).write_bytes(data[4 : 4 + length])
        (self.folder / WEIGHTS_FILE).write_bytes(data[4 + length :])
        stored = read_model(self.folder)
        with np.errstate(all="ignore"):
            decoder = NumpyDecoder(stored.config, stored.weights)
            _, logits = decoder.advance(np.zeros(1, np.int64), begin_state(stored.config))
        assert logits.shape == (1, stored.config.vocabulary_size)


class Package(_Cards):
    """An archive or a folder on its way into the library."""

    share = 6

    def made(self, drawn: random.Random) -> bytes:
        number = drawn.randrange(3)
        card, weights = self.cards[number].encode(), self.weights[2 * number]
        chance = drawn.random()
        if chance < 0.3:
            card = self.broken_card(drawn)
        elif chance < 0.6:
            weights = self.broken_weights(drawn)
        data = self._archive(drawn, card, weights)
        return mutate(drawn, data) if drawn.random() < 0.4 else data

    def _archive(self, drawn: random.Random, card: bytes, weights: bytes) -> bytes:
        written = io.BytesIO()
        places = (
            ("../", "/", "a/b/", "..\\", "__MACOSX/", "C:") if drawn.random() < 0.3 else ("", "m/")
        )
        inside = drawn.choice(places)
        members = [(inside + CARD_FILE, card), (inside + WEIGHTS_FILE, weights)]
        for _ in range(drawn.choice((0, 0, 0, 0, 0, 1, 2))):
            name = drawn.choice((*_TITLES[:12], CARD_FILE, WEIGHTS_FILE, "data.pkl", "x.zip"))
            members.insert(drawn.randrange(3), (name.replace("\0", "") or "x", card[:40]))
        methods = (12, 14) if drawn.random() < 0.05 else (0, 8)
        with warnings.catch_warnings(), zipfile.ZipFile(written, "w") as archive:
            warnings.simplefilter("ignore")
            for name, data in members:
                member = zipfile.ZipInfo(name)
                member.compress_type = drawn.choice(methods)
                if drawn.random() < 0.05:
                    member.external_attr = drawn.choice((0o120777, 0o060644, 0o010644)) << 16
                if drawn.random() < 0.03:
                    data = bytes(2_000_000)
                archive.writestr(member, data)
        return written.getvalue()

    def run(self, data: bytes) -> None:
        source = self.folder / "model.zip"
        source.write_bytes(data)
        try:
            entry = import_model(source, None if len(data) % 2 else "given")
            read_model(entry.path)
            if len(data) % 4 == 0:
                target = self.folder / "out.zip"
                target.unlink(missing_ok=True)
                export_model(entry.name, target)
                import_model(target, "again")
        finally:
            left = sorted(path.name for path in paths().models.iterdir())
            assert all(not name.startswith(".") for name in left), left
            for name in left:
                read_card(paths().models / name)
                shutil.rmtree(paths().models / name)


class Names(_Cards):
    """Names that a model is given, asked for and renamed to."""

    share = 2

    def __init__(self, given: Path) -> None:
        super().__init__(given)
        self.model = given / f"{type(self).__name__}-0"

    def made(self, drawn: random.Random) -> bytes:
        titles = [title.encode("utf-8", "surrogatepass") for title in _TITLES]
        title = drawn.choice(titles)
        return mutate(drawn, title, titles) if drawn.random() < 0.8 else title

    def run(self, data: bytes) -> None:
        title = data.decode("utf-8", "surrogateescape")
        before = set(paths().models.iterdir()) if paths().models.exists() else set()
        try:
            entry = import_model(self.model, title)
            assert entry.path.parent == paths().models
            assert find_model(entry.name) == entry.path
            assert safe_name(entry.name) == entry.name
            renamed = rename_model(entry.name, title[::-1] or "x")
            assert renamed.parent == paths().models
            find_model(title)
        finally:
            for path in set(paths().models.iterdir()) - before:
                assert (path / CARD_FILE).exists() and (path / WEIGHTS_FILE).exists()
                shutil.rmtree(path)


class Run:
    """The checkpoint of an unfinished run."""

    share = 3
    expected = (LyricistError,)

    def __init__(self, given: Path) -> None:
        # The one target that needs torch.
        import torch

        from lyricist.network.model import CharRNN
        from lyricist.training.recipes import Recipe
        from lyricist.training.trainer import Trainer

        torch.set_num_threads(1)
        self.file = given / "run.safetensors"
        recipe = Recipe(
            "scratch", embedding_size=2, hidden_size=3, tied=False, num_steps=2, batch_size=2,
            epochs=1, ema=0.5,
        )  # fmt: skip
        config = recipe.model_config(len(CHARACTERS) + 2)
        songs = [[2, 3, 4, 5, 6, 2, 3, 4, 5]] * 3
        self.trainer: Any = Trainer(CharRNN(config), songs, None, recipe)
        self.trainer.run()
        self.seed = self._written()

    def _written(self) -> bytes:
        from lyricist.training.run_state import save_run

        save_run(self.file, self.trainer, {"corpus": "x"})
        return self.file.read_bytes()

    def made(self, drawn: random.Random) -> bytes:
        if drawn.random() < 0.4:
            return mutate(drawn, self.seed)
        length = struct.unpack("<Q", self.seed[:8])[0]
        header = json.loads(self.seed[8 : 8 + length])
        if drawn.random() < 0.5:
            key = drawn.choice(("position", "best", "identity"))
            inner = mutate_json(drawn, json.loads(header["__metadata__"][key]))
            header["__metadata__"][key] = json.dumps(inner)
            return safetensors(header, self.seed[8 + length :])
        return _rewritten(drawn, self.seed)

    def run(self, data: bytes) -> None:
        from lyricist.training.run_state import load_run

        self.file.write_bytes(data)
        load_run(self.file, self.trainer, {"corpus": "x"})


MODEL_TARGETS = {
    "weights": Weights,
    "card": Card,
    "model": Model,
    "package": Package,
    "names": Names,
    "run": Run,
}
