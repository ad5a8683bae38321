"""Models on disk: a folder of `model.safetensors` and `model.toml`, checked before it is used.

Nothing is allocated or loaded before the card's numbers, the header and the file size agree (see
`weights`), and nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors.torch import save

from lyricist.errors import ModelError
from lyricist.network.card import WEIGHTS_FILE, ModelCard, write_card
from lyricist.network.model import CharRNN
from lyricist.network.publishing import publish, recover, staging_folder
from lyricist.network.training_index import TrainingIndex
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
    check: Callable[[Path], object] = lambda written: None,
    index: TrainingIndex | None = None,
) -> ModelCard:
    """Write a model folder; the older one stands until the new one is there whole.

    The card's architecture, vocabulary, parameter count and hashes are filled in here.

    Args:
        index: What the model was trained on, None where nobody knows.
        check: Called with the folder as written, before it takes its place; what it raises ends
            the saving.

    Raises:
        ModelError: If a weight is not finite or does not fit `dtype`, or the disk refuses.
    """
    weights = {}
    for name, tensor in model.state_dict().items():
        weights[name] = tensor.detach().to("cpu", dtype).contiguous()
        if not bool(torch.isfinite(weights[name]).all()):
            raise ModelError(f"the weights {name} are not finite", "train again with a lower --lr")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        recover(folder.parent)
        staging = staging_folder(folder.parent)
        try:
            content = save(weights)
            (staging / WEIGHTS_FILE).write_bytes(content)
            card = replace(
                card,
                architecture=asdict(model.config),
                characters=vocabulary.characters,
                weights_sha256=hashlib.sha256(content).hexdigest(),
                training={**card.training, "parameters": model.config.parameters},
                originality={} if index is None else index.save(staging),
            )
            write_card(staging, card)
            check(staging)
            publish(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"the model cannot be written to {folder} ({error.strerror or error})",
            "free some space or choose another folder",
        ) from error
    return card
