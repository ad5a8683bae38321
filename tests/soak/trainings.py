"""Trainings in the app for as long as a long run takes: where one has ended, another begins."""

from __future__ import annotations

from pathlib import Path

from pseudo_terminal import PseudoTerminal

from lyricist.library.paths import songbook
from lyricist.text.corpus import read_corpus

from .processes import trainer_of

_MOST_STEPS = 30


class Trainings:
    """Starts trainings in the Train screen of `app`.

    Attributes:
        started: How many have been started.
        losses: Trainings that ended without a model.
    """

    def __init__(self, app: PseudoTerminal, home: Path, corpus: Path) -> None:
        self._app, self._models, self._corpus = app, home / "data" / "models", corpus
        self.started, self.losses = 0, list[str]()

    def begin(self) -> None:
        """Write a corpus, choose it, and start to train on it."""
        songs = [song.text for song in read_corpus([songbook()]).songs]
        many = (f"{song}\n{n}\n" for n in range(2000) for song in songs[n % len(songs) :][:1])
        self._corpus.write_text("\n\n\n".join(many), encoding="utf-8")
        app = self._app
        app.press("ctrl+t")
        app.wait_for("Start training")
        app.press("delete")
        app.wait_for("No songs chosen")
        app.press("tab")
        app.type(str(self._corpus), pause=0.01)
        app.press("enter")
        app.wait_for(" songs", 60)
        app.read(1.0)
        self._start()

    def go_on(self) -> None:
        """Start the next one if the last has ended."""
        if trainer_of(self._app.child.pid) is not None:
            return
        # The process that has trained is there a little longer than what it says of the end.
        self._app.read(1.0)
        made = sum(1 for folder in self._models.glob("*") if folder.is_dir())
        if made != self.started:
            self.losses.append(f"{self.started} trainings have ended and made {made} models")
        # The comparison and the progress of the last one stand before the form.
        for _ in range(_MOST_STEPS):
            if "Start training" in self._app.text:
                break
            if "Accept" in self._app.text:
                self._app.press("ctrl+t")
            else:
                self._app.press("escape")
            self._app.read(1.5)
        self._app.wait_for(" songs", 60)
        self._app.read(1.0)
        self._start()

    def _start(self) -> None:
        self._app.press("ctrl+r")
        self._app.wait_for("Cancel", 60)
        self._app.press("escape")
        self._app.wait_for("Accept")
        self.started += 1
