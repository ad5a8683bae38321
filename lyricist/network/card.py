"""The card beside the weights, `model.toml`: read without torch, checked before loading."""

from __future__ import annotations

import math
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from lyricist.errors import ModelError
from lyricist.new_files import open_private
from lyricist.text.bounded_toml import check_plain, parse_toml
from lyricist.text.display import visible
from lyricist.text.sources import read_regular_file

CARD_FILE = "model.toml"
WEIGHTS_FILE = "model.safetensors"
FORMAT = 1
MAX_CARD_BYTES = 4_000_000
_NOVELTY_UNKNOWN = 1e-4
_MAX_REASON = 200
_MAX_COMMAND = 3000
MEND = "take another model (`lyricist models list`) or train a new one"


@dataclass(frozen=True)
class ModelCard:
    """What a model is and where it comes from.

    characters: the vocabulary in index order, without the two special indices. architecture: the
    fields of `network.model.ModelConfig`. training: epochs, tokens, seconds, train_perplexity,
    held_out_perplexity and novelty. weights_sha256: of `model.safetensors`. originality: size,
    rates of error and hash of `model.index`, which knows what the model was trained on; empty where
    there is none.
    """

    name: str
    architecture: dict[str, Any]
    characters: str
    format: int = FORMAT
    language: str = ""
    licence: str = ""
    created: str = ""
    command: str = ""
    base: str | None = None
    notes: str = ""
    weights_sha256: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    corpora: list[dict[str, Any]] = field(default_factory=list)
    training: dict[str, Any] = field(default_factory=dict)
    originality: dict[str, Any] = field(default_factory=dict)

    @property
    def held_out_perplexity(self) -> float | None:
        """Perplexity per character on held-out songs, None where there were none."""
        value = self.training.get("held_out_perplexity")
        return float(value) if isinstance(value, int | float) and math.isfinite(value) else None

    @property
    def novelty(self) -> float:
        """Chance that a character is one the model does not know (see `text.spelling`); on a card
        that does not state it, as if one character of the corpus had been met only once."""
        value = self.training.get("novelty")
        if isinstance(value, int | float) and 0 < value < 1:
            return float(value)
        counts = [c.get("characters") for c in self.corpora if isinstance(c, dict)]
        characters = sum(n for n in counts if isinstance(n, int) and n > 1)
        return 1 / characters if characters else _NOVELTY_UNKNOWN

    @property
    def has_boundaries(self) -> bool:
        """Whether each song was preceded by the boundary in training."""
        return bool(self.recipe.get("song_boundaries", True))

    @property
    def parameters(self) -> int:
        """Number of trained weights, as the card states it."""
        value = self.training.get("parameters", 0)
        return value if isinstance(value, int) else 0


_TYPES: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "architecture": (dict,),
    "characters": (str,),
    "format": (int,),
    "language": (str,),
    "licence": (str,),
    "created": (str,),
    "command": (str,),
    "base": (str,),
    "notes": (str,),
    "weights_sha256": (str,),
    "recipe": (dict,),
    "corpora": (list,),
    "training": (dict,),
    "originality": (dict,),
}


def read_card(folder: Path) -> ModelCard:
    """Read and check `model.toml` in `folder`.

    Raises:
        ModelError: If the folder or card is missing, too large, not TOML, of a newer format, or
            holds a field of the wrong kind.
    """
    path = folder / CARD_FILE
    if not os.path.isdir(folder):
        raise ModelError(f"model folder {folder} does not exist", MEND)
    try:
        if not path.is_file():
            raise ModelError(f"{folder} is not a model: it has no {CARD_FILE}", MEND)
        data = parse_toml(read_regular_file(path, MAX_CARD_BYTES), MAX_CARD_BYTES)
        check_plain(data)
    except (OSError, ValueError) as error:
        reason = visible(str(error))[:_MAX_REASON]
        raise ModelError(f"the card {path} cannot be read ({reason})", MEND) from error
    version = data.get("format", 0)
    if not isinstance(version, int) or version < 1:
        raise ModelError(f"the card {path} states no format version", MEND)
    if version > FORMAT:
        raise ModelError(
            f"{folder} has model format {version}, this lyricist reads up to {FORMAT}",
            "update lyricist",
        )
    known = {f.name for f in fields(ModelCard)}
    chosen = {key: value for key, value in data.items() if key in known}
    for key in ("name", "architecture", "characters"):
        if key not in chosen:
            raise ModelError(f"the card {path} has no `{key}`", MEND)
    for key, value in chosen.items():
        if not isinstance(value, _TYPES[key]) or isinstance(value, bool):
            raise ModelError(f"the card {path}: `{key}` is of the wrong kind", MEND)
    if not all(isinstance(corpus, dict) for corpus in chosen.get("corpora", ())):
        raise ModelError(f"the card {path}: `corpora` is of the wrong kind", MEND)
    if len(set(chosen["characters"])) != len(chosen["characters"]):
        raise ModelError(f"the card {path} lists a character twice", MEND)
    return ModelCard(**chosen)


def write_card(folder: Path, card: ModelCard) -> None:
    """Write `card` as `model.toml` into `folder` (not atomic by itself: the folder is published
    by a rename once it is whole)."""
    import tomlkit

    # A line of thousands of files is no card's business, see `text.bounded_toml`.
    card = replace(card, command=card.command[:_MAX_COMMAND])
    document = {key: value for key, value in asdict(card).items() if value is not None}
    if not card.originality:
        del document["originality"]
    path = folder / CARD_FILE
    # A card tells of the writer's folders.
    with open(path, "w", encoding="utf-8", opener=open_private) as file:
        file.write(tomlkit.dumps(document))
