"""What adaptation gives on held-out songs: static, n-grams alone, mixtures, dynamic evaluation.

    python tests/benchmarks/adaptation.py SONGS --model zh

Dynamic evaluation (Krause et al. 2018) takes gradient steps on what has just been read, with a pull
back to the trained weights. It is measured here because it was tried; the product does not do it.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import torch
from torch.nn import functional as F

from lyricist.evaluation.adaptation import adapted
from lyricist.evaluation.network_scores import score_songs
from lyricist.evaluation.score import SongScores, line_scores
from lyricist.library.models import find_model
from lyricist.network.checkpoint import load_model
from lyricist.network.device import prepare_torch
from lyricist.network.model import CharRNN
from lyricist.text.corpus import read_corpus
from lyricist.text.spelling import Spelling
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX, Vocabulary

_SEGMENT = 64
_RATE, _DECAY = 0.05, 0.002


def dynamic(
    model: CharRNN, vocabulary: Vocabulary, songs: Sequence[str], spelling: Spelling
) -> Iterator[SongScores]:
    """Yield the songs' scores, each segment learned from after it was scored."""
    base = [p.detach().clone() for p in model.parameters()]
    state = model.begin_state(1)
    for text in songs:
        indices = [BOUNDARY_INDEX, *vocabulary.encode_normalized(text)]
        log_probs: list[float] = []
        for start in range(0, len(text), _SEGMENT):
            inputs = torch.tensor([indices[start : min(start + _SEGMENT, len(text))]])
            wanted = torch.tensor(indices[start + 1 : start + 1 + inputs.shape[1]])
            logits, after = model(inputs, state)
            scores = torch.log_softmax(logits[0], dim=-1)
            log_probs += scores[torch.arange(len(wanted)), wanted].tolist()
            loss = F.nll_loss(scores, wanted)
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            norm = torch.linalg.vector_norm(torch.stack([g.norm() for g in gradients]))
            with torch.no_grad():
                for p, g, b in zip(model.parameters(), gradients, base, strict=True):
                    p += _DECAY * (b - p) - _RATE * g / max(1.0, norm.item())
            state = after.detach()
        unknown = [index == UNKNOWN_INDEX for index in indices[1:]]
        paid = [
            spelling.unknown(p, c) if is_unknown else spelling.known(p)
            for p, c, is_unknown in zip(log_probs, text, unknown, strict=True)
        ]
        yield SongScores(text, paid, unknown)


def ngrams_alone(songs: Sequence[SongScores]) -> list[SongScores]:
    """Return the songs as a network would see them that gives every character the same chance."""
    distinct = len(set("".join(song.text for song in songs)))
    return [replace(song, log_probs=[-math.log(distinct)] * len(song.text)) for song in songs]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs")
    parser.add_argument("--model", default="zh")
    options = parser.parse_args()
    prepare_torch()
    network, vocabulary, card = load_model(find_model(options.model), torch.device("cpu"))
    network.eval()
    spelling = Spelling(card.novelty)
    texts = [song.text for song in read_corpus([options.songs]).songs]
    static = list(score_songs(network, vocabulary, texts, spelling, card.has_boundaries))
    dynamically: list[SongScores] = []

    def learned() -> list[SongScores]:
        # The weights that are loaded stay as they are for whoever comes next.
        dynamically[:] = dynamic(copy.deepcopy(network), vocabulary, texts, spelling)
        return dynamically

    ways: dict[str, Callable[[], Sequence[SongScores]]] = {
        "static": lambda: static,
        "n-grams alone, each song by itself": lambda: list(
            adapted(ngrams_alone(static), remember=False)
        ),
        "n-grams alone, all that was read": lambda: list(adapted(ngrams_alone(static))),
        "mixture, each song by itself": lambda: list(adapted(static, remember=False)),
        "mixture, all that was read": lambda: list(adapted(static)),
        "dynamic evaluation": learned,
        "mixture and dynamic evaluation": lambda: list(adapted(dynamically)),
    }
    print(f"{'':36} {'all':>9} {'new':>9} {'repeated':>9} {'µs/char':>9}")
    for name, way in ways.items():
        started = time.perf_counter()
        lines = line_scores(way())
        spent = (time.perf_counter() - started) / lines.total.characters * 1e6
        print(
            f"{name:36} {lines.total.perplexity:9.2f} {lines.new.perplexity:9.2f} "
            f"{lines.repeated.perplexity:9.2f} {spent:9.1f}"
        )
    print(_song_by_song(static))


def _song_by_song(static: Sequence[SongScores]) -> str:
    """The ratio of the mixture's perplexity to the network's, for songs that repeat and others."""
    repeating, others = [], []
    for before, after in zip(static, adapted(static, remember=False), strict=True):
        ratio = math.exp((after.score().nats - before.score().nats) / len(before.text))
        (repeating if line_scores([before]).repeated_lines else others).append(ratio)
    parts = [
        f"{name}: {len(ratios)}, ratio {sum(ratios) / len(ratios):.3f} on the mean, "
        f"{max(ratios):.3f} at most"
        for name, ratios in (("songs that repeat lines", repeating), ("others", others))
        if ratios
    ]
    return "; ".join(parts)


if __name__ == "__main__":
    main()
