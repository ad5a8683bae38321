"""The suggestion service: one child process that owns torch, the model and the cached states.

It reads requests from standard input and answers on standard output (see `protocol`). A thread
drains the input so that the newest request is always known; older ones are abandoned between two
network steps. End of input ends the process.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import OrderedDict
from typing import IO, TYPE_CHECKING

from lyricist.errors import LyricistError
from lyricist.suggest.protocol import Failure, Message, Ready, Request, UseModel, from_line, to_line

if TYPE_CHECKING:
    from lyricist.suggest.engine import SuggestionEngine

_KEPT_MODELS = 2


class Inbox:
    """The newest request and the newest model wish; older ones are dropped."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._request: Request | None = None
        self._model: UseModel | None = None
        self._closed = False

    def put(self, message: Message) -> None:
        """Take a message in; anything but requests and model wishes is ignored."""
        with self._condition:
            if isinstance(message, Request):
                self._request = message
            elif isinstance(message, UseModel):
                self._model = message
            self._condition.notify()

    def close(self) -> None:
        """No more messages will come."""
        with self._condition:
            self._closed = True
            self._condition.notify()

    def take(self) -> UseModel | Request | None:
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


def serve(model: str, source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer until `source` ends, beginning with `model`."""
    inbox = Inbox()
    inbox.put(UseModel(model))
    threading.Thread(target=_drain, args=(source, inbox), daemon=True).start()

    def send(message: Message) -> None:
        sink.write(to_line(message).encode())
        sink.flush()

    # torch takes a second or more: input is drained meanwhile.
    from lyricist.network.device import prepare_torch

    prepare_torch(num_threads=1)
    engine: SuggestionEngine | None = None
    loaded: OrderedDict[str, tuple[SuggestionEngine, Ready]] = OrderedDict()
    waiting: Request | None = None
    while (task := inbox.take()) is not None:
        if isinstance(task, UseModel):
            try:
                engine, ready = _load(task.model, loaded)
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
        try:
            answer = engine.answer(task, inbox.has_news)
        except LyricistError as error:
            send(Failure(str(error), task.revision))
            continue
        if answer is not None:
            send(answer)


def _load(
    name: str, loaded: OrderedDict[str, tuple[SuggestionEngine, Ready]]
) -> tuple[SuggestionEngine, Ready]:
    """Return an engine, from among the few kept: a song in two languages goes back and forth."""
    from lyricist.library.models import find_model
    from lyricist.network.card import read_card
    from lyricist.network.checkpoint import load_model
    from lyricist.network.decoder import Decoder
    from lyricist.suggest.engine import SuggestionEngine

    folder = find_model(name)
    # A model trained again under the same name is another one.
    key = f"{folder}:{read_card(folder).weights_sha256}"
    if key in loaded:
        loaded.move_to_end(key)
        return loaded[key]
    model, vocabulary, card = load_model(folder)
    engine = SuggestionEngine(
        Decoder(model), vocabulary, bool(card.recipe.get("song_boundaries", True))
    )
    ready = Ready(name, str(folder), len(vocabulary), card.held_out_perplexity, "cpu")
    loaded[key] = engine, ready
    if len(loaded) > _KEPT_MODELS:
        loaded.popitem(last=False)
    return engine, ready


def _drain(source: IO[bytes], inbox: Inbox) -> None:
    for line in source:
        try:
            inbox.put(from_line(line))
        except ValueError:
            continue
    inbox.close()


def main() -> None:
    """Entry point of the child: `python -m lyricist.suggest.service MODEL`."""
    # Only protocol lines may reach the client, whatever a library prints.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(sys.argv[1], sys.stdin.buffer, sink)
    except (BrokenPipeError, KeyboardInterrupt):
        # The client is gone; nobody is left to tell.
        os._exit(0)


if __name__ == "__main__":
    main()
