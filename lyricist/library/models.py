"""The model library: the writer's own models and the shipped ones, found by name."""

from __future__ import annotations

import functools
import os
import re
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from lyricist.errors import ModelError, UsageError
from lyricist.library.model_package import pack, unpack
from lyricist.library.paths import paths, private_folder, shipped_models
from lyricist.network.card import CARD_FILE, WEIGHTS_FILE, ModelCard, read_card, write_card
from lyricist.network.publishing import recover
from lyricist.network.weights_file import refuse_pickle
from lyricist.new_files import sync_folder
from lyricist.text.display import visible
from lyricist.text.lines import is_han
from lyricist.text.tilde import expanded

_MEND = "see `lyricist models list`"
_MAX_NAME_CHARACTERS = 60
_MAX_NAME_BYTES = 200
_LANGUAGE_SAMPLE = 20_000
_KEPT_CARDS = 512
_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class ModelEntry:
    """One model of the library.

    name: its folder's name, by which it is asked for. card: None where it cannot be read.
    shipped: it came with the package. problem: one line on what is wrong, None if nothing is.
    """

    name: str
    path: Path
    card: ModelCard | None
    shipped: bool
    problem: str | None = None


def list_models() -> list[ModelEntry]:
    """Return the writer's models, the newest first, then the shipped ones; damaged ones too."""
    recover(paths().models)
    own = _entries(paths().models, shipped=False)
    own.sort(key=lambda entry: _age(entry.path), reverse=True)
    return own + _entries(shipped_models(), shipped=True)


def find_model(name_or_path: str) -> Path:
    """Return the folder of a model: the writer's, else a shipped one, else a folder's path.

    Raises:
        ModelError: If there is none.
    """
    if _is_plain(name_or_path):
        if not os.path.isdir(paths().models / name_or_path):
            recover(paths().models)
        for library in (paths().models, shipped_models()):
            if os.path.isdir(library / name_or_path):
                return library / name_or_path
    path = expanded(name_or_path)
    if name_or_path and os.path.isdir(path):
        return path
    shown = visible(name_or_path)
    if name_or_path and os.path.lexists(path):
        refuse_pickle(path)
        raise ModelError(f"{shown} is not a model folder", _MEND)
    raise ModelError(f"there is no model `{shown}`", _MEND)


def safe_name(name: str) -> str:
    """Return `name` as a folder name: letters and digits, inside also `-._`; at most 60.

    Raises:
        UsageError: If nothing is left.
    """
    slug = _NOT_IN_A_NAME.sub("-", unicodedata.normalize("NFC", name)).strip("-._")
    slug = slug[:_MAX_NAME_CHARACTERS].encode()[:_MAX_NAME_BYTES].decode(errors="ignore")
    slug = slug.strip("-._")
    if not slug:
        raise UsageError(f"`{visible(name)}` cannot name a model", "use letters or digits")
    return f"{slug}_" if _RESERVED.fullmatch(slug) else slug


def name_to_replace(title: str) -> str:
    """Return the folder name of a model that may take the place of another one of that name.

    Raises:
        UsageError: If nothing is left of `title`, or a model that was called otherwise has the
            name that is left.
    """
    name = safe_name(title)
    if name != unicodedata.normalize("NFC", title) and os.path.lexists(paths().models / name):
        raise UsageError(
            f"`{visible(title)}` would be stored as `{name}`, and there is a model of that name",
            f"say `{name}` to replace it, or choose another name",
        )
    return name


def rename_model(name: str, new_name: str) -> Path:
    """Rename one of the writer's models and return its new folder.

    Raises:
        ModelError: If it is shipped or missing, or the new name is taken.
        UsageError: If the new name has no letters or digits.
    """
    folder = _own(name)
    target = folder.parent / safe_name(new_name)
    if target == folder:
        return folder
    _check_free(target)
    try:
        _rewrite_card_name(folder, target.name)
        os.rename(folder, target)
        sync_folder(target.parent)
    except OSError as error:
        raise _refused(f"model `{visible(name)}` cannot be renamed", error) from error
    return target


def remove_model(name: str) -> None:
    """Delete one of the writer's models.

    Raises:
        ModelError: If it is shipped or missing, or cannot be deleted.
    """
    folder = _own(name)
    try:
        if folder.is_symlink():
            folder.unlink()
            return
        # Out of the library first, so that no half a model is ever listed.
        grave = Path(tempfile.mkdtemp(prefix=".removed-", dir=folder.parent))
        os.rename(folder, grave / folder.name)
        shutil.rmtree(grave)
    except OSError as error:
        raise _refused(f"model `{visible(name)}` cannot be removed", error) from error


def import_model(source: Path, name: str | None = None) -> ModelEntry:
    """Take a model folder or .zip into the library.

    Args:
        source: It holds exactly `model.toml` and `model.safetensors`.
        name: Its name here; the one on its card if None.

    Raises:
        ModelError: If it is not a whole model, or the name is taken.
        UsageError: If the name has no letters or digits.
    """
    source = expanded(source)
    if name is not None:
        _check_free(paths().models / safe_name(name))
    library = private_folder(paths().models)
    staging = Path(tempfile.mkdtemp(prefix=".import-", dir=library))
    try:
        card = unpack(source, staging)
        target = library / safe_name(name or card.name or source.stem)
        _check_free(target)
        card = replace(card, name=target.name)
        write_card(staging, card)
        os.rename(staging, target)
        sync_folder(library)
    except OSError as error:
        raise _refused(f"{visible(str(source))} cannot be imported", error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return ModelEntry(target.name, target, card, shipped=False)


def export_model(name: str, target: Path) -> Path:
    """Copy a model to the new folder `target`, or into an archive if it ends in .zip.

    Raises:
        ModelError: If the model is missing or damaged, or `target` exists or cannot be written.
    """
    folder = find_model(name)
    target = expanded(target)
    _, problem = _card_or_problem(folder)
    if problem:
        raise ModelError(f"model `{visible(name)}` is damaged ({problem})", "export another one")
    if os.path.lexists(target):
        raise ModelError(f"{visible(str(target))} exists already", "choose another name")
    try:
        pack(folder, target)
    except OSError as error:
        raise _refused(f"{visible(str(target))} cannot be written", error) from error
    return target


def model_for_text(text: str) -> str:
    """Return the shipped model for the language of `text`: `zh` if at least a tenth of its letters
    are Chinese, else `en`."""
    letters = [character for character in text[:_LANGUAGE_SAMPLE] if character.isalpha()]
    han = sum(map(is_han, letters))
    return "zh" if han and han * 10 >= len(letters) else "en"


def _entries(library: Path, shipped: bool) -> list[ModelEntry]:
    try:
        folders = sorted(p for p in library.iterdir() if p.is_dir() and _is_plain(p.name))
    except OSError:
        return []
    entries = []
    for folder in folders:
        card, problem = _card_or_problem(folder)
        entries.append(ModelEntry(folder.name, folder, card, shipped, problem))
    return entries


def _card_or_problem(folder: Path) -> tuple[ModelCard | None, str | None]:
    try:
        card = _card(folder)
    except ModelError as error:
        return None, visible(error.cause)
    if not (folder / WEIGHTS_FILE).is_file():
        return None, f"it has no {WEIGHTS_FILE}"
    return card, None


def _card(folder: Path) -> ModelCard:
    """Return the card of a model, which is read again only where its file is another one.

    Raises:
        ModelError: If there is none that can be read.
    """
    try:
        status = os.stat(folder / CARD_FILE)
    except OSError:
        return read_card(folder)
    return _kept_card(folder, status.st_ino, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=_KEPT_CARDS)
def _kept_card(folder: Path, inode: int, changed: int, size: int) -> ModelCard:
    return read_card(folder)


def _age(folder: Path) -> float:
    for path in (folder / WEIGHTS_FILE, folder):
        try:
            return path.stat().st_mtime
        except OSError:
            continue
    return 0.0


def _is_plain(name: str) -> bool:
    """Whether `name` stays inside its folder and is not one of our hidden working folders."""
    return bool(name) and not name.startswith(".") and not set(name) & set("/\\\0")


def _own(name: str) -> Path:
    folder = paths().models / name
    if _is_plain(name) and os.path.isdir(folder):
        return folder
    if _is_plain(name) and os.path.isdir(shipped_models() / name):
        raise ModelError(
            f"model `{name}` comes with lyricist and stays as it is", "choose one of your own"
        )
    raise ModelError(f"there is no model `{visible(name)}` of yours", _MEND)


def _check_free(target: Path) -> None:
    if os.path.lexists(target):
        raise ModelError(f"a model `{target.name}` exists already", "choose another name")


def _rewrite_card_name(folder: Path, name: str) -> None:
    """Keep the card's name equal to the folder's; a damaged card stays as it is."""
    try:
        card = read_card(folder)
    except ModelError:
        return
    with tempfile.TemporaryDirectory(prefix=".card-", dir=folder.parent) as staging:
        write_card(Path(staging), replace(card, name=name))
        os.replace(Path(staging) / CARD_FILE, folder / CARD_FILE)


def _refused(cause: str, error: OSError) -> ModelError:
    return ModelError(
        f"{cause} ({error.strerror or error})", "check the space and permissions there"
    )
