"""The suggestion service: one child process that owns the model and the cached states.

It reads requests from standard input and answers on standard output (see `protocol`). A thread
drains the input so that the newest request is always known; older ones are abandoned between two
network steps. With nothing to answer, it reads what it skipped and draws lines for the keys that
may come next. End of input ends the process.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lyricist.errors import DeviceError, LyricistError
from lyricist.suggest.protocol import (
    Answer,
    Failure,
    Fit,
    FitRequest,
    Measured,
    Message,
    Question,
    Ready,
    Request,
    UseModel,
    from_line,
    to_line,
)

if TYPE_CHECKING:
    from lyricist.suggest.engine import SuggestionEngine
    from lyricist.suggest.suffix_index import SuffixIndex

_KEPT_MODELS = 2


class Inbox:
    """The newest request and the newest model wish; older ones are dropped."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._request: Question | None = None
        self._model: UseModel | None = None
        self._closed = False

    def put(self, message: Message) -> None:
        """Take a message in; anything but requests and model wishes is ignored."""
        with self._condition:
            if isinstance(message, Request | FitRequest):
                self._request = message
            elif isinstance(message, UseModel):
                self._model = message
            self._condition.notify()

    def close(self) -> None:
        """No more messages will come."""
        with self._condition:
            self._closed = True
            self._condition.notify()

    def take(self) -> UseModel | Question | None:
        """Wait for the next thing to do, model wishes first; None once closed."""
        with self._condition:
            while not (self._closed or self._request or self._model):
                self._condition.wait()
            if self._closed:
                return None
            if self._model is not None:
                model, self._model = self._model, None
                return model
            request, self._request = self._request, None
            return request

    def has_news(self) -> bool:
        """Whether the work in hand is already superseded."""
        return self._closed or self._request is not None or self._model is not None


class Models:
    """Engines of the models used last: a song in two languages goes back and forth.

    Args:
        device: Where they compute; the CPU takes over where that fails.
    """

    def __init__(self, device: str = "cpu") -> None:
        self._device = device
        self._loaded: OrderedDict[str, tuple[SuggestionEngine, Ready]] = OrderedDict()
        self._songs: SuffixIndex | None = None

    def load(self, name: str) -> tuple[SuggestionEngine, Ready]:
        """Return the engine of a model.

        Raises:
            LyricistError: If there is no such model, or it cannot be used.
        """
        from lyricist.library.models import find_model
        from lyricist.network.card import read_card

        folder = find_model(name)
        # A model trained again under the same name is another one.
        key = f"{folder}:{read_card(folder).weights_sha256}"
        if key not in self._loaded:
            self._loaded[key] = self._load(name, folder)
            if len(self._loaded) > _KEPT_MODELS:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(key)
        return self._loaded[key]

    def know_songs(self, songs: SuffixIndex | None) -> None:
        """Let all engines, also those loaded later, know the writer's other songs."""
        self._songs = songs
        for engine, _ in self._loaded.values():
            engine.know_songs(songs)

    def leave_device(self) -> bool:
        """Compute on the CPU from now on; False if that is so already."""
        if self._device == "cpu":
            return False
        self._device = "cpu"
        self._loaded.clear()
        return True

    def _load(self, name: str, folder: Path) -> tuple[SuggestionEngine, Ready]:
        from lyricist.network.decoder import load_decoder
        from lyricist.suggest.copy_guard import guard_of
        from lyricist.suggest.engine import SuggestionEngine

        decoder, stored = load_decoder(folder, self._device)
        card = stored.card
        engine = SuggestionEngine(decoder, stored.vocabulary, card.has_boundaries, card.novelty)
        engine.guard, unguarded = guard_of(folder, card)
        engine.know_songs(self._songs)
        size, usual = len(stored.vocabulary), card.held_out_perplexity
        return engine, Ready(name, str(folder), size, usual, decoder.description, unguarded)


def serve(model: str, source: IO[bytes], sink: IO[bytes], device: str = "cpu") -> None:
    """Answer until `source` ends, beginning with `model`."""
    inbox = Inbox()
    inbox.put(UseModel(model))
    threading.Thread(target=_drain, args=(source, inbox), daemon=True).start()

    def send(message: Message) -> None:
        sink.write(to_line(message).encode())
        sink.flush()

    from lyricist.suggest.own_songs import OwnSongs

    models = Models(device)
    own_songs = OwnSongs(_read_own_songs)
    engine: SuggestionEngine | None = None
    waiting: Question | None = None
    while (task := inbox.take()) is not None:
        if isinstance(task, UseModel):
            model = task.model
            try:
                engine, ready = _loaded_anywhere(models, model, send)
            except LyricistError as error:
                send(Failure(str(error)))
                continue
            send(ready)
            if waiting is None or inbox.has_news():
                continue
            task, waiting = waiting, None
        if engine is None:
            waiting = task
            continue
        if isinstance(task, Request) and own_songs.follow(task.path):
            models.know_songs(own_songs.index)
        try:
            answer = _answered(engine, task, inbox)
        except LyricistError as error:
            send(Failure(str(error), task.revision))
            continue
        except RuntimeError:
            # A GPU may disappear or run out of memory at any time.
            if not models.leave_device():
                raise
            send(Failure("the GPU failed; suggestions go on on the CPU"))
            waiting, engine = task, None
            inbox.put(UseModel(model))
            continue
        if answer is not None:
            send(answer)
            if _read_the_rest(engine, inbox):
                send(Measured(task.revision, engine.perplexity()))
            _work_ahead(engine, inbox)


def _answered(engine: SuggestionEngine, question: Question, inbox: Inbox) -> Answer | Fit | None:
    if isinstance(question, FitRequest):
        return engine.fit(question, inbox.has_news)
    return engine.answer(question, inbox.has_news)


def _loaded_anywhere(
    models: Models, name: str, send: Callable[[Message], None]
) -> tuple[SuggestionEngine, Ready]:
    """Load a model, on the CPU if its device is not there."""
    try:
        return models.load(name)
    except (DeviceError, RuntimeError) as error:
        if not models.leave_device():
            raise
        send(Failure(f"{error}; suggestions run on the CPU"))
        return models.load(name)


def _read_own_songs(path: str) -> str:
    from lyricist.library.own_songs import own_songs

    return own_songs(except_for=path)


def _read_the_rest(engine: SuggestionEngine, inbox: Inbox) -> bool:
    """Read what was skipped; True if the state was inexact and now is not."""
    inexact = not engine.states.is_exact
    return engine.refine(inbox.has_news) and inexact


def _work_ahead(engine: SuggestionEngine, inbox: Inbox) -> None:
    """Do what may be asked next, until there is news."""
    while not inbox.has_news() and engine.draw_ahead(inbox.has_news):
        pass
    while not inbox.has_news() and engine.decoder.prepare_some():
        pass


def _drain(source: IO[bytes], inbox: Inbox) -> None:
    for line in source:
        try:
            inbox.put(from_line(line))
        except ValueError:
            continue
    inbox.close()


def main() -> None:
    """Entry point of the child: `python -m lyricist.suggest.service MODEL [DEVICE]`."""
    # The cores belong to the editor and to a training; one thread is enough here.
    for library in ("OPENBLAS", "OMP", "MKL", "VECLIB"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    # Only protocol lines may reach the client, whatever a library prints.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(sys.argv[1], sys.stdin.buffer, sink, *sys.argv[2:3])
    except (BrokenPipeError, KeyboardInterrupt):
        # The client is gone; nobody is left to tell.
        os._exit(0)
    except Exception as error:
        # A traceback would print what the message quotes, and that may be the song.
        from lyricist.library.crash_log import write_crash

        write_crash(error)
        os._exit(1)


if __name__ == "__main__":
    main()
