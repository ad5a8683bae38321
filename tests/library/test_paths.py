"""Where things are."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lyricist.errors import LyricistError
from lyricist.library.paths import paths, private_folder, shipped_models, songbook


def test_one_variable_moves_everything_below_one_folder(home):
    where = paths()
    for folder in (where.settings_file, where.models, where.drafts, where.log, where.training):
        assert folder.is_relative_to(home)
    assert where.cache == home / "cache"


def test_the_variable_is_read_at_each_call_and_nothing_is_created(home, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LYRICIST_HOME", "portable")
    assert paths().data == tmp_path / "portable" / "data"
    assert list(tmp_path.iterdir()) == []


def test_without_the_variable_the_platform_decides(monkeypatch, tmp_path):
    monkeypatch.delenv("LYRICIST_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    where = paths()
    assert where.settings_file.is_relative_to(tmp_path)
    assert where.models.name == "models"
    assert where.models.parent.name == "lyricist"


def test_folders_are_private(home):
    folder = private_folder(home / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_folder(folder) == folder


def test_a_file_in_the_way_is_a_one_line_error(home):
    (home / "a").write_text("x")
    with pytest.raises(LyricistError, match="LYRICIST_HOME"):
        private_folder(home / "a" / "b")


def test_the_songbook_is_found_in_a_checkout():
    assert (songbook() / "zh").is_dir()
    assert shipped_models().name == "models"


def test_shipped_folders_are_found_inside_an_installed_package(tmp_path):
    """A wheel puts them into the package."""
    source = Path(__file__).parents[2] / "lyricist"
    package = tmp_path / "lyricist"
    package.mkdir()
    shutil.copy(source / "__init__.py", package)
    shutil.copy(source / "errors.py", package)
    for name in ("library", "text"):
        shutil.copytree(source / name, package / name)
    (package / "models").mkdir()
    (package / "assets").mkdir()
    code = "import lyricist.library.paths as p; print(p.shipped_models(), p.songbook())"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert result.stdout.split() == [
        str(package / "models"),
        str(package / "assets" / "songbook"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_what_is_missing_above_a_folder_is_private_as_well(home, umask):
    before = os.umask(umask)
    try:
        private_folder(home / "new" / "above" / "folder")
    finally:
        os.umask(before)
    for path in ("new", "new/above", "new/above/folder"):
        assert stat.S_IMODE((home / path).stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_folder_of_ours_that_others_can_read_is_closed_to_them(home):
    folder = home / "state"
    folder.mkdir(mode=0o777)
    folder.chmod(0o775)
    assert stat.S_IMODE(private_folder(folder).stat().st_mode) == 0o700
