"""Where things are on disk: the writer's own folders and what ships with the package."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from lyricist.errors import LyricistError
from lyricist.text.display import visible
from lyricist.text.shipped import shipped

HOME_VARIABLE = "LYRICIST_HOME"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Paths:
    """The four folders of the platform (or of `LYRICIST_HOME`) and what lies in them."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        """The settings, a TOML file the writer may edit."""
        return self.config / "settings.toml"

    @property
    def feedback_file(self) -> Path:
        """How often ghost text was shown and taken."""
        return self.state / "feedback.json"

    @property
    def models(self) -> Path:
        """The writer's models, one folder each."""
        return self.data / "models"

    @property
    def drafts(self) -> Path:
        """Unsaved text, one file per document."""
        return self.state / "drafts"

    @property
    def recovery(self) -> Path:
        """What files hold that are being written over, until that is done."""
        return self.state / "recovery"

    @property
    def locks(self) -> Path:
        """Which documents are open, and where."""
        return self.state / "locks"

    @property
    def notes(self) -> Path:
        """What the writer chose for single songs, one file per document."""
        return self.data / "notes"

    @property
    def versions(self) -> Path:
        """Earlier versions of songs, one folder per document."""
        return self.data / "versions"

    @property
    def undo(self) -> Path:
        """What can be undone in each song, one file per document."""
        return self.state / "undo"

    @property
    def log(self) -> Path:
        """Log files."""
        return self.state / "log"

    @property
    def training(self) -> Path:
        """Training runs that have not finished."""
        return self.state / "training"


def paths() -> Paths:
    """Return the folders in force now; nothing is created.

    The environment variable `LYRICIST_HOME` puts all four below one folder.
    """
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(os.path.abspath(os.path.expanduser(home)))
        return Paths(root / "config", root / "data", root / "state", root / "cache")
    where = platformdirs.PlatformDirs("lyricist", appauthor=False)
    return Paths(
        where.user_config_path, where.user_data_path, where.user_state_path, where.user_cache_path
    )


def document_key(path: Path | str) -> str:
    """Return a file name for what is kept beside the document at `path`: the same by whatever way
    it is reached."""
    real = str(path)
    # What can be no path stays apart.
    with contextlib.suppress(ValueError, OSError):
        real = os.path.realpath(path)
    return hashlib.sha256(real.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def private_folder(path: Path) -> Path:
    """Create `path` (and what is missing above it), open to its owner only, and return it.

    A folder of ours that others may look into, from wherever that comes, is closed to them.

    Raises:
        LyricistError: If the folder cannot be created.
    """
    try:
        for folder in (*_missing_above(path), path):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LyricistError(
            f"folder {visible(str(path))} cannot be created ({error.strerror})",
            f"set {HOME_VARIABLE} to a folder that you can write to",
        ) from error
    # Some file systems know no modes, and a folder of another user is not ours to change.
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
    return path


def _missing_above(path: Path) -> list[Path]:
    """The folders above `path` that are not there, the topmost first: they would be made open to
    all that the umask allows."""
    missing: list[Path] = []
    for folder in path.parents:
        if folder.exists():
            break
        missing.insert(0, folder)
    return missing


def shipped_models() -> Path:
    """The folder of the models that come with the package (it may be absent)."""
    return shipped("models")


def songbook() -> Path:
    """The folder of the songs that come with the package (it may be absent)."""
    return shipped("assets") / "songbook"


def held_out_songs() -> Path:
    """The folder of the songs that no shipped model was trained on (it may be absent)."""
    return shipped("assets") / "held-out"


def benchmarks() -> Path:
    """The folder of the benchmarks, a package (it may be absent)."""
    return shipped("benchmarks", "tests/benchmarks")
