"""A small app with what the Train and Models screens need of the real one, and how to see it."""

import sys

from driving import settled, shown, told, until
from textual.app import App

from lyricist.library.paths import paths
from lyricist.library.settings import Settings, save_settings
from lyricist.network.card import WEIGHTS_FILE, ModelCard, write_card

__all__ = ["Host", "child", "make_model", "settled", "shown", "told", "until"]

PRELUDE = """
import json, os, signal, sys, time
from lyricist.training.events import *

def tell(event):
    sys.stdout.write(to_line(event))
    sys.stdout.flush()

def started(name="my-songs", **more):
    fields = dict(recipe="finetune", device="cpu", parameters=1000, vocabulary_size=10,
                  total_epochs=10, tokens_per_epoch=100, corpus={"songs": 3, "held_out_songs": 1})
    tell(Started(name=name, **{**fields, **more}))

def epoch(n, train=20.0, held_out=30.0, best=True):
    tell(Epoch(n, n * 100, n * 2.0, train, held_out, 50.0, eta_seconds=20.0 - n * 2, best=best))
"""


class Host(App):
    """Holds a song, a model and perhaps a training run."""

    def __init__(self, text="夜里风停了\n我还在等", model="zh", recent=()):
        super().__init__()
        self.settings = Settings(recent=[str(path) for path in recent])
        self.training = None
        self.current_model = model
        self.used = []
        self._text = text
        self.saved_settings = 0

    def current_text(self):
        return self._text

    def save_settings(self):
        self.saved_settings += 1
        save_settings(self.settings)

    def use_model(self, name):
        self.used.append(name)
        self.current_model = name

    async def on_unmount(self):
        if self.training is not None:
            await self.training.stop()


def child(tmp_path, body, name="child.py"):
    """The command of a child process that reports real events."""
    script = tmp_path / name
    script.write_text(PRELUDE + body, encoding="utf-8")
    return [sys.executable, str(script)]


def make_model(name, characters="夜里风停了我还在等", held_out=31.2, folder=None, **fields):
    """A model folder with a real card and something in place of weights."""
    folder = (folder or paths().models) / name
    folder.mkdir(parents=True)
    training = {"parameters": 2_600_000}
    if held_out is not None:
        training["held_out_perplexity"] = held_out
    write_card(folder, ModelCard(name, {}, characters, **{"training": training, **fields}))
    (folder / WEIGHTS_FILE).write_bytes(b"\0" * 1_500_000)
    return folder
