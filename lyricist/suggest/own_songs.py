"""The index of the writer's other songs, made aside while suggestions go on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from lyricist.suggest.suffix_index import SuffixIndex


class OwnSongs:
    """Follows which song is open, since that is not one of the others.

    Args:
        read: Returns the other songs as one text, given the path of the open one.
    """

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self._path: str | None = None
        self._made: SuffixIndex | None = None
        self._thread: threading.Thread | None = None
        self.index: SuffixIndex | None = None

    def follow(self, path: str) -> bool:
        """Tell which song is open; True when `index` has become another."""
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
            self.index = self._made
            return True
        if path != self._path and self._thread is None:
            self._path = path
            self._thread = threading.Thread(target=self._make, args=(path,), daemon=True)
            self._thread.start()
        return False

    def _make(self, path: str) -> None:
        try:
            text = self._read(path)
            self._made = SuffixIndex(text) if text else None
        except (OSError, MemoryError):
            self._made = None
