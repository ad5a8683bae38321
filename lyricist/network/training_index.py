"""What a model was trained on, as Bloom filters over its passages (see `passage_hashes`).

The bits of a passage follow from its hash by double hashing (Kirsch & Mitzenmacher 2006). Bloom
filters: Bloom 1970. They never miss a passage that was put in, and take others for it at a rate
that follows from the share of bits that are set.

A model tuned from another one keeps the base's filters and adds one of its own, so that the
base's rate stays what it was and rates add up.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lyricist.errors import ModelError
from lyricist.network.index_file import (
    INDEX_FILE,
    MAX_INDEX_BYTES,
    MAX_LAYERS,
    MEND,
    WORD_BITS,
    LayerShape,
    check_index,
    header_bytes,
    header_of,
    read_shapes,
)
from lyricist.network.passage_hashes import hash_of, hashes_of, step_of, steps_of
from lyricist.text.display import visible
from lyricist.text.passages import PASSAGE_CHARACTERS, PASSAGE_WORDS
from lyricist.text.sources import read_regular_file

BITS_PER_PASSAGE = 16
# One that takes so much for seen would mark everything.
_WORST_RATE = 0.25
_LARGEST_LAYER = MAX_INDEX_BYTES // MAX_LAYERS - 1024
_ALL = (1 << 64) - 1
_CHUNK = 1 << 15
_BITS_SET = np.array([value.bit_count() for value in range(256)])


@dataclass(frozen=True)
class Layer:
    """One Bloom filter. data: (bits / 8,)."""

    shape: LayerShape
    data: NDArray[np.uint8]

    @classmethod
    def of(cls, hashes: NDArray[np.uint64], size: int | None = None) -> Layer:
        """Make a filter of hashes; `size` in bytes, None for 16 bits a passage."""
        wanted = len(hashes) * BITS_PER_PASSAGE if size is None else size * 8
        bits = max(WORD_BITS, min(wanted, _LARGEST_LAYER * 8) // WORD_BITS * WORD_BITS)
        count = round(math.log(2) * bits / max(len(hashes), 1))
        shape = LayerShape(len(hashes), bits, min(max(count, 1), 11))
        return cls(shape, np.zeros(bits // 8, np.uint8)).with_hashes(hashes, len(hashes))

    def with_hashes(self, hashes: NDArray[np.uint64], passages: int) -> Layer:
        """Return a filter that holds more hashes, and states so many passages."""
        data = self.data.copy()
        for start in range(0, len(hashes), _CHUNK):
            places = self._places(hashes[start : start + _CHUNK]).ravel()
            np.bitwise_or.at(data, places >> np.uint64(3), _bit(places))
        return Layer(replace(self.shape, passages=passages), data)

    def has(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which hashes were put in, (n,); some others too, at `false_positive_rate`."""
        places = self._places(hashes)
        found: NDArray[np.bool_] = (self.data[places >> np.uint64(3)] & _bit(places)).all(axis=0)
        return found

    def has_one(self, number: int, step: int) -> bool:
        """`has` for one hash, which is quicker for a few.

        Args:
            number: The hash.
            step: What leads from one of its bits to the next, see `step_of`.
        """
        data, bits = self.data.data, self.shape.bits
        for turn in range(self.shape.hashes):
            place = ((number + turn * step) & _ALL) % bits
            if not data[place >> 3] >> (place & 7) & 1:
                return False
        return True

    @property
    def false_positive_rate(self) -> float:
        """Chance that a passage that was not put in is taken for one that was."""
        bits_set = int((np.bincount(self.data, minlength=256) * _BITS_SET).sum())
        return float((bits_set / self.shape.bits) ** self.shape.hashes)

    def _places(self, hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """The bits of each hash, (hashes, n)."""
        turns = np.arange(self.shape.hashes, dtype=np.uint64)[:, None]
        return (hashes + turns * steps_of(hashes)) % np.uint64(self.shape.bits)


@dataclass(frozen=True)
class TrainingIndex:
    """What a model was trained on, the oldest first. complete: False where it went on from a base
    that has no index."""

    layers: tuple[Layer, ...]
    complete: bool = True

    @classmethod
    def of(cls, texts: Iterable[str], size: int | None = None) -> TrainingIndex:
        """Make the index of songs; `size` in bytes, None for as much as they need."""
        room = None if size is None else size - header_bytes(1)
        return cls((Layer.of(hashes_of(texts), room),))

    def extended(self, texts: Iterable[str]) -> TrainingIndex:
        """Return an index of more songs: a layer more, or, where there are as many as there may
        be, with the last one made fuller."""
        hashes = hashes_of(texts)
        new = hashes[~self.has(hashes)]
        if not len(new):
            return self
        if len(self.layers) < MAX_LAYERS:
            return replace(self, layers=(*self.layers, Layer.of(new)))
        *others, last = self.layers
        fuller = last.with_hashes(new, last.shape.passages + len(new))
        return replace(self, layers=(*others, fuller))

    def has(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which passages the model was trained on, (n,)."""
        found = self.layers[0].has(hashes)
        for layer in self.layers[1:]:
            found |= layer.has(hashes)
        return found

    def has_one(self, signs: Sequence[int]) -> bool:
        """Whether the model was trained on the passage of these pieces."""
        number = hash_of(signs)
        step = step_of(number)
        for layer in self.layers:  # noqa: SIM110 (quicker than a generator)
            if layer.has_one(number, step):
                return True
        return False

    @property
    def false_positive_rate(self) -> float:
        """Chance that a passage that no layer was given is taken for one that was."""
        return 1 - math.prod(1 - layer.false_positive_rate for layer in self.layers)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write `model.index` into `folder` and return what the card states of it."""
        data = header_of([layer.shape for layer in self.layers])
        data += b"".join(layer.data.tobytes() for layer in self.layers)
        path = folder / INDEX_FILE
        path.write_bytes(data)
        path.chmod(0o600)
        rate = self.false_positive_rate
        return {
            "passages": sum(layer.shape.passages for layer in self.layers),
            "passage_characters": PASSAGE_CHARACTERS,
            "passage_words": PASSAGE_WORDS,
            "bytes": len(data),
            "bits": [layer.shape.bits for layer in self.layers],
            "hashes": [layer.shape.hashes for layer in self.layers],
            "false_positive_rate": _rounded(rate),
            # Runs as long as the usual limits need so many passages on end to be taken wrongly.
            "false_positive_rate_12_characters": _rounded(rate ** (13 - PASSAGE_CHARACTERS)),
            "false_positive_rate_6_words": _rounded(rate ** (7 - PASSAGE_WORDS)),
            "complete": self.complete,
            "sha256": hashlib.sha256(data).hexdigest(),
        }


def load_index(folder: Path, originality: dict[str, Any]) -> TrainingIndex | None:
    """Load the index of a model folder; None where the model has none.

    Args:
        folder: The model.
        originality: What its card states.

    Raises:
        ModelError: If it is damaged, is not what the card states, or tells nothing.
    """
    path = folder / INDEX_FILE
    if not originality and not os.path.lexists(path):
        return None
    check_index(folder, originality)
    shapes = read_shapes(path)
    try:
        content = read_regular_file(path, MAX_INDEX_BYTES)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{visible(str(path))} cannot be read ({reason})", MEND) from error
    data = np.frombuffer(content, np.uint8)[header_bytes(len(shapes)) :]
    layers, start = [], 0
    for shape in shapes:
        layers.append(Layer(shape, data[start : start + shape.bits // 8]))
        start += shape.bits // 8
    index = TrainingIndex(tuple(layers), originality.get("complete", True) is True)
    if start != len(data) or index.false_positive_rate > _WORST_RATE:
        raise ModelError("the index of what the model was trained on tells nothing", MEND)
    return index


def _bit(places: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """The bit of each place within its byte."""
    shifts = (places & np.uint64(7)).astype(np.uint8)
    return np.left_shift(np.uint8(1), shifts, dtype=np.uint8)


def _rounded(rate: float) -> float:
    return float(f"{rate:.3g}")
