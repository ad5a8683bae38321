"""A model on its way in or out, as a folder or a zip archive: exactly a card, its weights and,
where it has one, the index of what it learnt from."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from lyricist.errors import ModelError
from lyricist.library.atomic import TEMPORARY_PREFIX
from lyricist.network.card import CARD_FILE, MAX_CARD_BYTES, WEIGHTS_FILE, ModelCard, read_card
from lyricist.network.config import ModelConfig
from lyricist.network.index_file import INDEX_FILE, MAX_INDEX_BYTES, check_index
from lyricist.network.weights_file import (
    PICKLE_SUFFIXES,
    check_finite,
    checked_architecture,
    max_weights_bytes,
    open_weights,
    read_layout,
    refuse_pickle,
)
from lyricist.new_files import open_private, sync_folder
from lyricist.text.archives import files_in, open_archive, open_member, read_some, why_not_read
from lyricist.text.display import visible
from lyricist.text.sources import open_regular_file

MAX_WEIGHTS_BYTES = 1_000_000_000
_LIMITS = {
    CARD_FILE: MAX_CARD_BYTES,
    WEIGHTS_FILE: MAX_WEIGHTS_BYTES,
    INDEX_FILE: MAX_INDEX_BYTES,
}
# What a model may lack.
_OPTIONAL = (INDEX_FILE,)
_MAX_DIRECTORY = 65_536
_CHUNK = 1 << 18
_PRIVATE = 0o600
_AGAIN = "get the model again from where it came"
_Openers = dict[str, Callable[[], IO[bytes]]]
_MEND = f"give a folder or .zip that holds {CARD_FILE} and {WEIGHTS_FILE} and nothing else"


def unpack(source: Path, folder: Path) -> ModelCard:
    """Copy the model at `source` (a folder or .zip) into the empty `folder` and check it.

    The card comes first: it says how large the weights may be.

    Raises:
        ModelError: If it is missing, holds anything else, a link or too much, or is damaged.
    """
    shown = visible(str(source))
    refuse_pickle(source)
    try:
        with _members(source) as members:
            _copy(members[CARD_FILE], folder / CARD_FILE, MAX_CARD_BYTES)
            card = _card(folder, shown)
            config, _ = checked_architecture(card, shown)
            limit = max_weights_bytes(config.parameters)
            _copy(members[WEIGHTS_FILE], folder / WEIGHTS_FILE, limit)
            if INDEX_FILE in members:
                _copy(members[INDEX_FILE], folder / INDEX_FILE, MAX_INDEX_BYTES)
    except ValueError as error:
        raise ModelError(f"{shown} is damaged or no model: {visible(str(error))}", _MEND) from error
    except OSError as error:
        raise ModelError(f"{shown} cannot be copied ({error.strerror or error})", _MEND) from error
    _check_weights(folder, card, config, shown)
    check_index(folder, card.originality)
    return card


def _card(folder: Path, shown: str) -> ModelCard:
    try:
        return read_card(folder)
    except ModelError as error:
        cause = error.cause.replace(visible(str(folder)), shown)
        raise ModelError(cause.replace(str(folder), shown), error.mend) from error


def pack(folder: Path, target: Path) -> None:
    """Write the model in `folder` to the new `target`, as an archive if that ends in .zip.

    Raises:
        OSError: If it cannot be written; nothing is left behind then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=target.parent))
    try:
        if target.suffix.lower() == ".zip":
            whole = staging / "model.zip"
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
                for name in _files_of(folder):
                    archive.write(folder / name, f"{target.stem}/{name}")
            whole.chmod(_PRIVATE)
        else:
            whole = staging / "model"
            whole.mkdir(mode=0o700)
            for name in _files_of(folder):
                shutil.copyfile(folder / name, whole / name)
                (whole / name).chmod(_PRIVATE)
        os.replace(whole, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    sync_folder(target.parent)


def _files_of(folder: Path) -> list[str]:
    """The names of what the model in `folder` has."""
    return [name for name in _LIMITS if name not in _OPTIONAL or (folder / name).is_file()]


@contextmanager
def _members(source: Path) -> Iterator[_Openers]:
    """How to open each of the files of a model.

    Raises:
        OSError: If the disk refuses.
        ValueError: If it is a damaged archive.
        ModelError: If it is no model, or holds anything else.
    """
    shown = visible(str(source))
    if os.path.isdir(source):
        yield _in_folder(source)
    elif os.path.isfile(source) and source.suffix.lower() == ".zip":
        with open_regular_file(source) as file, open_archive(file, _MAX_DIRECTORY) as archive:
            yield _in_archive(archive, source)
    elif os.path.lexists(source):
        raise ModelError(f"{shown} is neither a model folder nor a .zip", _MEND)
    else:
        raise ModelError(f"{shown} does not exist", "check the path")


def _in_folder(source: Path) -> _Openers:
    names = {entry.name for entry in os.scandir(source) if not entry.name.startswith(".")}
    _check_names(names, source)
    for name in sorted(names):
        if not stat.S_ISREG(os.lstat(source / name).st_mode):
            raise ModelError(f"{visible(str(source))}: {name} is a link or no file", _MEND)
    return {name: partial(open_regular_file, source / name) for name in names}


def _in_archive(archive: zipfile.ZipFile, source: Path) -> _Openers:
    members = [m for m in files_in(archive) if not m.filename.startswith("__MACOSX/")]
    for member in members:
        _check_member(member, source)
    _check_names({m.filename.rpartition("/")[2] for m in members}, source)
    named = {PurePosixPath(m.filename).name for m in members}
    if len(members) != len(named) or len({_parent(m) for m in members}) != 1:
        raise ModelError(f"{visible(str(source))} holds more than one model", _MEND)
    return {
        PurePosixPath(member.filename).name: partial(open_member, archive, member)
        for member in members
    }


def _parent(member: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(member.filename).parent


def _check_member(member: zipfile.ZipInfo, source: Path) -> None:
    """A model lies at the top of the archive or in one folder, as plain files."""
    name = member.filename
    path = PurePosixPath(name)
    escapes = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    if escapes or len(path.parts) > 2:
        cause = f"{visible(str(source))} holds the path {visible(name)}, where no model is"
        raise ModelError(cause, _MEND)
    reason = why_not_read(member)
    if reason:
        raise ModelError(f"{visible(str(source))}: {visible(name)} is refused: {reason}", _MEND)


def _check_names(names: set[str], source: Path) -> None:
    shown = visible(str(source))
    missing = [name for name in _LIMITS if name not in names and name not in _OPTIONAL]
    if missing:
        raise ModelError(f"{shown} is not a model: it has no {missing[0]}", _MEND)
    extra = sorted(names - _LIMITS.keys())
    pickles = [name for name in extra if PurePosixPath(name).suffix.lower() in PICKLE_SUFFIXES]
    if pickles:
        refuse_pickle(source / pickles[0])
    if extra:
        raise ModelError(f"{shown} holds other files too ({visible(extra[0])})", _MEND)


def _copy(opened: Callable[[], IO[bytes]], target: Path, limit: int) -> None:
    """Copy up to the limit, whatever size the source states."""
    most = left = min(limit, _LIMITS[target.name])
    with opened() as file, open(target, "xb", opener=open_private) as copy:
        while chunk := read_some(file, _CHUNK):
            left -= len(chunk)
            if left < 0:
                cause = f"its {target.name} is larger than {most:,} bytes, the most it may be"
                raise ModelError(cause, _MEND)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())


def _check_weights(folder: Path, card: ModelCard, config: ModelConfig, shown: str) -> None:
    """Check all that a load does, so that what has come in can be used."""
    weights = f"{WEIGHTS_FILE} of {shown}"
    if card.weights_sha256:
        with open(folder / WEIGHTS_FILE, "rb") as whole:
            if hashlib.file_digest(whole, "sha256").hexdigest() != card.weights_sha256:
                raise ModelError(f"the weights of {shown} do not match its card", _AGAIN)
    with open_weights(folder) as file:
        check_finite(file, weights, read_layout(file, weights, config.shapes))
