"""Models on disk: a folder of `model.safetensors` and `model.toml`, checked before it is used.

Nothing is allocated or loaded before the card's numbers, the header and the file size agree (see
`weights`), and nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from lyricist.errors import ModelError
from lyricist.network.card import WEIGHTS_FILE, ModelCard, write_card
from lyricist.network.model import CharRNN
from lyricist.network.weights import StoredModel, read_model
from lyricist.text.vocabulary import Vocabulary


def load_model(
    folder: Path, device: torch.device | str = "cpu"
) -> tuple[CharRNN, Vocabulary, ModelCard]:
    """Load a model folder for inference (fp32, evaluation mode).

    Raises:
        ModelError: If any part is missing, truncated, foreign, oversized or not finite.
    """
    stored = read_model(folder)
    return model_of(stored, device), stored.vocabulary, stored.card


def model_of(stored: StoredModel, device: torch.device | str = "cpu") -> CharRNN:
    """Return the network of a model that was read, for inference."""
    weights = {name: torch.from_numpy(array) for name, array in stored.weights.items()}
    with torch.device("meta"):
        model = CharRNN(stored.config, initialize=False)
    model.load_state_dict(weights, assign=True)
    return model.to(device).eval()


def save_model(
    folder: Path,
    model: CharRNN,
    vocabulary: Vocabulary,
    card: ModelCard,
    dtype: torch.dtype = torch.float16,
) -> ModelCard:
    """Write a model folder so that it is whole or absent at every moment; replaces an old one.

    The card's architecture, vocabulary, parameter count and hash are filled in here.

    Raises:
        ModelError: If a weight is not finite or does not fit `dtype`, or the disk refuses.
    """
    weights = {}
    for name, tensor in model.state_dict().items():
        weights[name] = tensor.detach().to("cpu", dtype).contiguous()
        if not bool(torch.isfinite(weights[name]).all()):
            raise ModelError(f"the weights {name} are not finite", "train again with a lower --lr")
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            save_file(weights, staging / WEIGHTS_FILE)
            digest = hashlib.sha256((staging / WEIGHTS_FILE).read_bytes()).hexdigest()
            card = replace(
                card,
                architecture=asdict(model.config),
                characters=vocabulary.characters,
                weights_sha256=digest,
                training={**card.training, "parameters": model.config.parameters},
            )
            write_card(staging, card)
            _publish(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"the model cannot be written to {folder} ({error.strerror or error})",
            "free some space or choose another folder",
        ) from error
    return card


def _publish(staging: Path, folder: Path) -> None:
    """Move a finished folder into place; an older model is moved aside first, then deleted."""
    for file in staging.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
        file.chmod(0o600)
    retired = None
    if folder.exists():
        retired = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        os.replace(folder, retired)
    os.replace(staging, folder)
    _sync_folder(folder.parent)
    if retired is not None:
        shutil.rmtree(retired, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
