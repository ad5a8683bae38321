"""Between two models: the ends are the models themselves."""

import pytest
import torch

from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.interpolation import interpolated
from lyricist.training.vocabulary_growth import grow_vocabulary


def network(seed, size=9):
    torch.manual_seed(seed)
    return CharRNN(ModelConfig(size, hidden_size=6, embedding_size=4, tied=True))


def test_the_ends_are_the_two_models_and_the_middle_is_their_mean():
    base, tuned = network(1).state_dict(), network(2).state_dict()
    models = [interpolated(network(3), base, tuned, alpha) for alpha in (0.0, 0.5, 1.0)]
    for name in base:
        first, middle, last = (model.state_dict()[name] for model in models)
        assert torch.equal(first, base[name]) and torch.equal(last, tuned[name])
        torch.testing.assert_close(middle, (base[name] + tuned[name]) / 2)
    assert not models[0].training


def test_rows_of_new_characters_are_mixed_with_their_first_values():
    grown = grow_vocabulary(network(1), Vocabulary("\nabcdefxyz"))
    base = {name: tensor.clone() for name, tensor in grown.state_dict().items()}
    tuned = {name: tensor + 1 for name, tensor in base.items()}
    embedding = interpolated(grown, base, tuned, 0.25).state_dict()["embedding"]
    assert embedding.shape[0] == 12
    torch.testing.assert_close(embedding, base["embedding"] + 0.25)


@pytest.mark.parametrize("alpha", [0.25, 0.75])
def test_the_models_given_stay_as_they_are(alpha):
    base, tuned = network(1).state_dict(), network(2).state_dict()
    before = base["embedding"].clone()
    interpolated(network(3), base, tuned, alpha)
    assert torch.equal(base["embedding"], before)
