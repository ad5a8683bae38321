"""The layout of `model.safetensors`, checked against the card before anything is allocated.

A file of 8 bytes (the header's length), a JSON header and the numbers. It is read here with the
standard library alone, so that an import in the app checks all that a load does.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from lyricist.errors import ModelError
from lyricist.network.card import MEND, WEIGHTS_FILE, ModelCard
from lyricist.network.config import ModelConfig
from lyricist.text.display import visible
from lyricist.text.quoting import quoted
from lyricist.text.sources import open_regular_file
from lyricist.text.vocabulary import Vocabulary

# Forty tensors at most, each with a name, a type, a shape and two offsets: 6 kB.
MAX_HEADER_BYTES = 65_536
ITEM_BYTES = {"F16": 2, "BF16": 2, "F32": 4}
PICKLE_SUFFIXES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".joblib", ".npy", ".npz")
_CHUNK = 1 << 22
# A float is infinite or no number if all bits of its exponent are set. The first byte holds seven
# of the eight that F32 and BF16 have, the second byte the last one; F16 has five in the first.
_IS_FULL_16 = bytes(0x80 * (byte & 0x7C == 0x7C) for byte in range(256))
_IS_FULL_7 = bytes(0x80 * (byte & 0x7F == 0x7F) for byte in range(256))
_LAST_BIT = bytes(byte & 0x80 for byte in range(256))


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies: offset and size in bytes from the start of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    size: int


@dataclass(frozen=True)
class Header:
    """tensors: what is stated of each, unchecked. end: where the numbers begin, in bytes."""

    tensors: dict[str, Any]
    metadata: dict[str, str]
    end: int
    file_bytes: int


def refuse_pickle(path: Path) -> None:
    """Refuse a kind of file that runs code of its maker when it is opened.

    Raises:
        ModelError: If `path` is named like one.
    """
    if path.suffix.lower() in PICKLE_SUFFIXES and not os.path.isdir(path):
        raise ModelError(
            f"{visible(str(path))} is refused: opening a {path.suffix.lower()} file can run a "
            "stranger's program",
            f"ask for a model folder with {WEIGHTS_FILE}, which holds numbers only",
        )


def checked_architecture(card: ModelCard, shown: str) -> tuple[ModelConfig, Vocabulary]:
    """Return the shape and the characters that a card states.

    Args:
        shown: What to call the model.

    Raises:
        ModelError: If they are absurd or do not agree.
    """
    try:
        config = ModelConfig.from_card(card.architecture)
    except ModelError as error:
        raise ModelError(f"{shown}: {error.cause}", error.mend or MEND) from error
    vocabulary = Vocabulary(card.characters)
    if len(vocabulary) != config.vocabulary_size:
        raise ModelError(
            f"{shown}: the card lists {len(vocabulary):,} characters but states a vocabulary of "
            f"{config.vocabulary_size:,}",
            MEND,
        )
    return config, vocabulary


def max_weights_bytes(parameters: int) -> int:
    """Return how large a weights file with so many numbers can be."""
    return 8 + MAX_HEADER_BYTES + max(ITEM_BYTES.values()) * parameters


def open_weights(folder: Path) -> BinaryIO:
    """Open the weights of a model folder; never waits on a pipe or device.

    Raises:
        ModelError: If there are none, or they cannot be read.
    """
    path = folder / WEIGHTS_FILE
    try:
        return open_regular_file(path)
    except FileNotFoundError as error:
        cause = f"{visible(str(folder))} is not a model: it has no {WEIGHTS_FILE}"
        raise ModelError(cause, MEND) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ModelError(f"{visible(str(path))} cannot be read ({reason})", MEND) from error


def read_layout(
    file: BinaryIO, shown: str, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[StoredTensor, ...]:
    """Return the tensors of an open weights file, in their order there.

    Args:
        file: At its start.
        shown: What to call it.
        shapes: Exactly the tensors that it has to hold.

    Raises:
        ModelError: If the header is damaged, too long or not as `shapes` has it, tensors overlap or
            leave holes, or the file is longer or shorter than they are together.
    """
    return places(read_header(file, shown, MAX_HEADER_BYTES), shown, shapes, ITEM_BYTES)


def read_header(file: BinaryIO, shown: str, most_bytes: int) -> Header:
    """Read the header of an open safetensors file.

    Raises:
        ModelError: If it is damaged or longer than `most_bytes`.
    """
    size = os.fstat(file.fileno()).st_size
    prefix = file.read(8)
    length = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else 0
    if not 2 <= length <= size - 8:
        _refuse(f"{shown} is truncated or not a whole safetensors file")
    if length > most_bytes:
        _refuse(f"{shown} has a header of {length:,} bytes, at most {most_bytes:,} are read")
    tensors = _parsed(file.read(length), shown)
    metadata = tensors.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        _refuse(f"{shown} has no readable header")
    return Header(tensors, metadata, 8 + length, size)


def places(
    header: Header, shown: str, shapes: Mapping[str, tuple[int, ...]], types: Mapping[str, int]
) -> tuple[StoredTensor, ...]:
    """Return the tensors of a header in the order of their places, which fill the file.

    Args:
        types: Bytes a number, of each type that may occur.

    Raises:
        ModelError: As `read_layout` does.
    """
    if set(header.tensors) != set(shapes):
        odd = sorted(set(header.tensors) ^ set(shapes))[0]
        _refuse(f"{shown} does not match its card: tensor {quoted(odd)}")
    tensors = [
        _tensor(name, header.tensors[name], shape, shown, types) for name, shape in shapes.items()
    ]
    tensors.sort(key=lambda tensor: (tensor.offset, tensor.size))
    end = 0
    for tensor in tensors:
        if tensor.offset != end:
            _refuse(f"{shown}: tensors overlap or leave a hole at byte {end:,}")
        end += tensor.size
    if header.file_bytes != header.end + end:
        _refuse(f"{shown} is truncated or has trailing data: not a whole safetensors file")
    return tuple(replace(tensor, offset=header.end + tensor.offset) for tensor in tensors)


def check_finite(file: BinaryIO, shown: str, tensors: tuple[StoredTensor, ...]) -> None:
    """Read all numbers once and refuse those that are infinite or none.

    Raises:
        ModelError: If there are any, or the file ends early.
    """
    for tensor in tensors:
        file.seek(tensor.offset)
        left = tensor.size
        while left:
            chunk = file.read(min(_CHUNK, left))
            left -= len(chunk)
            if not chunk or len(chunk) % ITEM_BYTES[tensor.dtype]:
                _refuse(f"{shown} is truncated")
            if _has_infinite(chunk, tensor.dtype):
                _refuse(f"{shown}: the weights {tensor.name} are not finite")


def _has_infinite(data: bytes, dtype: str) -> bool:
    """Whether any little-endian float in `data` is infinite or no number."""
    step = ITEM_BYTES[dtype]
    first = data[step - 1 :: step]
    if dtype == "F16":
        return bool(int.from_bytes(first.translate(_IS_FULL_16)))
    second = data[step - 2 :: step].translate(_LAST_BIT)
    return bool(int.from_bytes(first.translate(_IS_FULL_7)) & int.from_bytes(second))


def _parsed(data: bytes, shown: str) -> dict[str, Any]:
    try:
        header = json.loads(data, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        _refuse(f"{shown} has no readable header")
    return header


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _tensor(
    name: str, entry: Any, shape: tuple[int, ...], shown: str, types: Mapping[str, int]
) -> StoredTensor:
    """Check one entry; its offset is from the end of the header."""
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        _refuse(f"{shown}: tensor {quoted(name)} is not described as safetensors does")
    dtype = entry["dtype"]
    if not isinstance(dtype, str) or dtype not in types:
        _refuse(f"{shown}: tensor {quoted(name)} is of an unknown type, {quoted(dtype)}")
    if not _are_whole(entry["shape"]) or tuple(entry["shape"]) != shape:
        _refuse(
            f"{shown}: tensor {quoted(name)} has shape {quoted(entry['shape'])}, "
            f"the card asks for {list(shape)}"
        )
    size = types[dtype] * math.prod(shape)
    offsets = entry["data_offsets"]
    if not _are_whole(offsets) or len(offsets) != 2 or offsets[1] - offsets[0] != size:
        _refuse(f"{shown}: tensor {quoted(name)} is truncated or does not fill its place")
    return StoredTensor(name, dtype, shape, offsets[0], size)


def _are_whole(found: Any) -> bool:
    return isinstance(found, list) and all(type(number) is int for number in found)


def _refuse(cause: str) -> NoReturn:
    raise ModelError(cause, MEND)
