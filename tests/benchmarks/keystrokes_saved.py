"""Keys that suggestions save on held-out songs, for several ways of making them.

    lyricist train TRAIN --recipe tutorial --name tutorial
    python tests/benchmarks/keystrokes_saved.py SONGS --model zh --tutorial tutorial

All of them have the same interface: ghost text behind the same gate, five candidates, one key to
take a word or a candidate. Chinese is typed with a key a character, or by pinyin (--typing).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np

from lyricist.evaluation.keystrokes import Keystrokes, first_songs, simulate
from lyricist.evaluation.typists import TYPISTS
from lyricist.library.models import find_model
from lyricist.network.config import ModelConfig
from lyricist.network.decoder import Indices, Logits, State, load_decoder
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.gate import Gate
from lyricist.text.corpus import read_corpus
from lyricist.text.vocabulary import Vocabulary

_SHOW_ALL, _NORMAL = "eager", "normal"


class UniformDecoder:
    """A network that knows nothing: every character is as likely as any other."""

    description = "uniform"

    def __init__(self, vocabulary_size: int) -> None:
        self.config = ModelConfig(vocabulary_size, hidden_size=1, embedding_size=1)

    def step(self, indices: Indices, state: State) -> State:
        """Remember nothing."""
        return state

    def advance(self, indices: Indices, state: State) -> tuple[State, Logits]:
        """Return the same state, and the same logits for all."""
        return state, self.logits(state)

    def logits(self, state: State) -> Logits:
        """Return zeros (batch, vocabulary)."""
        return np.zeros((state.shape[2], self.config.vocabulary_size), np.float32)

    def prepare_some(self) -> bool:
        """There is nothing to prepare."""
        return False


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs")
    parser.add_argument("--model", default="zh")
    parser.add_argument("--tutorial", help="a model of the recipe tutorial")
    parser.add_argument("--characters", type=int, default=3000)
    parser.add_argument("--typing", choices=TYPISTS, default="characters")
    options = parser.parse_args()
    texts = (song.text for song in read_corpus([options.songs]).songs)
    songs = list(first_songs(texts, options.characters))
    print(f"{'':34} {'saved':>7} {'shown':>7} {'taken':>7} {'of song':>8}")
    for name, engine, adapt, eagerness in _ways(options.model, options.tutorial):
        gate = Gate()
        total = Keystrokes()
        for song in simulate(
            engine.answer,
            songs,
            lambda c, g=gate, e=eagerness: g.lets_through(c.confidence, e),
            adapt,
            typist=TYPISTS[options.typing],
        ):
            total += song
        print(
            f"{name:34} {total.saved:7.1%} {total.shown_rate:7.1%} {total.accepted_rate:7.1%} "
            f"{total.retained_rate:8.1%}"
        )


def _ways(model: str, tutorial: str | None) -> Iterator[tuple[str, SuggestionEngine, bool, str]]:
    if tutorial:
        yield "tutorial's recipe", _engine(tutorial), False, _NORMAL
        yield "tutorial's recipe, always shown", _engine(tutorial), False, _SHOW_ALL
    engine = _engine(model)
    yield "network alone", engine, False, _NORMAL
    vocabulary: Vocabulary = engine.vocabulary
    alone = SuggestionEngine(UniformDecoder(len(vocabulary)), vocabulary)
    yield "adaptive n-grams alone", alone, True, _NORMAL
    yield "adaptive n-grams, always shown", alone, True, _SHOW_ALL
    yield "both", engine, True, _NORMAL
    yield "both, always shown", engine, True, _SHOW_ALL


def _engine(model: str) -> SuggestionEngine:
    decoder, stored = load_decoder(find_model(model))
    card = stored.card
    return SuggestionEngine(decoder, stored.vocabulary, card.has_boundaries, card.novelty)


if __name__ == "__main__":
    main()
