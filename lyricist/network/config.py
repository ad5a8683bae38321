"""The shape of a network as plain numbers, checked before a single weight is allocated, and the
names that may be chosen for it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

from lyricist.errors import ModelError
from lyricist.text.quoting import quoted

MAX_HIDDEN = 8192
MAX_LAYERS = 8
MAX_VOCABULARY = 200_000
# As fp32 they take 0.8 GB; a card that asks for more is not believed.
MAX_PARAMETERS = 200_000_000
NUM_GATES = {"rnn": 1, "gru": 3, "lstm": 4}
# Parts of a layer's state: H, or H and C.
STATE_PARTS = {"rnn": 1, "gru": 1, "lstm": 2}
ACTIVATIONS = ("tanh", "relu")
DROPOUTS = ("dropout_in", "dropout_hidden", "dropout_out", "weight_drop")
DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True)
class ModelConfig:
    """Architecture of a `CharRNN`.

    embedding_size 0 means one-hot input: the first layer looks its rows up in W_xh. tied: the
    output layer shares the embedding's weights (Press & Wolf 2017), through a projection from
    hidden_size to embedding_size where they differ. Dropout rates act in training only; weight_drop
    is that of recurrent weights (DropConnect as in Merity, Keskar & Socher 2018).
    """

    vocabulary_size: int
    cell: str = "lstm"
    activation: str = "tanh"
    embedding_size: int = 128
    hidden_size: int = 256
    num_layers: int = 1
    tied: bool = False
    dropout_in: float = 0.0
    dropout_hidden: float = 0.0
    dropout_out: float = 0.0
    weight_drop: float = 0.0

    def __post_init__(self) -> None:
        """Raise `ModelError` for anything that is not a sensible network."""
        _whole("vocabulary_size", self.vocabulary_size, 3, MAX_VOCABULARY)
        _whole("embedding_size", self.embedding_size, 0, MAX_HIDDEN)
        _whole("hidden_size", self.hidden_size, 1, MAX_HIDDEN)
        _whole("num_layers", self.num_layers, 1, MAX_LAYERS)
        if not isinstance(self.cell, str) or self.cell not in NUM_GATES:
            raise ModelError(f"cell {quoted(self.cell)} is unknown", "use rnn, gru or lstm")
        if self.activation not in ACTIVATIONS:
            raise ModelError(f"activation {quoted(self.activation)} is unknown", "use tanh or relu")
        if not isinstance(self.tied, bool):
            raise ModelError("`tied` must be true or false")
        if self.tied and self.embedding_size == 0:
            raise ModelError("tied weights need an embedding", "set embedding_size above 0")
        for name in DROPOUTS:
            rate = getattr(self, name)
            if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 <= rate < 1:
                raise ModelError(f"{name} is {quoted(rate)}", "use a rate from 0 to below 1")
        if self.parameters > MAX_PARAMETERS:
            raise ModelError(
                f"a network of {self.parameters:,} weights is over the limit {MAX_PARAMETERS:,}",
                "lower hidden_size, num_layers or the vocabulary",
            )

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The name and shape of every tensor that a network of this shape has."""
        vocabulary, embedding, hidden = self.vocabulary_size, self.embedding_size, self.hidden_size
        width = NUM_GATES[self.cell] * hidden
        shapes: dict[str, tuple[int, ...]] = {"bias_q": (vocabulary,)}
        if embedding:
            shapes["embedding"] = (vocabulary, embedding)
        for layer in range(self.num_layers):
            name = f"layers.{layer}"
            if layer == 0 and not embedding:
                shapes[f"{name}.weight_xh"] = (vocabulary, width)
            else:
                shapes[f"{name}.weight_ih"] = (width, embedding if layer == 0 else hidden)
                shapes[f"{name}.bias_ih"] = (width,)
            shapes[f"{name}.weight_hh"] = (width, hidden)
            shapes[f"{name}.bias_hh"] = (width,)
        if not self.tied:
            shapes["weight_hq"] = (vocabulary, hidden)
        elif hidden != embedding:
            shapes["projection.weight"] = (embedding, hidden)
            shapes["projection.bias"] = (embedding,)
        return shapes

    @property
    def parameters(self) -> int:
        """Number of weights, by arithmetic alone."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    @classmethod
    def from_card(cls, architecture: dict[str, Any]) -> ModelConfig:
        """Build from a card's `architecture` table.

        Raises:
            ModelError: On missing, unknown or absurd fields.
        """
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(architecture) - known)
        if unknown:
            raise ModelError(f"the card's architecture has an unknown field {quoted(unknown[0])}")
        if "vocabulary_size" not in architecture:
            raise ModelError("the card's architecture has no vocabulary_size")
        return cls(**architecture)


def _whole(name: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ModelError(
            f"{name} is {quoted(value)}", f"use a whole number from {low:,} to {high:,}"
        )
