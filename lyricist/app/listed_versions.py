"""The versions of a song as lines of a list: when, why, and how many lines they changed."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from lyricist.errors import LyricistError
from lyricist.library.versions import MODEL, OPENED, RESTORING, SAVED, Version, VersionStore

_CAUSES = {SAVED: "saved", RESTORING: "before restoring", OPENED: "as it was opened"}
# Beyond it, counting the lines of all versions would take seconds.
_MOST_CHARACTERS = 5_000_000


@dataclass(frozen=True)
class ListedVersion:
    """A version. changes: lines added and removed since the one before it, None if not known."""

    version: Version
    changes: tuple[int, int] | None = None

    @property
    def when(self) -> str:
        """Day and time, the day left out if it is today."""
        return when(self.version.saved_at, time.time())

    @property
    def why(self) -> str:
        """Why it was kept."""
        if self.version.cause == MODEL:
            return f"{self.version.model} put in use"
        return _CAUSES[self.version.cause]

    @property
    def row(self) -> str:
        """One line of the list."""
        changed = "" if self.changes is None else "  +{} -{}".format(*self.changes)
        return f"{self.when:>17}  {self.why:<18}{changed}"


def listed_versions(store: VersionStore) -> list[ListedVersion]:
    """Return the versions of a song, the newest first."""
    versions = store.newest_first()
    if sum(version.characters for version in versions) > _MOST_CHARACTERS:
        return [ListedVersion(version) for version in versions]
    listed: list[ListedVersion] = []
    before: Counter[str] | None = None
    for version in reversed(versions):
        try:
            lines = Counter(store.text(version).split("\n"))
        except LyricistError:
            # It has been set aside.
            continue
        if before is None:
            listed.append(ListedVersion(version))
        else:
            changes = (lines - before).total(), (before - lines).total()
            listed.append(ListedVersion(version, changes))
        before = lines
    return listed[::-1]


def when(at: float, now: float) -> str:
    """Return a moment as people say it, both in seconds since 1970."""
    then, today = time.localtime(at), time.localtime(now)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M:%S", then)
    if then.tm_year == today.tm_year:
        return f"{then.tm_mday} {time.strftime('%b %H:%M', then)}"
    return f"{then.tm_mday} {time.strftime('%b %Y %H:%M', then)}"
