"""Forgetting everything that lyricist knows of the writer: all but the songs, settings and models.

It goes through our folders and keeps what is named here, rather than removing what is named, so
that nothing which is kept one day can escape it.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lyricist.errors import LyricistError
from lyricist.library.draft_refuge import draft_refuge, is_private
from lyricist.library.in_place import finish_all_writes
from lyricist.library.paths import Paths, paths
from lyricist.library.settings import Settings, load_settings, save_settings
from lyricist.text.display import visible

# Of songs that the writer has put among our files; what we write ourselves ends otherwise.
_SONG_SUFFIXES = (".txt", ".md", ".lrc")


@dataclass(frozen=True)
class Trace:
    """Something that would be forgotten: a file, or a folder of `files` files."""

    path: Path
    files: int


def traces(models: bool = False, keep: Collection[Path] = ()) -> list[Trace]:
    """Return what `forget_everything` would remove, given the same."""
    settings, _ = load_settings()
    kept = _kept(paths(), settings, models) | set(keep)
    found = {path: Trace(path, _files_in(path)) for path in _doomed(paths(), kept)}
    return [found[path] for path in sorted(found)]


def forget_everything(models: bool = False, keep: Collection[Path] = ()) -> None:
    """Remove drafts, earlier versions, notes, what was learned, logs, and the recent songs.

    Songs, settings and shipped models stay. Files are deleted, not written over.

    Args:
        models: Whether the writer's models are to go as well.
        keep: Files or folders of ours that a running program cannot be without.

    Raises:
        LyricistError: If something is still there; all else is gone then.
    """
    # What a song was before a write that was broken off is the song.
    finish_all_writes()
    settings, _ = load_settings()
    left = []
    for path in _doomed(paths(), _kept(paths(), settings, models) | set(keep)):
        try:
            _remove(path)
        except OSError:
            left.append(path)
    # Only what is there to hold something is written.
    if paths().settings_file.exists():
        save_settings(without_traces(settings, models))
    if left:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        raise LyricistError(f"{visible(str(left[0]))}{more} cannot be removed", "remove it by hand")


def without_traces(settings: Settings, models: bool = False) -> Settings:
    """Return `settings` without what they tell of the songs."""
    model = "" if models else settings.model
    return replace(settings, recent=[], corpus=[], lock_word="", model=model)


def _kept(where: Paths, settings: Settings, models: bool) -> set[Path]:
    """What stays: settings, models, and songs that lie among our own files."""
    # Locks say which process writes a song now, and nothing of the song.
    kept = {where.settings_file, where.locks}
    if not models:
        kept.add(where.models)
    for root in (where.data, where.state, where.cache):
        # We ourselves put nothing there but folders and data.
        kept |= {entry for entry in _entries(root) if entry.suffix in _SONG_SUFFIXES}
    return kept | {Path(song) for song in settings.recent if song.endswith(_SONG_SUFFIXES)}


def _doomed(where: Paths, kept: set[Path]) -> Iterator[Path]:
    """What is to be removed, each folder as a whole where nothing in it stays."""
    for root in dict.fromkeys((where.data, where.state, where.cache)):
        yield from _without_kept(root, kept, top=True)
    if is_private(draft_refuge()):
        yield draft_refuge()
    if where.config not in (where.data, where.state, where.cache):
        # Settings that were set aside, and halves of them. All else is the writer's own.
        yield from _entries(where.config, f"{where.settings_file.name}.")
        yield from _entries(where.config, ".lyricist-")
    if where.models in kept:
        # What an interrupted import or training has left.
        yield from _entries(where.models, ".")


def _without_kept(path: Path, kept: set[Path], top: bool = False) -> Iterator[Path]:
    if path in kept:
        return
    holds_kept = any(path in one.parents for one in kept)
    if not (holds_kept or top):
        yield path
        return
    for entry in _entries(path):
        yield from _without_kept(entry, kept)


def _entries(folder: Path, prefix: str = "") -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.name.startswith(prefix))
    except OSError:
        return []


def _files_in(path: Path) -> int:
    if path.is_symlink() or not path.is_dir():
        return 1
    return sum(len(names) for _, _, names in os.walk(path))


def _remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it; a link goes, but not what it leads to.

    Raises:
        OSError: If it is still there.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for folder, _, _ in os.walk(path):
        # A folder that was locked against writing is ours all the same.
        os.chmod(folder, stat.S_IMODE(os.stat(folder).st_mode) | stat.S_IRWXU)
    shutil.rmtree(path)
