"""A tiny untrained network: what is tested here does not depend on quality."""

import pytest
import torch

from lyricist.network.card import ModelCard
from lyricist.network.checkpoint import save_model
from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.network.torch_decoder import TorchDecoder
from lyricist.text.vocabulary import BOUNDARY_INDEX, UNKNOWN_INDEX, Vocabulary


@pytest.fixture(scope="session")
def vocabulary():
    return Vocabulary("\n abcdefghijklmnop，分开雨夜我们在")


@pytest.fixture(scope="session")
def model(vocabulary):
    torch.manual_seed(2)
    network = CharRNN(ModelConfig(len(vocabulary), hidden_size=24, embedding_size=12))
    with torch.no_grad():
        network.bias_q[UNKNOWN_INDEX] = network.bias_q[BOUNDARY_INDEX] = 30.0
    return network.eval()


@pytest.fixture
def decoder(model):
    return TorchDecoder(model)


@pytest.fixture
def model_folder(tmp_path, model, vocabulary):
    save_model(tmp_path / "tiny", model, vocabulary, ModelCard("tiny", {}, ""), torch.float32)
    return tmp_path / "tiny"
