"""What a corpus holds: counts that are made before anything is trained on it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lyricist.errors import CorpusError
from lyricist.text.boilerplate import Boilerplate, boilerplate_of
from lyricist.text.cleaning import CleaningReport, by_kind
from lyricist.text.display import visible
from lyricist.text.language import language_of, language_of_vocabulary
from lyricist.text.lines import is_section_heading
from lyricist.text.script import ScriptMix, script_mix
from lyricist.text.songs import Song
from lyricist.text.vocabulary import Vocabulary

# Fewer characters of one script may be a name.
_SCRIPT_CHARACTERS = 20


@dataclass(frozen=True)
class CorpusReport:
    """What a corpus holds, after the cleaning that was wanted.

    files: files read. songs: distinct songs. lines: lines that are not blank. repeated_lines:
    those that have stood before, headings aside. characters: of all songs, line feeds included.
    seen_once: characters of the text that occur nowhere else in it. unknowns: characters outside
    the vocabulary given. boilerplate: lines that are no lyrics, by kind. simplified, traditional:
    characters that exist in only that script. language: `zh`, `en`, `zh+en`, `other` or empty.
    base_language, base_script: of the vocabulary given. guessed: file and encoding. skipped: file
    and reason. sha256: of the songs. cleaning: what was left out. warnings: one-line remarks.
    """

    files: int
    songs: int
    duplicate_songs: int
    lines: int
    characters: int
    distinct_characters: int
    unknowns: int = 0
    guessed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    sha256: str = ""
    warnings: tuple[str, ...] = ()
    repeated_lines: int = 0
    seen_once: int = 0
    boilerplate: tuple[tuple[str, int], ...] = ()
    simplified: int = 0
    traditional: int = 0
    language: str = ""
    base_language: str = ""
    base_script: str = ""
    cleaning: CleaningReport = field(default_factory=CleaningReport)

    @property
    def script_mix(self) -> ScriptMix:
        """How much is in which Chinese script."""
        return ScriptMix(self.simplified, self.traditional)

    @property
    def is_in_other_script(self) -> bool:
        """Whether the songs are in the Chinese script that the base does not know so well."""
        enough = self.simplified + self.traditional >= _SCRIPT_CHARACTERS
        return bool(self.base_script) and enough and self.script_mix.prevailing != self.base_script

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain fields for JSON."""
        fields: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        fields["boilerplate"] = dict(self.boilerplate)
        fields["cleaning"]["lines"] = dict(self.cleaning.lines)
        return fields

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> CorpusReport:
        """Return the report that `as_dict` gave.

        Raises:
            TypeError, KeyError, ValueError: If it is none.
        """
        cleaning = dict(fields["cleaning"])
        cleaning["lines"] = tuple(cleaning["lines"].items())
        changed = {
            "guessed": tuple((name, encoding) for name, encoding in fields["guessed"]),
            "skipped": tuple((name, reason) for name, reason in fields["skipped"]),
            "warnings": tuple(fields["warnings"]),
            "boilerplate": tuple(fields["boilerplate"].items()),
            "cleaning": CleaningReport(**cleaning),
        }
        return cls(**{**fields, **changed})


def report_on(songs: Sequence[Song], vocabulary: Vocabulary | None = None) -> CorpusReport:
    """Count what is in `songs`; what only the files tell is left empty.

    Raises:
        CorpusError: If there is only one distinct character.
    """
    counts: Counter[str] = Counter()
    boilerplate: Counter[Boilerplate] = Counter()
    digest = hashlib.sha256()
    lines = 0
    seen: set[int] = set()
    repeated: Counter[str] = Counter()
    for song in songs:
        counts.update(song.text)
        digest.update(song.text.encode() + b"\n\n\n")
        for line in song.text.split("\n"):
            if not line:
                continue
            lines += 1
            # Hashes, since the lines of a large corpus would fill the memory a second time.
            key = hash(line)
            if key in seen:
                repeated[line] += 1
            seen.add(key)
            kind = boilerplate_of(line)
            if kind is not None:
                boilerplate[kind] += 1
    _check_distinct(counts)
    mix = script_mix(counts)
    known = _about(vocabulary, counts) if vocabulary is not None else {}
    return CorpusReport(
        files=0,
        songs=len(songs),
        duplicate_songs=0,
        lines=lines,
        characters=counts.total(),
        distinct_characters=len(counts),
        sha256=digest.hexdigest(),
        repeated_lines=sum(n for line, n in repeated.items() if not is_section_heading(line)),
        seen_once=sum(n == 1 and not c.isspace() for c, n in counts.items()),
        boilerplate=by_kind(boilerplate),
        simplified=mix.simplified,
        traditional=mix.traditional,
        language=language_of(counts),
        **known,
    )


def _check_distinct(counts: Counter[str]) -> None:
    ink = [character for character in counts if not character.isspace()]
    if len(ink) < 2:
        raise CorpusError(
            f"the corpus holds only one distinct character ({visible(''.join(ink))})",
            "give songs with words",
        )


def _about(vocabulary: Vocabulary, counts: Counter[str]) -> dict[str, Any]:
    """What there is to say beside a base model."""
    mix = script_mix(dict.fromkeys(vocabulary.characters, 1))
    return {
        "unknowns": sum(n for character, n in counts.items() if character not in vocabulary),
        "base_language": language_of_vocabulary(vocabulary.characters),
        "base_script": mix.prevailing,
    }
