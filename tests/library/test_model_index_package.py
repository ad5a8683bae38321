"""A model's index goes with it, and a damaged one does not get in."""

import zipfile

import pytest

from lyricist.errors import ModelError
from lyricist.library import model_package
from lyricist.library.models import export_model, import_model
from lyricist.library.paths import paths
from lyricist.network.card import CARD_FILE, WEIGHTS_FILE, ModelCard
from lyricist.network.checkpoint import save_model
from lyricist.network.config import ModelConfig
from lyricist.network.index_file import INDEX_FILE
from lyricist.network.model import CharRNN
from lyricist.network.passage_hashes import hashes_of
from lyricist.network.training_index import TrainingIndex, load_index
from lyricist.text.vocabulary import Vocabulary

SONG = "the night is long and cold you said"


@pytest.fixture
def folder():
    """One of the writer's own models, with an index."""
    vocabulary = Vocabulary("\nab")
    network = CharRNN(ModelConfig(len(vocabulary), hidden_size=8, embedding_size=4))
    index = TrainingIndex.of([SONG])
    save_model(paths().models / "own", network, vocabulary, ModelCard("own", {}, ""), index=index)
    return paths().models / "own"


def test_a_saved_model_has_its_index_readable_by_its_owner_only(folder):
    names = {path.name for path in folder.iterdir()}
    assert names == {CARD_FILE, WEIGHTS_FILE, INDEX_FILE}
    assert (folder / INDEX_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_it_goes_out_and_in_again(folder, tmp_path, name):
    target = export_model("own", tmp_path / name)
    entry = import_model(target, "again")
    index = load_index(entry.path, entry.card.originality)
    assert index.has(hashes_of([SONG])).all()
    assert (entry.path / INDEX_FILE).read_bytes() == (folder / INDEX_FILE).read_bytes()


def test_a_model_without_one_goes_out_and_in_as_before(folder, tmp_path):
    (folder / INDEX_FILE).unlink()
    card = folder / CARD_FILE
    card.write_text(card.read_text().split("[originality]")[0])
    for name in ("out", "out.zip"):
        entry = import_model(export_model("own", tmp_path / name), f"again-{name}")
        assert {path.name for path in entry.path.iterdir()} == {CARD_FILE, WEIGHTS_FILE}


@pytest.mark.parametrize("damage", ["cut", "changed", "missing", "undeclared"])
def test_a_damaged_one_is_refused_and_leaves_nothing(folder, tmp_path, damage):
    target = export_model("own", tmp_path / "out")
    path = target / INDEX_FILE
    data = path.read_bytes()
    if damage == "cut":
        path.write_bytes(data[:-1])
    elif damage == "changed":
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif damage == "missing":
        path.unlink()
    else:
        card = target / CARD_FILE
        card.write_text(card.read_text().split("[originality]")[0])
    with pytest.raises(ModelError, match="index of what the model was trained on is damaged"):
        import_model(target, "again")
    assert [entry.name for entry in paths().models.iterdir()] == ["own"]


def test_a_link_or_a_bomb_in_its_place_is_refused(folder, tmp_path, monkeypatch):
    target = export_model("own", tmp_path / "out")
    (target / INDEX_FILE).rename(tmp_path / "elsewhere")
    (target / INDEX_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ModelError, match="is a link"):
        import_model(target, "again")
    monkeypatch.setitem(model_package._LIMITS, INDEX_FILE, 1_000_000)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / CARD_FILE, CARD_FILE)
        archive.write(folder / WEIGHTS_FILE, WEIGHTS_FILE)
        archive.writestr(INDEX_FILE, b"\0" * 3_000_000)
    with pytest.raises(ModelError, match="larger than"):
        import_model(bomb, "again")
