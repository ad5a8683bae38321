"""Drafts: the unsaved text of each document, kept so that no crash loses it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from lyricist.errors import DocumentError, LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.draft_change import DraftChange, mark_of, read_change, written_change
from lyricist.library.draft_file import Draft, read_draft, written_draft
from lyricist.library.draft_refuge import draft_refuge, is_private, keep_in_refuge
from lyricist.library.paths import document_key, paths, private_folder
from lyricist.library.set_aside import read_own_file, set_aside
from lyricist.library.song_locks import UNTITLED

_MAX_DRAFT_BYTES = 200_000_000


class DraftStore:
    """One file per document in a private folder; damaged ones are set aside, never deleted.

    Args:
        folder: Where the drafts are; the platform's place if None.
        refuge: Where they are kept if `folder` cannot take them; in the folder for temporary files
            if None and `folder` is None, nowhere if only it is None.

    Attributes:
        untitled: Name of the draft without a file: another one in each window.
    """

    def __init__(self, folder: Path | None = None, refuge: Path | None = None) -> None:
        self.folder = folder if folder is not None else paths().drafts
        self.refuge = refuge if folder is not None or refuge is not None else draft_refuge()
        self.untitled = UNTITLED

    def keep(self, draft: Draft) -> Path | None:
        """Store `draft` in place of the older one of its document.

        Returns:
            The folder it had to be kept in where the usual one cannot take it, None otherwise.

        Raises:
            DocumentError: If the disk refuses; the older draft is still there then.
        """
        data, name = written_draft(draft), self._name(draft.path)
        try:
            private_folder(self.folder)
            write_bytes(self.folder / name, data)
        except (OSError, LyricistError) as error:
            if self.refuge is None or not keep_in_refuge(self.refuge, name, data):
                raise _not_kept(error) from error
            return self.refuge
        # A change is one of an older draft now.
        _delete(_change_of(self.folder / name))
        if self.refuge is not None:
            _delete(self.refuge / name)
        return None

    def keep_change(self, path: Path | str | None, change: DraftChange) -> None:
        """Store what the draft of the document at `path` has become since it was stored.

        Raises:
            DocumentError: If the disk refuses; the older change is still there then.
        """
        try:
            write_bytes(_change_of(self.folder / self._name(path)), written_change(change))
        except OSError as error:
            raise _not_kept(error) from error

    def newest(self) -> Draft | None:
        """Return the draft kept last, None if there is none."""
        return next((draft for _, draft in self.newest_first()), None)

    def newest_first(self) -> list[tuple[str, Draft]]:
        """Return all drafts, each with the name of its lock (see `song_locks`)."""
        files = [file for folder in self._folders() for file in _json_files(folder)]
        drafts = [(file.stem, draft) for file in files if (draft := self._read(file)) is not None]
        return sorted(drafts, key=lambda found: found[1].saved_at, reverse=True)

    def for_document(self, path: Path | str | None) -> Draft | None:
        """Return the draft of the document at `path` (None: of the one without a file)."""
        read = (self._read(folder / self._name(path)) for folder in self._folders())
        found = [draft for draft in read if draft is not None]
        return max(found, key=lambda draft: draft.saved_at, default=None)

    def discard(self, path: Path | str | None) -> None:
        """Delete the draft of the document at `path`, if there is one."""
        for folder in self._folders():
            file = folder / self._name(path)
            _delete(file)
            _delete(_change_of(file))

    def _folders(self) -> list[Path]:
        refuge = self.refuge
        return [self.folder, *([refuge] if refuge is not None and is_private(refuge) else [])]

    def _name(self, path: Path | str | None) -> str:
        return f"{self.untitled if path is None else document_key(path)}.json"

    def _read(self, file: Path) -> Draft | None:
        try:
            draft = read_draft(read_own_file(file, _MAX_DRAFT_BYTES))
            return self._changed(draft, _change_of(file))
        except (ValueError, TypeError, KeyError, RecursionError):
            set_aside(file, "a draft")
        except OSError:
            pass
        return None

    def _changed(self, draft: Draft, file: Path) -> Draft:
        """Return a draft as it has become; a change of an older one is passed over."""
        try:
            change = read_change(read_own_file(file, _MAX_DRAFT_BYTES))
            if change.of != mark_of(draft.text):
                return draft
            changed = change.applied_to(draft.text)
            return replace(draft, text=changed, cursor=change.cursor, saved_at=change.saved_at)
        except (ValueError, TypeError, KeyError, RecursionError):
            set_aside(file, "the latest change of a draft")
        except OSError:
            pass
        return draft


def _json_files(folder: Path) -> list[Path]:
    try:
        return list(folder.glob("*.json"))
    except OSError:
        return []


def _change_of(file: Path) -> Path:
    return file.with_suffix(".change")


def _delete(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink()


def _not_kept(error: OSError | LyricistError) -> DocumentError:
    if isinstance(error, LyricistError):
        return DocumentError(f"the draft cannot be kept: {error.cause}", error.mend)
    reason = error.strerror or error
    return DocumentError(f"the draft cannot be kept ({reason})", "save the song elsewhere")
