"""Small networks of every kind, with weights large enough for mistakes to show."""

import pytest
import torch

from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN

SHAPES = [
    pytest.param(cell, activation, embedding, layers, tied, id=f"{cell}-{activation}-{name}")
    for cell, activation in (("rnn", "tanh"), ("rnn", "relu"), ("gru", "tanh"), ("lstm", "tanh"))
    for name, embedding, layers, tied in (
        ("one-hot", 0, 1, False),
        ("one-hot-2-layers", 0, 2, False),
        ("embedding", 12, 1, False),
        ("embedding-3-layers", 12, 3, False),
        ("tied", 24, 1, True),
        ("tied-projected", 12, 2, True),
    )
]


def make(cell="lstm", activation="tanh", embedding=12, layers=1, tied=False):
    torch.manual_seed(1)
    config = ModelConfig(
        30, cell, activation, embedding_size=embedding, hidden_size=24, num_layers=layers, tied=tied
    )
    model = CharRNN(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.uniform_(-0.4, 0.4)
    return model
