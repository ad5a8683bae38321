"""What a model was trained on is always found, other text as seldom as the card says."""

import hashlib
import random
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.errors import ModelError
from lyricist.network import index_file
from lyricist.network.index_file import INDEX_FILE, LayerShape, header_of
from lyricist.network.passage_hashes import hash_of, hashes_of, passage_ends, passages_of
from lyricist.network.training_index import TrainingIndex, load_index
from lyricist.text.passages import pieces, sign

HAN = "春花秋月何时了往事知多少小楼昨夜又东风故国不堪回首明中"
WORDS = ["the", "night", "is", "long", "and", "cold", "you", "said", "that", "rain", "would"]


def signs(text):
    return [sign(piece) for piece in pieces(text)]


def some_text(source, length):
    """Mixed lines of Chinese and English."""
    parts = [source.choice(HAN) if source.random() < 0.6 else f" {source.choice(WORDS)} "]
    for _ in range(length):
        parts.append(source.choice(HAN) if source.random() < 0.6 else f" {source.choice(WORDS)} ")
    return "".join(parts)


def chinese(source, length):
    return "".join(map(chr, source.choices(range(0x4E00, 0x9000), k=length)))


@given(st.lists(st.text(alphabet=HAN + " ，\nabc'é"), max_size=6))
def test_every_passage_of_the_training_text_is_found(texts):
    index = TrainingIndex.of(texts)
    for text in texts:
        row = signs(text)
        assert all(index.has_one(row[n:end]) for n, end in enumerate(passage_ends(row)))
        assert index.has(passages_of([row]).hashes).all()


@given(st.lists(st.lists(st.integers(0, (1 << 64) - 1), max_size=25), max_size=4))
def test_one_passage_and_many_are_hashed_alike(rows):
    found = passages_of(rows)
    expected, base = [], 0
    for row in rows:
        ends = passage_ends(row)
        expected += [(hash_of(row[n:end]), base + n, base + end) for n, end in enumerate(ends)]
        base += len(row)
    assert list(zip(*(part.tolist() for part in found), strict=True)) == expected


def test_passages_are_eight_characters_or_five_words_or_as_much_of_both():
    assert passage_ends(signs("春花秋月何时了")) == []
    assert passage_ends(signs("春花秋月何时了往事")) == [8, 9]
    assert passage_ends(signs("the night is long")) == []
    assert passage_ends(signs("the night is long and cold")) == [5, 6]
    # 2 characters are two eighths, 4 words four fifths, together one and more.
    assert passage_ends(signs("春花秋 the night is long")) == [7, 7]


@pytest.mark.parametrize("size", [None, 12_000, 6_000])
def test_the_rate_of_mistakes_is_as_stated(size):
    source = random.Random(5)
    index = TrainingIndex.of([chinese(source, 500) for _ in range(20)], size)
    others = hashes_of([chinese(source, 200_000)])
    measured, stated = index.has(others).mean(), index.false_positive_rate
    assert stated / 1.5 < measured < stated * 1.5
    assert (size is None) == (stated < 0.001)


def test_no_passage_goes_across_two_songs():
    index = TrainingIndex.of(["春花秋月何时了", "往事知多少小楼"])
    assert not index.has(hashes_of(["春花秋月何时了往事知多少小楼"])).any()


def test_a_long_song_is_taken_in_parts_and_misses_nothing(monkeypatch):
    text = chinese(random.Random(1), 400)
    whole = hashes_of([text])
    monkeypatch.setattr("lyricist.network.passage_hashes._CHUNK", 37)
    assert hashes_of([text]).tolist() == whole.tolist()


def test_it_comes_back_from_disk_as_it_was(tmp_path):
    texts = [some_text(random.Random(3), 300)]
    index = TrainingIndex.of(texts).extended([some_text(random.Random(4), 300)])
    stated = index.save(tmp_path)
    loaded = load_index(tmp_path, stated)
    assert [layer.shape for layer in loaded.layers] == [layer.shape for layer in index.layers]
    assert all((a.data == b.data).all() for a, b in zip(loaded.layers, index.layers, strict=True))
    assert loaded.complete
    path = tmp_path / INDEX_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert stated["bytes"] == path.stat().st_size
    assert stated["false_positive_rate"] == pytest.approx(index.false_positive_rate, rel=0.01)
    assert stated["false_positive_rate_12_characters"] < 1e-9
    assert load_index(tmp_path / "nothing", {}) is None


def test_a_base_is_kept_and_rates_add_up():
    source = random.Random(6)
    old, new = [chinese(source, 3000)], [chinese(source, 3000)]
    base = TrainingIndex.of(old, 3_000)
    index = base.extended(new)
    assert index.has(hashes_of(old)).all() and index.has(hashes_of(new)).all()
    assert index.layers[0] is base.layers[0] and len(index.layers) == 2
    assert base.false_positive_rate < index.false_positive_rate < base.false_positive_rate + 0.001
    assert base.extended(old) is base


def test_beyond_four_layers_the_last_one_is_made_fuller():
    source = random.Random(7)
    texts = [[chinese(source, 500)] for _ in range(7)]
    index = TrainingIndex.of(texts[0])
    for more in texts[1:]:
        index = index.extended(more)
    assert len(index.layers) == index_file.MAX_LAYERS
    assert all(index.has(hashes_of(text)).all() for text in texts)
    others = hashes_of([chinese(source, 100_000)])
    assert index.has(others).mean() == pytest.approx(index.false_positive_rate, rel=0.5)


# --- files from strangers


def refused(folder, match, stated=None):
    path = folder / INDEX_FILE

    stated = stated or {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    with pytest.raises(ModelError, match=match):
        load_index(folder, stated)


@pytest.fixture
def folder(tmp_path):
    TrainingIndex.of([some_text(random.Random(3), 300)]).save(tmp_path)
    return tmp_path


@pytest.mark.parametrize("keep", [0, 5, 8, 16, 30, 100, -1])
def test_a_file_cut_off_is_refused(folder, keep):
    path = folder / INDEX_FILE
    path.write_bytes(path.read_bytes()[:keep])
    refused(folder, "no such index|cut off|not as long")


def test_trailing_bytes_are_refused(folder):
    path = folder / INDEX_FILE
    path.write_bytes(path.read_bytes() + b"\0")
    refused(folder, "not as long")


@pytest.mark.parametrize(
    ("bits", "hashes"),
    [(1 << 62, 4), (1 << 40, 4), (0, 4), (63, 4), (640, 0), (640, 65_535), ((1 << 64) - 64, 1)],
)
def test_what_cannot_be_is_refused_before_anything_is_allocated(folder, bits, hashes, monkeypatch):
    monkeypatch.setattr(np, "fromfile", None)
    data = header_of([LayerShape(10, bits, hashes)])
    (folder / INDEX_FILE).write_bytes(data + bytes(80))
    refused(folder, "states|not as long")


def test_many_layers_another_version_and_no_layer_are_refused(folder):
    for count, version, match in ((5, 1, "layers"), (0, 1, "layers"), (1, 9, "another version")):
        head = struct.pack("<8sHHHH", b"LYRSEEN\n", version, count, 8, 5)
        (folder / INDEX_FILE).write_bytes(head + bytes(24 * count))
        refused(folder, match)


def test_one_that_says_yes_to_everything_is_refused(folder):
    data = header_of([LayerShape(10, 640, 1)]) + b"\xff" * 80
    (folder / INDEX_FILE).write_bytes(data)
    refused(folder, "tells nothing")


def test_a_huge_file_is_refused_unread(folder):
    path = folder / INDEX_FILE
    with path.open("r+b") as file:
        file.truncate(index_file.MAX_INDEX_BYTES + 1)
    refused(folder, "larger than 64 MB", {"sha256": "0"})


def test_another_file_than_the_card_states_is_refused(folder):
    refused(folder, "does not match the card", {"sha256": "0" * 64})
    with pytest.raises(ModelError, match="the card states none"):
        load_index(folder, {})
    (folder / INDEX_FILE).unlink()
    with pytest.raises(ModelError, match="there is no file"):
        load_index(folder, {"sha256": "0" * 64})


@pytest.mark.skipif(not hasattr(index_file.os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_at_once(folder):
    (folder / INDEX_FILE).unlink()
    index_file.os.mkfifo(folder / INDEX_FILE)
    with pytest.raises(ModelError, match="no file"):
        load_index(folder, {"sha256": "0"})


@given(st.binary(max_size=200))
def test_nonsense_is_refused(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("index")
    (folder / INDEX_FILE).write_bytes(data)
    with pytest.raises(ModelError):
        load_index(folder, {"sha256": "0"})
