"""Every decoder steps as the network runs a whole sequence; int8 comes close enough to be used."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from machine import adds_int8_exactly
from networks import SHAPES, make

from lyricist.errors import ModelError
from lyricist.library.paths import shipped_models, songbook
from lyricist.network.card import ModelCard
from lyricist.network.checkpoint import save_model
from lyricist.network.config import ModelConfig
from lyricist.network.decoder import begin_state, load_decoder, mask_specials
from lyricist.network.model import CharRNN
from lyricist.network.numpy_decoder import NumpyDecoder
from lyricist.network.onnx_decoder import OnnxDecoder
from lyricist.network.onnx_graph import PRECISIONS
from lyricist.network.precision import MAX_ERROR, compare, quickest_correct
from lyricist.network.sampler import log_softmax
from lyricist.network.torch_decoder import TorchDecoder
from lyricist.network.weights import StoredModel, read_model
from lyricist.text.vocabulary import BOUNDARY_INDEX, Vocabulary

INT8, SEVEN_BITS, FP32 = PRECISIONS


def weights_of(model):
    return {name: tensor.numpy() for name, tensor in model.state_dict().items()}


def decoders_of(model):
    weights = weights_of(model)
    return {
        "torch": TorchDecoder(model),
        "numpy": NumpyDecoder(model.config, weights),
        "onnx": OnnxDecoder(model.config, weights, FP32),
    }


@pytest.mark.parametrize("kind", ["torch", "numpy", "onnx"])
@pytest.mark.parametrize(("cell", "activation", "embedding", "layers", "tied"), SHAPES)
def test_steps_equal_the_whole_sequence(cell, activation, embedding, layers, tied, kind):
    model = make(cell, activation, embedding, layers, tied)
    decoder = decoders_of(model)[kind]
    indices = torch.randint(30, (4, 9))
    with torch.no_grad():
        expected, final = model(indices, model.begin_state(4))
    state = begin_state(decoder.config, 4)
    for t in range(9):
        before = state.copy()
        new = decoder.step(indices[:, t].numpy(), state)
        np.testing.assert_array_equal(state, before)
        advanced, logits = decoder.advance(indices[:, t].numpy(), state)
        state = new
        np.testing.assert_array_equal(advanced, state)
        np.testing.assert_allclose(logits, decoder.logits(state), atol=1e-5, rtol=1e-5)
        # The first layer's inputs are kept in half precision by the ONNX decoder.
        tolerance = 5e-3 if kind == "onnx" else 1e-5
        np.testing.assert_allclose(decoder.logits(state), expected[:, t], atol=tolerance, rtol=1e-4)
    np.testing.assert_allclose(state, final, atol=5e-3 if kind == "onnx" else 1e-5)


@pytest.mark.parametrize("precision", [INT8, SEVEN_BITS], ids=lambda p: p.name)
@pytest.mark.parametrize(("cell", "activation", "embedding", "layers", "tied"), SHAPES)
def test_quantized_steps_are_near(cell, activation, embedding, layers, tied, precision):
    model = make(cell, activation, embedding, layers, tied)
    if activation == "relu":
        # Weights that make a ReLU network explode prove nothing.
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if "weight_hh" in name:
                    parameter.mul_(0.3)
    decoder = OnnxDecoder(model.config, weights_of(model), precision)
    reference = NumpyDecoder(model.config, weights_of(model))
    state = expected = begin_state(decoder.config, 3)
    for t in range(20):
        indices = np.array([t, 29 - t, 7])
        state, expected = decoder.step(indices, state), reference.step(indices, expected)
    found = log_softmax(decoder.logits(state))
    wanted = log_softmax(reference.logits(expected))
    trial = compare(wanted, found)
    # Where sums saturate, what is wrong must at least not pass the trial at load.
    saturates = precision is INT8 and not adds_int8_exactly()
    assert trial.error < 4 * MAX_ERROR or (saturates and not trial.passed)
    assert not np.array_equal(found, wanted)


@pytest.mark.parametrize(("cell", "activation", "embedding", "layers", "tied"), SHAPES)
def test_shapes_are_those_of_the_network(cell, activation, embedding, layers, tied):
    model = make(cell, activation, embedding, layers, tied)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    assert model.config.shapes == shapes


@pytest.mark.parametrize("name", ["zh", "en"])
def test_shipped_models_read_held_out_songs_as_fp32_does(name):
    stored = read_model(shipped_models() / name)
    decoder, _ = load_decoder(shipped_models() / name)
    reference = NumpyDecoder(stored.config, stored.weights)
    songs = sorted((songbook() / name).iterdir())[-12:]
    text = "\n\n\n".join(song.read_text(encoding="utf-8") for song in songs)[:3000]
    state = expected = begin_state(stored.config)
    errors, same = [], []
    indices = stored.vocabulary.encode(text)
    for read, following in zip([BOUNDARY_INDEX, *indices], indices, strict=False):
        index = np.array([read])
        state, expected = decoder.step(index, state), reference.step(index, expected)
        found = log_softmax(decoder.logits(state))[0]
        wanted = log_softmax(reference.logits(expected))[0]
        errors.append(abs(found[following] - wanted[following]))
        same.append(found.argmax() == wanted.argmax())
    # The trial at load, by which the number type is chosen, reads another text.
    assert np.mean(errors) <= (1 if adds_int8_exactly() else 1.25) * MAX_ERROR
    assert np.mean(same) >= (0.99 if adds_int8_exactly() else 0.98)


def stored_of(model):
    vocabulary = Vocabulary("\n" + "".join(chr(97 + i) for i in range(27)))
    return StoredModel(ModelCard("m", {}, ""), model.config, vocabulary, weights_of(model))


def test_a_decoder_that_is_wrong_is_not_taken(monkeypatch):
    stored = stored_of(make("lstm"))
    reference = NumpyDecoder(stored.config, stored.weights)
    sound = OnnxDecoder.advance

    def wrong(self, indices, state):
        new, logits = sound(self, indices, state)
        return new, logits * (1 if "fp32" in self.description else 1.5)

    monkeypatch.setattr(OnnxDecoder, "advance", wrong)
    assert quickest_correct(stored, reference).description == "cpu fp32"


def test_a_trial_fails_for_numbers_that_differ_or_are_none():
    even = np.log(np.full((40, 2), 0.5))
    assert compare(even, even).passed
    assert not compare(even, even + 0.05).passed
    assert not compare(even, np.full((40, 2), np.nan)).passed
    uneven = np.tile(np.log([0.501, 0.499]), (40, 1))
    assert not compare(uneven, uneven[:, ::-1]).passed


def test_without_onnx_runtime_numpy_steps(monkeypatch, tmp_path):
    torch.manual_seed(0)
    vocabulary = Vocabulary("\nabc")
    model = CharRNN(ModelConfig(len(vocabulary), hidden_size=8, embedding_size=4))
    save_model(tmp_path / "m", model, vocabulary, ModelCard("m", {}, ""))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    for name in ("precision", "onnx_decoder", "silent_onnxruntime"):
        monkeypatch.delitem(sys.modules, f"lyricist.network.{name}", raising=False)
    decoder, _ = load_decoder(tmp_path / "m")
    assert isinstance(decoder, NumpyDecoder)


def test_a_model_too_large_for_memory_is_an_error_of_one_line(monkeypatch):
    def exhausted(*arguments):
        raise MemoryError

    monkeypatch.setattr("lyricist.network.decoder.read_model", exhausted)
    with pytest.raises(ModelError, match="does not fit into memory"):
        load_decoder(shipped_models() / "en")


def test_preparing_ahead_changes_no_number():
    model = make("gru")
    decoders = [OnnxDecoder(model.config, weights_of(model), INT8) for _ in range(2)]
    while decoders[0].prepare_some():
        pass
    assert not decoders[0].prepare_some()
    indices = np.array([5, 5, 9])
    states = [decoder.step(indices, begin_state(decoder.config, 3)) for decoder in decoders]
    np.testing.assert_array_equal(states[0], states[1])


def test_specials_are_ruled_out_in_place():
    logits = np.zeros((2, 5), np.float32)
    assert mask_specials(logits) is logits
    assert np.isneginf(logits[:, :2]).all() and (logits[:, 2:] == 0).all()


def test_denormals_are_flushed_where_the_decoder_steps():
    code = (
        "import numpy as np\n"
        "from lyricist.library.paths import shipped_models\n"
        "from lyricist.network.decoder import load_decoder\n"
        "load_decoder(shipped_models() / 'en')\n"
        "print((np.full(64, 1e-30, np.float32) * np.float32(1e-12)).max())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert float(printed.stdout) == 0.0


def test_stepping_needs_no_torch():
    code = (
        "import sys\n"
        "from lyricist.library.paths import shipped_models\n"
        "from lyricist.network.decoder import load_decoder\n"
        "from lyricist.suggest.engine import SuggestionEngine\n"
        "from lyricist.suggest.protocol import Request\n"
        "decoder, stored = load_decoder(shipped_models() / 'en')\n"
        "engine = SuggestionEngine(decoder, stored.vocabulary)\n"
        "assert engine.answer(Request(1, 'the ', asked=True)).candidates\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
