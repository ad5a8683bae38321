"""A whole model folder of a few hundred bytes, written without torch."""

import json
import random
import struct

from lyricist.network.card import WEIGHTS_FILE, ModelCard, write_card
from lyricist.network.config import ModelConfig

CHARACTERS = "\nab分开"


def small_architecture(**changes):
    """The `architecture` of a card: five characters, a few dozen weights."""
    architecture = {
        "vocabulary_size": len(CHARACTERS) + 2,
        "cell": "gru",
        "embedding_size": 2,
        "hidden_size": 3,
    }
    return {**architecture, **changes}


def weights_bytes(architecture, dtype="F16", seed=0):
    """A safetensors file that fits `architecture`, with small numbers."""
    drawn = random.Random(seed)
    letter = {"F16": "e", "F32": "f"}[dtype]
    header, body = {}, b""
    for name, shape in ModelConfig.from_card(architecture).shapes.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        data = struct.pack(f"<{count}{letter}", *(drawn.uniform(-1, 1) for _ in range(count)))
        offsets = [len(body), len(body) + len(data)]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": offsets}
        body += data
    return safetensors(header, body)


def safetensors(header, body=b""):
    """A file with any header at all; text and bytes are taken as they are."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + body


def make_small_model(folder, name="", **fields):
    """Write a whole model; further fields go on its card. Returns the folder."""
    folder.mkdir(parents=True)
    architecture = fields.pop("architecture", small_architecture())
    (folder / WEIGHTS_FILE).write_bytes(weights_bytes(architecture))
    write_card(folder, ModelCard(name or folder.name, architecture, CHARACTERS, **fields))
    return folder
