"""What the writer chose for one song and no text can say: readings, templates, earlier lines.

It lies beside the drafts rather than in the song, whose file holds the words alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lyricist.craft.mandarin.pinyin import parsed
from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import document_key, paths, private_folder
from lyricist.library.set_aside import read_own_file, set_aside
from lyricist.text.display import visible

_FORMAT = 1
_MAX_BYTES = 4_000_000
MAX_LINES = 2000
MAX_VERSIONS = 20
MAX_FOLLOWS = 200


@dataclass(frozen=True)
class Follow:
    """A section that another one is the template of.

    heading, number: the section: its heading, empty where it has none, and the how many-th of that
    heading it is, from 0. source, source_number: the section to follow. reference: the text to
    follow instead, empty for none.
    """

    heading: str
    number: int
    source: str = ""
    source_number: int = 0
    reference: str = ""


@dataclass
class SongNotes:
    """readings: by the text of a line, pinyin by code point. versions: by the text of a line, what
    stood in its place before, the latest last. follows: one for each section that has a template.
    """

    readings: dict[str, dict[int, str]] = field(default_factory=dict)
    versions: dict[str, list[str]] = field(default_factory=dict)
    follows: list[Follow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.readings or self.versions or self.follows)

    def choose_reading(self, line: str, place: int, pinyin: str) -> None:
        """Remember how the character at a place of a line is read."""
        self.readings.setdefault(line, {})[place] = pinyin
        _forget_oldest(self.readings, MAX_LINES)

    def forget_reading(self, line: str, place: int) -> None:
        """Let the character at a place of a line be read as the line says again."""
        self.readings.get(line, {}).pop(place, None)
        if not self.readings.get(line, True):
            del self.readings[line]

    def remember_version(self, old: str, new: str) -> None:
        """Remember that `new` has taken the place of the line `old`, with all that it replaced."""
        if old == new:
            return
        earlier = [line for line in (*self.versions.pop(old, []), old) if line != new]
        known = [line for line in self.versions.get(new, []) if line not in earlier]
        self.versions[new] = [*known, *earlier][-MAX_VERSIONS:]
        _forget_oldest(self.versions, MAX_LINES)

    def show_version(self, line: str) -> str | None:
        """Return what stood in the place of a line before, None if nothing is remembered.

        From there the one before it comes next, and after the first one the line itself.
        """
        earlier = self.versions.get(line)
        if not earlier:
            return None
        *older, shown = earlier
        # The line keeps its own: it may stand elsewhere in the song, and an undo brings it back.
        self.versions[shown] = [line, *(old for old in older if old != line)]
        _forget_oldest(self.versions, MAX_LINES)
        return shown

    def forget_all_but(self, lines: Iterable[str]) -> None:
        """Forget readings and versions of what is no line of the song any more."""
        there = set(lines)
        for kept in (self.readings, self.versions):
            for line in [line for line in kept if line not in there]:
                del kept[line]

    def follow(self, wanted: Follow) -> None:
        """Let a section follow another one, in place of what it followed."""
        self.unfollow(wanted.heading, wanted.number)
        self.follows = [*self.follows, wanted][-MAX_FOLLOWS:]

    def unfollow(self, heading: str, number: int) -> None:
        """Let a section follow nothing."""
        self.follows = [f for f in self.follows if (f.heading, f.number) != (heading, number)]

    def followed_by(self, heading: str, number: int) -> Follow | None:
        """Return what a section follows, None if it does not."""
        found = (f for f in self.follows if (f.heading, f.number) == (heading, number))
        return next(found, None)


def load_notes(path: Path) -> SongNotes:
    """Return the notes of the document at `path`; none where there are none.

    Damaged ones are set aside.
    """
    file = _file(path)
    try:
        return _parse(json.loads(read_own_file(file, _MAX_BYTES)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        set_aside(file, "what you chose for a song")
    except OSError:
        pass
    return SongNotes()


def save_notes(path: Path, notes: SongNotes) -> None:
    """Store the notes of the document at `path`.

    Raises:
        LyricistError: If the disk refuses; the older ones are still there then.
    """
    file = _file(path)
    if not notes and not file.exists():
        return
    readings = {line: {str(n): p for n, p in own.items()} for line, own in notes.readings.items()}
    data = {
        "format": _FORMAT,
        "readings": readings,
        "versions": notes.versions,
        "follows": [asdict(follow) for follow in notes.follows],
    }
    try:
        private_folder(file.parent)
        # Escaped, for a song may hold what is no Unicode text.
        write_bytes(file, json.dumps(data).encode("ascii") + b"\n")
    except OSError as error:
        raise LyricistError(
            f"the notes of this song cannot be kept ({error.strerror or error})",
            f"check {visible(str(file.parent))}",
        ) from error


def _file(path: Path) -> Path:
    return paths().notes / f"{document_key(path)}.json"


def _parse(found: Any) -> SongNotes:
    """Check what was read.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: If it is no notes.
    """
    if found["format"] != _FORMAT:
        raise ValueError("notes of another format")
    readings = {
        _text(line): {int(place): _syllable(pinyin) for place, pinyin in own.items()}
        for line, own in found["readings"].items()
    }
    versions = {
        _text(line): [_text(old) for old in lines] for line, lines in found["versions"].items()
    }
    follows = [Follow(**follow) for follow in found["follows"]]
    for follow in follows:
        _text(follow.heading), _text(follow.source), _text(follow.reference)
        if type(follow.number) is not int or type(follow.source_number) is not int:
            raise ValueError("no number of a section")
    return SongNotes(readings, versions, follows[:MAX_FOLLOWS])


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise ValueError("no text")
    return found


def _syllable(found: Any) -> str:
    """Pinyin that can be read, for what cannot would stop the line from being read at all."""
    parsed(_text(found))
    return _text(found)


def _forget_oldest(kept: dict[str, Any], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]
