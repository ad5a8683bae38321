"""Models on disk: what was saved comes back, what is damaged is refused before it is used."""

import json
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

from lyricist.errors import LyricistError, ModelError
from lyricist.network.card import CARD_FILE, FORMAT, WEIGHTS_FILE, ModelCard, read_card
from lyricist.network.checkpoint import load_model, save_model
from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary("\nabc分开雨\"\\'# \t\u2028")


@pytest.fixture
def folder(tmp_path):
    torch.manual_seed(0)
    model = CharRNN(ModelConfig(len(VOCABULARY), hidden_size=16, embedding_size=8, tied=True))
    save_model(tmp_path / "m", model, VOCABULARY, ModelCard("m", {}, ""), dtype=torch.float32)
    return tmp_path / "m"


def edit_card(folder, old, new):
    path = folder / CARD_FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_saved_model_comes_back_equal(tmp_path):
    torch.manual_seed(0)
    model = CharRNN(ModelConfig(len(VOCABULARY), hidden_size=16, embedding_size=8, tied=True))
    card = ModelCard("m", {}, "", training={"held_out_perplexity": 12.5}, recipe={"lr": 0.1})
    save_model(tmp_path / "m", model, VOCABULARY, card, dtype=torch.float32)
    loaded, vocabulary, read = load_model(tmp_path / "m")
    assert vocabulary == VOCABULARY
    assert read.held_out_perplexity == 12.5
    assert read.parameters == model.config.parameters
    for name, tensor in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)


def test_half_precision_is_half_the_size_and_nearly_equal(tmp_path):
    torch.manual_seed(0)
    model = CharRNN(ModelConfig(len(VOCABULARY), hidden_size=64, embedding_size=32))
    for dtype in (torch.float32, torch.float16):
        save_model(tmp_path / str(dtype), model, VOCABULARY, ModelCard("m", {}, ""), dtype)
    sizes = [(tmp_path / str(d) / WEIGHTS_FILE).stat().st_size for d in (torch.float32, torch.half)]
    assert sizes[1] < 0.6 * sizes[0]
    loaded, _, _ = load_model(tmp_path / "torch.float16")
    for name, tensor in model.state_dict().items():
        torch.testing.assert_close(loaded.state_dict()[name], tensor, atol=1e-3, rtol=1e-3)


def test_saving_over_a_model_leaves_no_litter(folder):
    model, vocabulary, card = load_model(folder)
    save_model(folder, model, vocabulary, card)
    assert [path.name for path in folder.parent.iterdir()] == ["m"]


def test_weights_that_are_not_finite_are_never_saved(folder):
    model, vocabulary, card = load_model(folder)
    with torch.no_grad():
        model.bias_q[0] = float("nan")
    before = (folder / WEIGHTS_FILE).read_bytes()
    with pytest.raises(ModelError, match="not finite"):
        save_model(folder, model, vocabulary, card)
    assert (folder / WEIGHTS_FILE).read_bytes() == before


def test_missing_folder_and_missing_parts(tmp_path, folder):
    with pytest.raises(ModelError, match="does not exist"):
        load_model(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="is not a model"):
        load_model(tmp_path)
    (folder / WEIGHTS_FILE).unlink()
    with pytest.raises(ModelError, match="is not a model"):
        load_model(folder)


@pytest.mark.parametrize("kept", [0, 3, 8, 40, 300, -1])
def test_truncated_weights_are_refused(folder, kept):
    path = folder / WEIGHTS_FILE
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelError):
        load_model(folder)


def test_trailing_data_is_refused(folder):
    path = folder / WEIGHTS_FILE
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelError, match="trailing"):
        load_model(folder)


def test_newer_format_asks_for_an_update(folder):
    edit_card(folder, f"format = {FORMAT}", "format = 99")
    with pytest.raises(ModelError, match="update lyricist"):
        load_model(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hidden_size = 16", "hidden_size = 1000000000"),
        ("hidden_size = 16", "hidden_size = -1"),
        ("hidden_size = 16", "hidden_size = 3.5"),
        ("hidden_size = 16", 'hidden_size = "16"'),
        ("hidden_size = 16", "hidden_size = true"),
        ("hidden_size = 16", "hidden_size = 17"),
        ("num_layers = 1", "num_layers = 1000000"),
        ("num_layers = 1", "num_layers = 2"),
        ('cell = "lstm"', 'cell = "transformer"'),
        ('cell = "lstm"', 'cell = "gru"'),
        ("tied = true", "tied = 7"),
        ("tied = true", "tied = true\nsurprise = 1"),
        (f"vocabulary_size = {len(VOCABULARY)}", "vocabulary_size = 100000000"),
        (f"vocabulary_size = {len(VOCABULARY)}", "vocabulary_size = 7"),
        ("dropout_in = 0.0", "dropout_in = nan"),
        ('name = "m"', "name = 5"),
        ('name = "m"', "name = ["),
        ('name = "m"', ""),
    ],
)
def test_absurd_or_mismatching_cards_are_refused(folder, old, new):
    edit_card(folder, old, new)
    with pytest.raises(ModelError):
        load_model(folder)


@pytest.mark.parametrize("nonsense", [b"", b"\x00" * 50, b"\xff\xfe\x80", b"[" * 100_000])
def test_a_card_of_garbage_is_refused(folder, nonsense):
    (folder / CARD_FILE).write_bytes(nonsense)
    with pytest.raises(ModelError):
        read_card(folder)


def test_infinite_weights_are_refused_on_loading(folder):
    weights = load_file(folder / WEIGHTS_FILE)
    weights["bias_q"][0] = float("inf")
    save_file(weights, folder / WEIGHTS_FILE)
    with pytest.raises(ModelError, match="not finite"):
        load_model(folder)


def test_foreign_tensor_names_are_refused(folder):
    weights = load_file(folder / WEIGHTS_FILE)
    weights["../../etc/x"] = torch.zeros(1)
    save_file(weights, folder / WEIGHTS_FILE)
    with pytest.raises(ModelError, match="does not match its card"):
        load_model(folder)


def test_a_header_of_nonsense_is_refused(folder):
    path = folder / WEIGHTS_FILE
    for header in (b"[1,2]", b"{", json.dumps({"bias_q": 3}).encode()):
        path.write_bytes(struct.pack("<Q", len(header)) + header)
        with pytest.raises(ModelError):
            load_model(folder)
    path.write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
    with pytest.raises(ModelError):
        load_model(folder)


def test_every_refusal_is_one_line_with_a_mend(folder):
    edit_card(folder, "hidden_size = 16", "hidden_size = 1000000000")
    with pytest.raises(LyricistError) as caught:
        load_model(folder)
    assert "\n" not in str(caught.value)
    assert caught.value.mend


def test_a_number_of_five_thousand_digits_is_refused(folder):
    edit_card(folder, f"format = {FORMAT}", "format = " + "9" * 5000)
    with pytest.raises(ModelError, match="cannot be read"):
        read_card(folder)
