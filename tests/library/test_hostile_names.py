"""Names that would lead out of the library: refused, or stored under a name that stays inside."""

import os
import unicodedata

import pytest
from small_model import make_small_model

from lyricist.errors import LyricistError, ModelError, UsageError
from lyricist.library.models import (
    export_model,
    find_model,
    import_model,
    list_models,
    name_to_replace,
    remove_model,
    rename_model,
)
from lyricist.library.paths import paths
from lyricist.network.card import CARD_FILE, read_card

NAMES = [
    "../../x", "/etc/x", "..", ".", "", "-rf", "a/b", "a\0b", "a\nb", "CON", "com1.zip", "nul",
    "x" * 300, "é", "e\u0301", "~/x", "~nobody-of-that-name/x", "a\u202eb", "a.", "a ", "...",
    "\\\\host", "C:\\x", "a\\..\\b", "\ud800", "\x1b]0;PWNED\x07", "名" * 300, ".hidden", "a:b",
    "*", "a|b", " ", "aux.", "$(touch x)", "%2e%2e%2fx",
]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_shipped(tmp_path, monkeypatch):
    monkeypatch.setattr("lyricist.library.models.shipped_models", lambda: tmp_path / "none")


def outside(around):
    return {path for path in around.rglob("*") if not path.is_relative_to(paths().models)}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_refused_or_stays_inside(around, name):
    source = make_small_model(around / "given")
    kept = make_small_model(paths().models / "kept")
    before = outside(around)
    for give in (
        lambda: import_model(source, name).path,
        lambda: rename_model("kept", name),
        lambda: paths().models / name_to_replace(name),
    ):
        try:
            folder = give()
        except LyricistError as error:
            assert "\n" not in str(error)
            continue
        assert folder.parent == paths().models
        assert folder.name == os.path.basename(os.path.normpath(folder))
        assert not set(folder.name) & set('/\\:*?"<>|\0\n\x1b\u202e')
        assert not folder.name.startswith((".", "-")) and not folder.name.endswith((".", " "))
        assert folder.name.lower() not in ("con", "nul", "aux", "com1")
        assert len(folder.name.encode()) <= 255
    assert outside(around) == before
    assert kept.exists() or len(list_models()) >= 1
    for entry in list_models():
        assert entry.problem is None


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_asking_for_a_model_never_leads_into_or_out_of_the_library(around, name):
    make_small_model(around / "home" / "data" / "x")
    make_small_model(around / "home" / "x")
    make_small_model(paths().models / "kept")
    before = outside(around)
    for ask in (
        lambda name: read_card(find_model(name)),
        remove_model,
        lambda name: rename_model(name, "y"),
        lambda name: export_model(name, around / "out.zip"),
    ):
        with pytest.raises(LyricistError) as caught:
            ask(name)
        assert "\x1b" not in str(caught.value) and len(str(caught.value)) < 2000
    assert outside(around) == before
    assert [entry.name for entry in list_models()] == ["kept"]


def test_two_titles_never_share_a_folder(around):
    source = make_small_model(around / "given")
    for first, second in (
        ("My Songs", "My-Songs"),
        ("é", "e\u0301"),
        ("a/b", "a b"),
        ("x" * 300, "x" * 301),
        ("CON", "CON"),
        ("a.", "a"),
    ):
        entry = import_model(source, first)
        before = read_card(entry.path)
        with pytest.raises(ModelError, match="exists already"):
            import_model(source, second)
        make_small_model(paths().models / "other")
        with pytest.raises(ModelError, match="exists already"):
            rename_model("other", second)
        assert read_card(entry.path) == before
        remove_model("other")
        remove_model(entry.name)


def test_training_replaces_a_model_only_under_its_very_name(around):
    make_small_model(paths().models / "My-Songs")
    make_small_model(paths().models / "é")
    assert name_to_replace("My-Songs") == "My-Songs"
    assert name_to_replace(unicodedata.normalize("NFD", "é")) == "é"
    assert name_to_replace("Other Songs") == "Other-Songs"
    for title in ("My Songs", "my/../My Songs"[6:], "My?Songs"):
        with pytest.raises(UsageError, match="there is a model of that name"):
            name_to_replace(title)


def test_a_name_from_a_card_is_no_path_either(around):
    for name in ("../../x", "/etc/x", ".", "a\0b".replace("\0", "\x01"), "~/x"):
        source = make_small_model(around / "given")
        text = (source / CARD_FILE).read_text(encoding="utf-8")
        changed = text.replace('name = "given"', f"name = {name!r}".replace("\\x01", ""))
        (source / CARD_FILE).write_text(changed, encoding="utf-8")
        before = outside(around)
        try:
            entry = import_model(source)
            assert entry.path.parent == paths().models
            remove_model(entry.name)
        except UsageError as error:
            assert "cannot name a model" in str(error)
        assert outside(around) == before
        for path in (*source.iterdir(), source):
            path.rmdir() if path.is_dir() else path.unlink()
