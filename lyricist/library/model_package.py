"""A model on its way in or out: exactly a card and its weights, from a folder or a zip archive."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from lyricist.errors import ModelError
from lyricist.library.atomic import TEMPORARY_PREFIX, sync_folder
from lyricist.network.card import CARD_FILE, MAX_CARD_BYTES, WEIGHTS_FILE, ModelCard, read_card
from lyricist.text.display import visible

MAX_WEIGHTS_BYTES = 1_000_000_000
_LIMITS = {CARD_FILE: MAX_CARD_BYTES, WEIGHTS_FILE: MAX_WEIGHTS_BYTES}
_MAX_HEADER_BYTES = 65_536
_MAX_MEMBERS = 1_000
_CHUNK = 1 << 20
_MEND = f"give a folder or .zip that holds {CARD_FILE} and {WEIGHTS_FILE} and nothing else"


def unpack(source: Path, folder: Path) -> ModelCard:
    """Copy the model at `source` (a folder or .zip) into the empty `folder` and check it.

    Raises:
        ModelError: If it is missing, holds anything else, a link or too much, or is damaged.
    """
    shown = visible(str(source))
    try:
        if source.is_dir():
            _copy_folder(source, folder)
        elif source.is_file() and source.suffix.lower() == ".zip":
            _copy_archive(source, folder)
        elif os.path.lexists(source):
            raise ModelError(f"{shown} is neither a model folder nor a .zip", _MEND)
        else:
            raise ModelError(f"{shown} does not exist", "check the path")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"archive {shown} is damaged ({visible(str(error))})", _MEND) from error
    except OSError as error:
        raise ModelError(f"{shown} cannot be copied ({error.strerror or error})", _MEND) from error
    try:
        card = read_card(folder)
    except ModelError as error:
        raise ModelError(error.cause.replace(str(folder), shown), error.mend) from error
    _check_weights(folder / WEIGHTS_FILE, card, shown)
    return card


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
                for name in _LIMITS:
                    archive.write(folder / name, f"{target.stem}/{name}")
        else:
            whole = staging / "model"
            whole.mkdir()
            for name in _LIMITS:
                shutil.copyfile(folder / name, whole / name)
        os.replace(whole, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    sync_folder(target.parent)


def _copy_folder(source: Path, folder: Path) -> None:
    names = {entry.name for entry in os.scandir(source) if not entry.name.startswith(".")}
    _check_names(names, source)
    for name in _LIMITS:
        if not stat.S_ISREG(os.lstat(source / name).st_mode):
            raise ModelError(f"{visible(str(source))}: {name} is a link or no file", _MEND)
        with open(source / name, "rb") as file:
            _copy(file, folder / name)


def _copy_archive(source: Path, folder: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        members = [m for m in archive.infolist()[:_MAX_MEMBERS] if not m.is_dir()]
        members = [m for m in members if not m.filename.startswith("__MACOSX/")]
        for member in members:
            _check_member(member, source)
        _check_names({m.filename.rpartition("/")[2] for m in members}, source)
        if len(members) != len(_LIMITS) or len({_parent(m) for m in members}) != 1:
            raise ModelError(f"{visible(str(source))} holds more than one model", _MEND)
        for member in members:
            with archive.open(member) as file:
                _copy(file, folder / PurePosixPath(member.filename).name)


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
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise ModelError(f"{visible(str(source))}: {visible(name)} is a link or no file", _MEND)


def _check_names(names: set[str], source: Path) -> None:
    shown = visible(str(source))
    missing = [name for name in _LIMITS if name not in names]
    if missing:
        raise ModelError(f"{shown} is not a model: it has no {missing[0]}", _MEND)
    extra = sorted(names - _LIMITS.keys())
    if extra:
        raise ModelError(f"{shown} holds other files too ({visible(extra[0])})", _MEND)


def _copy(file: IO[bytes], target: Path) -> None:
    """Copy up to the limit for this name, whatever size the source states."""
    left = _LIMITS[target.name]
    with open(target, "wb") as copy:
        while chunk := file.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                limit = _LIMITS[target.name] // 1_000_000
                raise ModelError(f"its {target.name} is larger than {limit:,} MB", _MEND)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())


def _check_weights(path: Path, card: ModelCard, shown: str) -> None:
    """Catch truncated and foreign files early; loading checks every tensor."""
    mend = "get the model again from where it came"
    if card.weights_sha256:
        with open(path, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != card.weights_sha256:
                raise ModelError(f"the weights of {shown} do not match its card", mend)
    with open(path, "rb") as file:
        head = file.read(8)
        length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
        header = file.read(length) if 0 < length <= _MAX_HEADER_BYTES else b""
    try:
        tensors = json.loads(header)
        ends = [t["data_offsets"][1] for name, t in tensors.items() if name != "__metadata__"]
        whole = path.stat().st_size == 8 + length + max(ends)
    except (ValueError, RecursionError, TypeError, AttributeError, LookupError):
        whole = False
    if not whole:
        raise ModelError(f"the weights of {shown} are not a whole safetensors file", mend)
