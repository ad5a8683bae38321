"""The file `model.index` beside the weights: its layout, and what is checked before it is loaded.

Header: 8 bytes magic; version, number of layers, characters and words of a passage (u16 each); then
for each layer the number of distinct passages (u64), of bits (u64) and of hashes (u16), and 6 bytes
of zeros. Then the bits of each layer, lowest bit of the first byte first. All little-endian.
"""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lyricist.errors import ModelError
from lyricist.text.passages import PASSAGE_CHARACTERS, PASSAGE_WORDS

INDEX_FILE = "model.index"
MAX_INDEX_BYTES = 64_000_000
MAX_LAYERS = 4
MAX_HASHES = 16
WORD_BITS = 64
MEND = "get the model again, or make its index anew with `lyricist models index`"

_MAGIC = b"LYRSEEN\n"
_VERSION = 1
_HEAD = struct.Struct("<8sHHHH")
_LAYER = struct.Struct("<QQH6s")


@dataclass(frozen=True)
class LayerShape:
    """One filter. passages: distinct ones put in. bits: a multiple of 64. hashes: bits of each."""

    passages: int
    bits: int
    hashes: int


def header_of(layers: list[LayerShape]) -> bytes:
    """Return the beginning of a file with these layers."""
    head = _HEAD.pack(_MAGIC, _VERSION, len(layers), PASSAGE_CHARACTERS, PASSAGE_WORDS)
    return head + b"".join(_LAYER.pack(n.passages, n.bits, n.hashes, bytes(6)) for n in layers)


def header_bytes(layers: int) -> int:
    """Return the length of the beginning of a file with so many layers."""
    return _HEAD.size + layers * _LAYER.size


def read_shapes(path: Path) -> list[LayerShape]:
    """Read and check the beginning of an index file; nothing else is read.

    Raises:
        ModelError: If it is no index of this kind, states what cannot be, or is not as long as it
            states.
    """
    try:
        # Opening a pipe would wait for ever.
        if not path.is_file():
            raise _damaged("it is no file")
        size = path.stat().st_size
        with path.open("rb") as file:
            return _checked(file, size)
    except OSError as error:
        raise _damaged(f"it cannot be read ({error.strerror or error})") from error


def check_index(folder: Path, originality: dict[str, Any]) -> None:
    """Check the index of a model folder against the card's table `originality`.

    Raises:
        ModelError: If one of them is missing, it is damaged, or its hash is another.
    """
    path = folder / INDEX_FILE
    if not os.path.lexists(path) and not originality:
        return
    if not os.path.lexists(path):
        raise _damaged("the card states one and there is no file")
    if not originality:
        raise _damaged("the card states none")
    read_shapes(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != originality.get("sha256"):
        raise _damaged("it does not match the card")


def _checked(file: IO[bytes], size: int) -> list[LayerShape]:
    if size > MAX_INDEX_BYTES:
        raise _damaged(f"it is larger than {MAX_INDEX_BYTES // 1_000_000} MB")
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        raise _damaged("it is no such index")
    _, version, count, characters, words = _HEAD.unpack(head)
    if version != _VERSION or (characters, words) != (PASSAGE_CHARACTERS, PASSAGE_WORDS):
        raise _damaged("it was made by another version")
    if not 1 <= count <= MAX_LAYERS:
        raise _damaged(f"it states {count:,} layers")
    table = file.read(count * _LAYER.size)
    if len(table) < count * _LAYER.size:
        raise _damaged("it is cut off")
    shapes = [LayerShape(*fields[:3]) for fields in _LAYER.iter_unpack(table)]
    for shape in shapes:
        if not 1 <= shape.hashes <= MAX_HASHES:
            raise _damaged(f"it states {shape.hashes:,} hashes")
        if shape.bits < WORD_BITS or shape.bits % WORD_BITS or shape.bits > 8 * MAX_INDEX_BYTES:
            raise _damaged(f"it states {shape.bits:,} bits")
    if size != header_bytes(count) + sum(shape.bits for shape in shapes) // 8:
        raise _damaged("it is not as long as it states")
    return shapes


def _damaged(reason: str) -> ModelError:
    return ModelError(f"the index of what the model was trained on is damaged: {reason}", MEND)
