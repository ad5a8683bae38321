"""A base model meets new characters: rows are added for them, all else stays as it was."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import NUM_SPECIAL, Vocabulary

_PER_CHARACTER = ("embedding", "weight_hq", "bias_q", "layers.0.weight_xh")


def grow_vocabulary(model: CharRNN, vocabulary: Vocabulary) -> CharRNN:
    """Return a copy of `model` for a longer vocabulary whose first indices are the model's own.

    New rows start at the mean of the rarest quarter of the old rows plus a little noise: a new
    character is first of all a rare one (the vocabulary is ordered by frequency).
    """
    old = model.config.vocabulary_size
    if len(vocabulary) == old:
        return model
    grown = CharRNN(replace(model.config, vocabulary_size=len(vocabulary)), initialize=False)
    weights = {
        name: _grown(tensor, len(vocabulary) - old) if name in _PER_CHARACTER else tensor
        for name, tensor in model.state_dict().items()
    }
    grown.load_state_dict(weights)
    return grown.to(model.device)


def _grown(rows: Tensor, count: int) -> Tensor:
    rare = rows[max(NUM_SPECIAL, rows.shape[0] * 3 // 4) :]
    if not len(rare):
        rare = rows
    shape = (count, *rows.shape[1:])
    noise = torch.randn(shape, device=rows.device) * 0.1 * rows.std()
    return torch.cat((rows, rare.mean(dim=0).expand(shape) + noise))
