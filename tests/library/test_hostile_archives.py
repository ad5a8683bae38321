"""Archives made to harm: nothing of them reaches the library or any other place."""

import io
import os
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from small_model import make_small_model

from lyricist.errors import CorpusError, ModelError
from lyricist.library.models import export_model, import_model
from lyricist.library.paths import paths
from lyricist.network.card import CARD_FILE, WEIGHTS_FILE
from lyricist.text.corpus import read_corpus

LOCKED = 1
SYMBOLIC_LINK, BLOCK_DEVICE, PIPE = 0o120777, 0o060600, 0o010600


@pytest.fixture
def parts(tmp_path):
    folder = make_small_model(tmp_path / "source")
    return {name: (folder / name).read_bytes() for name in (CARD_FILE, WEIGHTS_FILE)}


def everything(folder):
    return {path for path in folder.rglob("*") if not path.is_relative_to(paths().models)}


def refused(source, match, around):
    """An import is refused, and there are no other files than before, in the library either."""
    before = everything(around)
    with pytest.raises(ModelError, match=match) as caught:
        import_model(source)
    assert caught.value.mend and "\n" not in str(caught.value)
    assert everything(around) == before
    assert not list(paths().models.iterdir())


def zipped(path, members, method=zipfile.ZIP_DEFLATED, mode=None):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members:
            member = zipfile.ZipInfo(name)
            member.compress_type = method
            if mode is not None:
                member.external_attr = mode << 16
            archive.writestr(member, data)
    return path


@pytest.mark.parametrize(
    "name",
    ["../model.toml", "../../model.toml", "/model.toml", "a/../../model.toml", "C:\\model.toml",
     "C:model.toml", "..\\..\\model.toml", "a/b/c/model.toml", "./../model.toml",
     "//host/model.toml"],
)  # fmt: skip
def test_no_path_leads_out_of_an_archive(around, parts, name):
    members = [(name, parts[CARD_FILE]), (WEIGHTS_FILE, parts[WEIGHTS_FILE])]
    refused(zipped(around / "a.zip", members), "holds the path", around)


@pytest.mark.parametrize("mode", [SYMBOLIC_LINK, BLOCK_DEVICE, PIPE])
def test_links_devices_and_pipes_are_refused(around, parts, mode):
    members = [(CARD_FILE, parts[CARD_FILE]), (WEIGHTS_FILE, b"/etc/passwd")]
    refused(zipped(around / "a.zip", members, mode=mode), "is a link or no file", around)


def test_two_members_of_one_name_are_refused(around, parts):
    with pytest.warns(UserWarning, match="Duplicate"):
        zipped(around / "a.zip", [*parts.items(), (CARD_FILE, parts[CARD_FILE])])
    refused(around / "a.zip", "more than one model", around)


def test_locked_members_are_refused(around, parts):
    data = bytearray(zipped(around / "a.zip", parts.items()).read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= LOCKED
            at = data.find(mark, at + 4)
    (around / "a.zip").write_bytes(data)
    refused(around / "a.zip", "locked with a password", around)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_take_as_much_memory_as_they_ask_for_are_refused(around, parts, method):
    refused(zipped(around / "a.zip", parts.items(), method), "packed in an unusual way", around)


def test_an_archive_in_an_archive_is_refused(around, parts):
    inner = zipped(around / "inner.zip", parts.items()).read_bytes()
    refused(zipped(around / "a.zip", [("inner.zip", inner)]), "not a model", around)
    members = [*parts.items(), ("inner.zip", inner)]
    refused(zipped(around / "b.zip", members), "holds other files", around)


def test_other_kinds_of_archive_are_refused(around, parts):
    path = around / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in parts.items():
            member = tarfile.TarInfo(f"../{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    refused(path, "neither a model folder nor a .zip", around)
    os.rename(path, around / "a.zip")
    refused(around / "a.zip", "not a readable zip archive", around)


def test_a_list_of_a_hundred_thousand_files_is_not_even_read(around):
    entry = b"PK\1\2" + bytes(42)
    directory = entry * 100_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 34_464, 34_464, len(directory), 0, 0)
    (around / "a.zip").write_bytes(directory + end)
    refused(around / "a.zip", "too many files", around)
    long = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3_392, 3_392, len(long), 0, 0)
    (around / "songs.zip").write_bytes(long + end)
    with pytest.raises(CorpusError, match="too many files"):
        read_corpus([around / "songs.zip"])


def test_the_larger_kind_of_zip_is_refused(around, parts):
    data = zipped(around / "a.zip", parts.items()).read_bytes()
    at = data.rfind(b"PK\5\6")
    larger = data[:at] + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1) + data[at:]
    (around / "a.zip").write_bytes(larger)
    refused(around / "a.zip", "too many files", around)


def test_a_damaged_archive_leaves_nothing_wherever_it_is_cut(around, parts):
    data = zipped(around / "a.zip", parts.items()).read_bytes()
    for kept in range(0, len(data), 37):
        (around / "a.zip").write_bytes(data[:kept])
        refused(around / "a.zip", "damaged", around)


def test_a_corpus_passes_over_what_it_cannot_unpack(around):
    with zipfile.ZipFile(around / "songs.zip", "w") as archive:
        archive.writestr("good.txt", "la la la", zipfile.ZIP_DEFLATED)
        archive.writestr("strange.txt", "no no no", zipfile.ZIP_LZMA)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = SYMBOLIC_LINK << 16
        archive.writestr(link, "/etc/passwd")
    corpus = read_corpus([around / "songs.zip"])
    assert [song.text for song in corpus.songs] == ["la la la"]
    assert {reason for _, reason in corpus.report.skipped} == {
        "it is packed in an unusual way",
        "it is a link or no file",
    }


def test_a_member_without_a_name_is_passed_over(around):
    data = zipped(around / "songs.zip", [("a.txt", b"la"), ("b.txt", b"lo")]).read_bytes()
    at = data.rfind(b"b.txt")
    (around / "songs.zip").write_bytes(data[:at] + b"\0.txt" + data[at + 5 :])
    corpus = read_corpus([around / "songs.zip"])
    assert [song.text for song in corpus.songs] == ["la"]


def test_an_export_holds_two_plain_files_whatever_the_model_is_called(around):
    make_small_model(paths().models / "a")
    for number, target in enumerate(("x.zip", "..zip", "-rf.zip", "a\nb.zip", "\u202ex.zip")):
        written = export_model("a", around / target)
        with zipfile.ZipFile(written) as archive:
            names = [Path(member.filename).name for member in archive.infolist()]
            assert names == [CARD_FILE, WEIGHTS_FILE]
        assert import_model(written, f"again {number}").name == f"again-{number}"
