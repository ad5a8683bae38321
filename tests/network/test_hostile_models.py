"""Models made to harm: refused before anything is allocated, and never run."""

import json
import math
import os
import pickle
import struct
import time
import tracemalloc
import zipfile

import pytest
import torch
from click.testing import CliRunner
from small_model import (
    make_small_model,
    safetensors,
    small_architecture,
    weights_bytes,
)

from lyricist.cli.root import root
from lyricist.errors import LyricistError, ModelError
from lyricist.library.models import find_model, import_model
from lyricist.library.paths import paths
from lyricist.network.card import CARD_FILE, WEIGHTS_FILE, read_card
from lyricist.network.checkpoint import load_model
from lyricist.network.decoder import load_decoder
from lyricist.network.weights import read_model
from lyricist.network.weights_file import _has_infinite

FEW_BYTES = 1_500_000


@pytest.fixture
def folder(tmp_path):
    return make_small_model(tmp_path / "m")


def parts(data):
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def refused_quickly(folder, match):
    """Every way in refuses it, within a second and with next to no memory."""
    for enter in (read_model, load_model, load_decoder, import_model):
        tracemalloc.start()
        began = time.perf_counter()
        try:
            with pytest.raises(ModelError, match=match) as caught:
                enter(folder)
            seconds = time.perf_counter() - began
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert seconds < 5
        assert peak < FEW_BYTES
        assert len(str(caught.value)) < 600
        assert caught.value.mend
    models = paths().models
    assert not models.exists() or not list(models.iterdir())


def many_empty_tensors(count):
    empty = '"dtype":"F32","shape":[0],"data_offsets":[0,0]'
    return ("{" + ",".join(f'"t{n}":{{{empty}}}' for n in range(count)) + "}").encode()


def changed(name, **fields):
    """The header of a whole model with other fields for one tensor, and its numbers."""
    header, body = parts(weights_bytes(small_architecture()))
    header[name].update(fields)
    return safetensors(header, body)


_LONG = "header of|larger than"
HEADERS = {
    "200,000 empty tensors": (lambda: safetensors(many_empty_tensors(200_000)), _LONG),
    "500 empty tensors": (lambda: safetensors(many_empty_tensors(500)), "does not match its card"),
    "rank 100,000": (lambda: changed("bias_q", shape=[1] * 100_000), _LONG),
    "rank 10,000": (lambda: changed("bias_q", shape=[1] * 10_000), "has shape"),
    "an absurd shape": (lambda: changed("bias_q", shape=[10**18, 10**18]), "has shape"),
    "a shape of zero": (lambda: changed("bias_q", shape=[0, 10**9]), "has shape"),
    "a shape of flags": (lambda: changed("embedding", shape=[7, True]), "has shape"),
    "a shape of fractions": (lambda: changed("bias_q", shape=[7.0]), "has shape"),
    "a shape of text": (lambda: changed("bias_q", shape="7"), "has shape"),
    "eight bytes a number": (lambda: changed("bias_q", dtype="F64"), "unknown type"),
    "a type that is a list": (lambda: changed("bias_q", dtype=[]), "unknown type"),
    "places that overlap": (lambda: changed("bias_q", data_offsets=[2, 16]), "overlap or leave"),
    "places beyond the end": (
        lambda: changed("bias_q", data_offsets=[10**12, 10**12 + 14]),
        "overlap or leave",
    ),
    "places below zero": (lambda: changed("bias_q", data_offsets=[-14, 0]), "overlap or leave"),
    "places of fractions": (lambda: changed("bias_q", data_offsets=[0.0, 14.0]), "its place"),
    "places of huge size": (lambda: changed("bias_q", data_offsets=[0, 2**63]), "its place"),
    "one field more": (lambda: changed("bias_q", more=1), "not described"),
    "a name that is a path": (
        lambda: safetensors({"../../etc/x": {}}),
        "does not match its card",
    ),
    "a name twice": (
        lambda: safetensors(b'{"bias_q": {}, "bias_q": {}}'),
        "no readable header",
    ),
    "a list": (lambda: safetensors([1, 2]), "no readable header"),
    "no JSON": (lambda: safetensors(b"\x80\x04\x95"), "no readable header"),
    "nested without end": (lambda: safetensors(b"[" * 60_000), "no readable header"),
    "metadata of lists": (lambda: safetensors({"__metadata__": {"a": []}}), "no readable header"),
    "a length of 2^63": (lambda: struct.pack("<Q", 1 << 63) + b"{}", "not a whole"),
    "a length beyond the end": (lambda: struct.pack("<Q", 50) + b"{}", "not a whole"),
    "nothing": (lambda: b"", "not a whole"),
}


@pytest.mark.parametrize("kind", HEADERS)
def test_crafted_weights_are_refused(folder, kind):
    make, match = HEADERS[kind]
    (folder / WEIGHTS_FILE).write_bytes(make())
    refused_quickly(folder, match)


def test_a_hole_between_tensors_is_refused(folder):
    header, body = parts(weights_bytes(small_architecture()))
    header["bias_q"]["data_offsets"] = [len(body) + 8, len(body) + 8 + 14]
    (folder / WEIGHTS_FILE).write_bytes(safetensors(header, body + bytes(22)))
    refused_quickly(folder, "overlap or leave a hole")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(("dtype", "letter"), [("F16", "<e"), ("F32", "<f")])
def test_weights_that_are_no_numbers_are_refused_by_every_way_in(folder, number, dtype, letter):
    data = weights_bytes(small_architecture(), dtype)
    size = struct.calcsize(letter)
    (folder / WEIGHTS_FILE).write_bytes(data[:-size] + struct.pack(letter, number))
    refused_quickly(folder, "not finite")


def test_the_search_for_infinities_agrees_with_the_numbers_themselves():
    halves = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16)
    for dtype, name in ((torch.float16, "F16"), (torch.bfloat16, "BF16")):
        finite = torch.isfinite(halves.view(dtype)).tolist()
        data = halves.numpy().tobytes()
        found = [not _has_infinite(data[2 * n : 2 * n + 2], name) for n in range(2**16)]
        assert found == finite
        assert _has_infinite(data, name)
    singles = torch.randint(-(2**31), 2**31, (20_000,), dtype=torch.int64).to(torch.int32)
    singles[:4] = torch.tensor([0x7F800000, 0x7F7FFFFF, -0x800000, 0x7F800001])
    finite = torch.isfinite(singles.view(torch.float32)).tolist()
    data = singles.numpy().tobytes()
    found = [not _has_infinite(data[4 * n : 4 * n + 4], "F32") for n in range(len(finite))]
    assert found == finite


def edit(folder, old, new):
    text = (folder / CARD_FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / CARD_FILE).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    "value", ["1000000000", "100000", "-1", "0", "3.5", '"1e9"', "nan", "inf", "true", "[]", "{}"]
)
@pytest.mark.parametrize("field", ["hidden_size = 3", "embedding_size = 2", "vocabulary_size = 7"])
def test_absurd_sizes_are_refused_with_the_limit(folder, field, value):
    name = field.partition(" ")[0]
    if (name, value) == ("embedding_size", "0"):
        return
    edit(folder, field, f"{name} = {value}")
    refused_quickly(folder, "whole number from . to [0-9,]+|states a vocabulary")


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("hidden_size = 3", "hidden_size = 3\nnum_layers = 1000000", "from 1 to 8"),
        ("hidden_size = 3", "hidden_size = 8192\nnum_layers = 8", "over the limit"),
        ("vocabulary_size = 7", "vocabulary_size = 100000000", "to 200,000"),
        ('cell = "gru"', "cell = []", "unknown"),
        ('cell = "gru"', 'cell = "gru"\ncell = "lstm"', "cannot be read"),
        ('cell = "gru"', "cell = 1979-05-27", "date or time"),
        ('cell = "gru"\n', "cell = {" + "a = {" * 20 + "}" * 20 + "}\n", "nested too deeply"),
        ('name = "m"', "name = " + "[" * 100_000, "nested too deeply"),
        ('name = "m"', 'name = ["m"]', "wrong kind"),
        ('name = "m"', 'name = "m"\nx = ' + "9" * 400, "more than 64 bits"),
        ("corpora = []", "corpora = [1]", "wrong kind"),
        ("vocabulary_size = 7\n", "", "no vocabulary_size"),
        ('characters = "\\nab分开"', 'characters = ["ab", "c"]', "wrong kind"),
        ('characters = "\\nab分开"', 'characters = "\\nabb开"', "twice"),
        ('characters = "\\nab分开"', "", "no `characters`"),
        ('name = "m"', 'name = "m"\n' + "a." * 64_000 + "b = 1", "keys of very many parts"),
        ('name = "m"', 'name = "m"\n' + '"!".' * 64_000 + "b = 1", "keys of very many parts"),
    ],
)
def test_absurd_cards_are_refused(folder, old, new, match):
    edit(folder, old, new)
    refused_quickly(folder, match)


def test_a_card_of_500_megabytes_is_not_read(folder):
    with open(folder / CARD_FILE, "r+b") as file:
        file.truncate(500_000_000)
    refused_quickly(folder, "larger than 4")


@pytest.mark.parametrize("name", [CARD_FILE, WEIGHTS_FILE])
def test_a_pipe_in_place_of_a_file_does_not_stop_the_program(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    for enter in (read_model, import_model):
        with pytest.raises(ModelError):
            enter(folder)


class Payload:
    """What a pickle of a stranger looks like: opening it runs a command."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def test_a_pickle_is_never_opened(tmp_path):
    mark = tmp_path / "PWNED"
    given = tmp_path / "given"
    given.mkdir()
    data = pickle.dumps(Payload(mark))
    pickle.loads(data)
    assert mark.exists(), "the payload works"
    mark.unlink()
    for suffix in (".pkl", ".pt", ".pth", ".ckpt", ".bin", ".zip", ".safetensors", ""):
        (given / f"model{suffix}").write_bytes(data)
    torch.save({"weights": Payload(mark)}, given / "saved.pt")
    torch.save({"weights": Payload(mark)}, given / "saved.zip")
    inside = make_small_model(given / "folder")
    (inside / WEIGHTS_FILE).write_bytes(data)
    beside = make_small_model(given / "beside")
    (beside / "extra.pkl").write_bytes(data)
    packed = given / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (CARD_FILE, WEIGHTS_FILE):
            archive.write(inside / name, name)
        archive.writestr("m.pt", data)
    for path in given.iterdir():
        for enter in (import_model, lambda path: read_model(find_model(str(path)))):
            if (path, enter) != (beside, import_model) and path == beside:
                continue
            with pytest.raises(LyricistError):
                enter(path)
        for command in (["models", "import"], ["complete", "a", "--model"], ["evaluate"]):
            words = [*command, str(path)]
            if command == ["evaluate"]:
                words = ["evaluate", str(inside / CARD_FILE), "--model", str(path)]
            if path != beside or command == ["models", "import"]:
                result = CliRunner().invoke(root, words)
                assert isinstance(result.exception, LyricistError), (words, result.exception)
    assert not mark.exists()


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".ckpt", ".bin", ".PT"])
def test_a_pickle_is_refused_with_one_sentence_why(tmp_path, suffix):
    path = tmp_path / f"model{suffix}"
    path.write_bytes(b"anything")
    for enter in (import_model, lambda path: find_model(str(path))):
        with pytest.raises(ModelError, match="can run a stranger's program") as caught:
            enter(path)
        assert "\n" not in str(caught.value)
        assert WEIGHTS_FILE in caught.value.mend


def test_a_card_that_was_shown_is_shown_again(folder):
    assert read_card(folder).characters == "\nab分开"
    assert load_decoder(folder)[1].config.hidden_size == 3
