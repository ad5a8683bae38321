"""One character's step with the whole next-character distribution, beside `torch.nn.LSTM`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from lyricist.benchmarks.arithmetic import multiplied
from lyricist.benchmarks.figure import Figure, alternating_medians, smaller_is_better
from torch import nn

from lyricist.library.models import find_model
from lyricist.library.paths import songbook
from lyricist.network.config import ModelConfig
from lyricist.network.decoder import begin_state, load_decoder
from lyricist.network.numpy_decoder import NumpyDecoder
from lyricist.network.sampler import log_softmax
from lyricist.network.weights import StoredModel

_GOALS = {1: 6.0, 8: 4.0, 64: None}
_REPEATS = 30
# A line of candidates is about as many steps in a row.
_CALLS = 10
_AGREEMENT_CHARACTERS = 1500
_MAX_ERROR = 0.02
_MIN_SAME_FIRST = 0.99


def measure(model: str) -> Iterator[Figure]:
    """Yield a figure for each batch size, and how well the quick numbers agree with fp32.

    Where there is a GPU, its rows follow those of the CPU.
    """
    torch.set_num_threads(1)
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        yield from _on_device(model, device)


def _on_device(model: str, device: str) -> Iterator[Figure]:
    folder = find_model(model)
    decoder, stored = load_decoder(folder, device)
    while decoder.prepare_some():
        pass
    plain = _PlainModel(stored).eval().to("cpu" if device == "cpu" else torch.device(device))
    weight_bytes = _bytes_touched(stored.config, "int8" in decoder.description)
    buffer = np.ones(max(weight_bytes // 4, 1), np.float32)
    for batch_size, goal in _GOALS.items():
        indices = np.arange(batch_size, dtype=np.int64) + 2
        state = begin_state(stored.config, batch_size)

        def ours(indices: np.ndarray = indices, state: np.ndarray = state) -> object:
            return decoder.advance(indices, state)

        def theirs(batch_size: int = batch_size) -> object:
            return plain.next_logits(batch_size)

        def read(buffer: np.ndarray = buffer) -> object:
            return np.dot(buffer, buffer)

        seconds = alternating_medians(
            {"ours": ours, "theirs": theirs, "read": read}, _REPEATS, _CALLS
        )
        yield smaller_is_better(
            f"decode, batch {batch_size} ({decoder.description})",
            seconds["ours"] * 1e3,
            "ms",
            seconds["theirs"] * 1e3,
            goal,
            seconds["read"] * 1e3 if batch_size == 1 and device == "cpu" else None,
        )
    yield from _agreement(folder, device, decoder.description)


def _agreement(folder: Path, device: str, description: str) -> Iterator[Figure]:
    """Read songs with both; error in nats, share of positions with the same first choice."""
    decoder, stored = load_decoder(folder, device)
    reference = NumpyDecoder(stored.config, stored.weights)
    songs = sorted((songbook() / (stored.card.language or "zh")).glob("*"))[-8:]
    text = "\n\n\n".join(song.read_text(encoding="utf-8") for song in songs)
    indices = stored.vocabulary.encode(text[:_AGREEMENT_CHARACTERS])
    state = expected = begin_state(stored.config)
    errors, same = [], []
    for index, following in pairwise(indices):
        row = np.array([index])
        state, expected = decoder.step(row, state), reference.step(row, expected)
        found = log_softmax(decoder.logits(state))[0]
        wanted = log_softmax(reference.logits(expected))[0]
        errors.append(abs(float(found[following] - wanted[following])))
        same.append(found.argmax() == wanted.argmax())
    error, share = max(float(np.mean(errors)), 1e-9), float(np.mean(same))
    yield smaller_is_better(
        f"decode, error beside fp32 ({description})", error, "nats", _MAX_ERROR, 1.0
    )
    yield Figure(
        f"decode, same first choice ({description})",
        share,
        "share",
        _MIN_SAME_FIRST,
        share / _MIN_SAME_FIRST,
        1.0,
    )


def _bytes_touched(config: ModelConfig, int8: bool) -> int:
    """Bytes of weights that one step and its logits read: matrices, biases, scales of columns."""
    # The first layer's product with its input is looked up.
    read = [shape for name, shape in multiplied(config).items() if name != "layers.0.weight_ih"]
    outputs = sum(shape[0] for shape in read)
    matrices = sum(math.prod(shape) for shape in read)
    return matrices + 8 * outputs if int8 else 4 * (matrices + outputs)


class _PlainModel(nn.Module):
    """The same network written with `nn.Embedding`, `nn.LSTM` and `nn.Linear`."""

    def __init__(self, stored: StoredModel) -> None:
        super().__init__()
        config = stored.config
        width = config.embedding_size or config.hidden_size
        self.embedding = nn.Embedding(config.vocabulary_size, width)
        kinds = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
        self.cells = kinds[config.cell](
            width, config.hidden_size, config.num_layers, batch_first=True
        )
        layers: list[nn.Module] = []
        if config.tied and config.hidden_size != width:
            layers.append(nn.Linear(config.hidden_size, width))
        output_width = width if config.tied else config.hidden_size
        layers.append(nn.Linear(output_width, config.vocabulary_size))
        self.output = nn.Sequential(*layers)
        self._states: dict[int, object] = {}

    @torch.inference_mode()
    def next_logits(self, batch_size: int) -> torch.Tensor:
        """One character for each row, from the state of the call before."""
        indices = torch.arange(batch_size, device=self.embedding.weight.device)[:, None] + 2
        features, state = self.cells(self.embedding(indices), self._states.get(batch_size))
        self._states[batch_size] = state
        return self.output(features[:, -1]).cpu()
