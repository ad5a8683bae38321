"""The model library."""

import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_model import make_small_model

from lyricist.errors import ModelError, UsageError
from lyricist.library import models
from lyricist.library.models import (
    export_model,
    find_model,
    import_model,
    list_models,
    model_for_text,
    remove_model,
    rename_model,
    safe_name,
)
from lyricist.library.paths import paths
from lyricist.network.card import CARD_FILE, FORMAT, WEIGHTS_FILE, read_card


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    folder = tmp_path / "shipped"
    make_small_model(folder / "zh")
    make_small_model(folder / "en")
    monkeypatch.setattr(models, "shipped_models", lambda: folder)
    return folder


def own(name):
    return make_small_model(paths().models / name)


def test_own_models_come_first_the_newest_at_the_top(shipped):
    for age, name in enumerate(["newest", "middle", "oldest"]):
        os.utime(own(name) / WEIGHTS_FILE, (1e9 - age, 1e9 - age))
    listed = list_models()
    assert [e.name for e in listed] == ["newest", "middle", "oldest", "en", "zh"]
    assert [e.shipped for e in listed] == [False, False, False, True, True]
    assert all(e.card and e.problem is None for e in listed)


def test_damaged_models_are_listed_with_their_problem(shipped):
    (own("no-card") / CARD_FILE).unlink()
    (own("bad-card") / CARD_FILE).write_text("name = ")
    (own("no-weights") / WEIGHTS_FILE).unlink()
    (paths().models / ".staging").mkdir()
    (paths().models / "a-file").write_text("x")
    problems = {e.name: e.problem for e in list_models() if not e.shipped}
    assert set(problems) == {"no-card", "bad-card", "no-weights"}
    assert all(problems.values())


def test_an_empty_library_is_no_error(monkeypatch, tmp_path):
    monkeypatch.setattr(models, "shipped_models", lambda: tmp_path / "nowhere")
    assert list_models() == []


def test_a_name_is_looked_up_in_the_library_then_shipped_then_as_a_path(
    shipped, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    make_small_model(tmp_path / "zh")
    make_small_model(tmp_path / "elsewhere")
    assert find_model("zh") == shipped / "zh"
    assert find_model("./zh").resolve() == tmp_path / "zh"
    assert find_model(str(tmp_path / "elsewhere")) == tmp_path / "elsewhere"
    assert find_model("elsewhere").resolve() == tmp_path / "elsewhere"
    assert own("zh") == find_model("zh")


@pytest.mark.parametrize("name", ["", "missing", "a\0b", "../nothing", "x\x1b[31m"])
def test_an_unknown_model_is_an_error_with_a_mend(shipped, name):
    with pytest.raises(ModelError, match="lyricist models list") as caught:
        find_model(name)
    assert "\x1b" not in str(caught.value)


def test_a_file_is_not_a_model(shipped, tmp_path):
    (tmp_path / "model.txt").write_bytes(b"x")
    with pytest.raises(ModelError, match="not a model folder"):
        find_model(str(tmp_path / "model.txt"))


@given(st.text())
def test_a_safe_name_never_escapes_its_folder(name):
    try:
        safe = safe_name(name)
    except UsageError:
        return
    assert safe
    assert not set(safe) & set('/\\:*?"<>|\0\n')
    assert not safe.startswith((".", "-"))
    assert len(safe.encode()) <= 255
    assert os.path.dirname(os.path.normpath(os.path.join("/models", safe))) == "/models"
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("My Songs", "My-Songs"),
        ("我的歌 第二版", "我的歌-第二版"),
        ("../../etc/passwd", "etc-passwd"),
        ("v1.2", "v1.2"),
        ("con", "con_"),
        ("a" * 300, "a" * 60),
        ("\x1b[31mred", "31mred"),
    ],
)
def test_names_stay_readable(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["", "...", "///", "🎸", " \n"])
def test_a_name_without_letters_is_wrong_usage(name):
    with pytest.raises(UsageError, match="cannot name a model"):
        safe_name(name)


def test_renaming_moves_the_folder_and_the_name_on_the_card(shipped):
    own("old")
    folder = rename_model("old", "New Name")
    assert folder == paths().models / "New-Name"
    assert read_card(folder).name == "New-Name"
    assert sorted(p.name for p in paths().models.iterdir()) == ["New-Name"]
    assert rename_model("New-Name", "New Name") == folder


def test_renaming_replaces_no_model(shipped):
    own("a")
    own("b")
    with pytest.raises(ModelError, match="exists already"):
        rename_model("a", "b")
    assert {e.name for e in list_models() if not e.shipped} == {"a", "b"}


def test_removing_deletes_the_folder_and_nothing_else(shipped):
    own("a")
    own("b")
    remove_model("a")
    assert [p.name for p in paths().models.iterdir()] == ["b"]


def test_removing_a_linked_model_leaves_what_it_points_to(shipped, tmp_path):
    outside = make_small_model(tmp_path / "outside")
    paths().models.mkdir(parents=True)
    (paths().models / "link").symlink_to(outside)
    remove_model("link")
    assert (outside / CARD_FILE).exists()
    assert list(paths().models.iterdir()) == []


@pytest.mark.parametrize("name", ["zh", "missing", "..", "../models", "", ".hidden"])
def test_only_own_models_can_be_renamed_or_removed(shipped, name):
    own("mine")
    with pytest.raises(ModelError):
        remove_model(name)
    with pytest.raises(ModelError):
        rename_model(name, "x")
    assert [p.name for p in paths().models.iterdir()] == ["mine"]
    assert (shipped / "zh").is_dir()


@pytest.mark.parametrize("target", ["copy", "copy.zip", "deep/er/copy.zip"])
def test_an_exported_model_can_be_imported_again(shipped, tmp_path, target):
    source = own("mine")
    written = export_model("mine", tmp_path / target)
    assert written == tmp_path / target
    entry = import_model(written, "again")
    assert (entry.name, entry.path) == ("again", paths().models / "again")
    assert entry.card == read_card(entry.path)
    assert entry.card.name == "again"
    assert (entry.path / WEIGHTS_FILE).read_bytes() == (source / WEIGHTS_FILE).read_bytes()
    assert sorted(p.name for p in paths().models.iterdir()) == ["again", "mine"]
    assert not list(tmp_path.rglob(".lyricist*"))


@pytest.mark.skipif(os.name == "nt", reason="modes are those of Unix")
def test_only_the_writer_may_read_an_imported_model(shipped, tmp_path):
    entry = import_model(make_small_model(tmp_path / "given"), "mine")
    moved = rename_model("mine", "new")
    assert entry.path != moved
    for path in (moved, *moved.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_name_on_the_card_is_the_default(shipped, tmp_path):
    make_small_model(tmp_path / "folder", name="Love Songs")
    assert import_model(tmp_path / "folder").name == "Love-Songs"
    with pytest.raises(ModelError, match="exists already"):
        import_model(tmp_path / "folder")


def test_a_shipped_model_can_be_exported_but_no_file_is_overwritten(shipped, tmp_path):
    export_model("zh", tmp_path / "zh.zip")
    with pytest.raises(ModelError, match="exists already"):
        export_model("zh", tmp_path / "zh.zip")
    with pytest.raises(ModelError, match="exists already"):
        export_model("zh", tmp_path)


def test_a_damaged_model_is_not_exported(shipped, tmp_path):
    (own("bad") / WEIGHTS_FILE).unlink()
    with pytest.raises(ModelError, match="damaged"):
        export_model("bad", tmp_path / "bad.zip")
    assert not (tmp_path / "bad.zip").exists()


def refused(source, match):
    with pytest.raises(ModelError, match=match) as caught:
        import_model(source)
    assert caught.value.mend
    assert ".import-" not in str(caught.value)
    library = paths().models
    assert not library.exists() or list(library.iterdir()) == []


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def parts(tmp_path):
    folder = make_small_model(tmp_path / "source")
    return [(name, (folder / name).read_bytes()) for name in (CARD_FILE, WEIGHTS_FILE)]


def test_what_is_no_model_is_not_imported(tmp_path):
    refused(tmp_path / "missing", "does not exist")
    (tmp_path / "model.tar").write_bytes(b"x")
    refused(tmp_path / "model.tar", "neither a model folder nor")
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 cut")
    refused(tmp_path / "a.zip", "damaged")
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", f"no {CARD_FILE}")


def test_a_folder_with_other_files_or_links_is_not_imported(tmp_path):
    folder = make_small_model(tmp_path / "model")
    (folder / "run.py").write_text("x")
    refused(folder, "other files")
    (folder / "run.py").unlink()
    (folder / WEIGHTS_FILE).rename(tmp_path / "weights")
    (folder / WEIGHTS_FILE).symlink_to(tmp_path / "weights")
    refused(folder, "is a link")


@pytest.mark.parametrize(
    "name", ["../model.toml", "/model.toml", "a/b/model.toml", "..\\model.toml", "a/../model.toml"]
)
def test_paths_that_lead_out_of_an_archive_are_refused(tmp_path, name):
    card, weights = parts(tmp_path)
    refused(zipped(tmp_path / "a.zip", [(name, card[1]), weights]), "holds the path")


def test_an_archive_with_anything_else_is_refused(tmp_path):
    card, weights = parts(tmp_path)
    refused(zipped(tmp_path / "a.zip", [card, weights, ("x.txt", b"")]), "other files")
    refused(zipped(tmp_path / "b.zip", [card]), WEIGHTS_FILE)
    two = [(f"{folder}/{name}", data) for folder in "ab" for name, data in (card, weights)]
    refused(zipped(tmp_path / "c.zip", two), "more than one")


def test_a_link_in_an_archive_is_refused(tmp_path):
    card, weights = parts(tmp_path)
    link = zipfile.ZipInfo(WEIGHTS_FILE)
    link.external_attr = 0o120777 << 16
    refused(zipped(tmp_path / "a.zip", [card, (link, b"/etc/passwd")]), "is a link")
    assert weights[1]


def test_a_zip_bomb_stops_at_what_the_card_allows(tmp_path):
    card, _ = parts(tmp_path)
    for most in (3_000_000, 100_000_000):
        bomb = zipped(tmp_path / "a.zip", [card, (WEIGHTS_FILE, bytes(most))])
        assert bomb.stat().st_size * 100 < most
        written = bytes_written()
        refused(bomb, "larger than")
        assert bytes_written() - written < 1_000_000


def bytes_written():
    """What this process has given to `write` so far, 0 where the system does not tell."""
    try:
        text = Path("/proc/self/io").read_text()
    except OSError:
        return 0
    return int(dict(line.split(": ") for line in text.splitlines())["wchar"])


def test_damaged_weights_are_refused(tmp_path):
    card, (_, weights) = parts(tmp_path)
    for data in (b"", b"\1" * 7, weights[:-1], weights + b"x", b"\x80\x04pickle"):
        bad = zipped(tmp_path / "a.zip", [card, (WEIGHTS_FILE, data)])
        refused(bad, "not a whole safetensors")
    hashed = make_small_model(tmp_path / "hashed", weights_sha256="0" * 64)
    refused(hashed, "do not match its card")


def test_a_model_of_a_newer_format_is_refused(tmp_path):
    folder = make_small_model(tmp_path / "new")
    card = (folder / CARD_FILE).read_text().replace(f"format = {FORMAT}", f"format = {FORMAT + 1}")
    (folder / CARD_FILE).write_text(card)
    refused(folder, "update lyricist")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "en"),
        ("love is blind", "en"),
        ("爱", "zh"),
        ("我们 baby oh yeah", "zh"),
        ("a long English song about the word 爱 and nothing else", "en"),
        ("123 !?", "en"),
    ],
)
def test_the_language_of_the_text_chooses_the_model(text, name):
    assert model_for_text(text) == name
