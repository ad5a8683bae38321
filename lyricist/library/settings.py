"""The writer's settings: a TOML file that may be edited by hand and never stops the program."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from lyricist.craft.modes import LENGTH_MODES, MOST_SYLLABLES, RHYME_MODES, SYSTEMS
from lyricist.errors import LyricistError, SettingsError
from lyricist.library.atomic import free_sibling, write_bytes
from lyricist.library.paths import paths, private_folder
from lyricist.library.set_aside import read_own_file
from lyricist.network.config import DEVICES
from lyricist.text.bounded_toml import parse_toml
from lyricist.text.display import visible

MAX_RECENT = 12
MAX_CORPUS = 20
EAGERNESS = ("quiet", "normal", "eager")
COPIES = ("mark", "withhold", "allow")
_MAX_BYTES = 250_000


@dataclass
class Settings:
    """What the writer chose.

    model: a name or folder; empty means by the language of the song. device: where suggestions
    are computed; the CPU is quick enough and starts at once. count: candidates per request. ime:
    whether cells after the cursor stay free for an input method. ghost, pane: shown. adapt: whether
    suggestions learn from this song and the writer's others. eagerness: how sure a ghost must be to
    be shown. craft: whether lengths and rhymes are shown beside the lines; tones: and 平仄 and
    stresses. rhyme_system, loose_rhymes: how rhymes are judged. locks: whether candidates have to
    obey; lock_length, lock_syllables, lock_rhyme, lock_word: what (see `craft.targets.Locks`).
    copies: whether candidates that run word for word as in what the model was trained on are
    marked, withheld or allowed; copy_characters, copy_words: from which length on.
    recent: documents, the latest first. corpus: what models were trained on in the app, the latest
    first. keys: action name to key or keys.
    """

    theme: str = "textual-dark"
    model: str = ""
    device: str = "cpu"
    temperature: float = 0.8
    top_p: float = 0.9
    top_k: int = 0
    count: int = 5
    ime: str = "auto"
    ghost: bool = True
    pane: bool = True
    adapt: bool = True
    eagerness: str = "normal"
    craft: bool = True
    tones: bool = False
    rhyme_system: str = "thirteen"
    loose_rhymes: bool = False
    locks: bool = False
    lock_length: str = "above"
    lock_syllables: int = 8
    lock_rhyme: str = "ABAB"
    lock_word: str = ""
    copies: str = "mark"
    copy_characters: int = 12
    copy_words: int = 6
    recent: list[str] = field(default_factory=list)
    corpus: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)


def _number(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        # No number is within any limits, and infinity within none of these.
        and low <= value <= high
    )


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _are_keys(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


# What each value must be, for the check and for the notice.
_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "theme": (lambda value: isinstance(value, str) and value != "", "a theme's name"),
    "model": (lambda value: isinstance(value, str), "a model's name"),
    "device": (lambda value: value in DEVICES, f"{', '.join(DEVICES[:-1])} or {DEVICES[-1]}"),
    "temperature": (_number(0, 5), "a number from 0 to 5"),
    "top_p": (_number(0.01, 1), "a number from 0.01 to 1"),
    "top_k": (_whole(0, 10_000), "a whole number from 0 to 10000"),
    "count": (_whole(1, 20), "a whole number from 1 to 20"),
    "ime": (lambda value: value in ("auto", "on", "off"), "auto, on or off"),
    "ghost": (_is_flag, "true or false"),
    "pane": (_is_flag, "true or false"),
    "adapt": (_is_flag, "true or false"),
    "eagerness": (lambda value: value in EAGERNESS, "quiet, normal or eager"),
    "craft": (_is_flag, "true or false"),
    "tones": (_is_flag, "true or false"),
    "rhyme_system": (lambda value: value in SYSTEMS, f"{SYSTEMS[0]} or {SYSTEMS[1]}"),
    "loose_rhymes": (_is_flag, "true or false"),
    "locks": (_is_flag, "true or false"),
    "lock_length": (lambda value: value in LENGTH_MODES, f"one of {', '.join(LENGTH_MODES)}"),
    "lock_syllables": (_whole(1, MOST_SYLLABLES), f"a whole number from 1 to {MOST_SYLLABLES}"),
    "lock_rhyme": (lambda value: value in RHYME_MODES, f"one of {', '.join(RHYME_MODES)}"),
    "lock_word": (lambda value: isinstance(value, str), "a word to rhyme with"),
    "copies": (lambda value: value in COPIES, "mark, withhold or allow"),
    "copy_characters": (_whole(8, 200), "a whole number from 8 to 200"),
    "copy_words": (_whole(5, 100), "a whole number from 5 to 100"),
    "recent": (_are_names, "a list of paths"),
    "corpus": (_are_names, "a list of paths"),
    "keys": (_are_keys, "a table of keys by action"),
}


def load_settings() -> tuple[Settings, str | None]:
    """Return the settings and, where something in the file could not be used, a one-line notice.

    A broken file is moved aside and the defaults hold; a value that is out of range is replaced by
    its default.
    """
    file = paths().settings_file
    try:
        found = parse_toml(read_own_file(file, _MAX_BYTES), _MAX_BYTES)
    except FileNotFoundError:
        return Settings(), None
    except (ValueError, RecursionError):
        return Settings(), _set_aside(file)
    except OSError as error:
        return Settings(), f"the settings cannot be read ({error.strerror}); defaults are used"
    settings = Settings()
    wrong = []
    for name, (fits, wanted) in _RULES.items():
        if name not in found:
            continue
        if fits(found[name]):
            setattr(settings, name, _typed(name, found[name]))
        else:
            wrong.append(f"{name} must be {wanted}")
    settings.recent = settings.recent[:MAX_RECENT]
    settings.corpus = settings.corpus[:MAX_CORPUS]
    return settings, f"settings: {', '.join(wrong)}; defaults are used there" if wrong else None


def save_settings(settings: Settings) -> None:
    """Write the settings; comments and unknown entries of the file stay.

    Raises:
        SettingsError: If the file cannot be written.
    """
    file = paths().settings_file
    try:
        private_folder(file.parent)
        document = _existing(file)
        for setting in fields(Settings):
            _put(document, setting.name, getattr(settings, setting.name))
        write_bytes(file, tomlkit.dumps(document).encode("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(
            f"the settings cannot be saved ({reason})", f"check {visible(str(file))}"
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"the settings cannot be saved ({error})", "take out the strange character"
        ) from error
    except LyricistError as error:
        raise SettingsError(f"the settings cannot be saved: {error.cause}", error.mend) from error


def remember_recent(settings: Settings, path: Path | str) -> Settings:
    """Return `settings` with the document at `path` first among the recent ones.

    A name that is not Unicode cannot be written down and is left out.
    """
    return replace(settings, recent=_first(path, settings.recent)[:MAX_RECENT])


def remember_corpus(settings: Settings, paths: Iterable[Path | str]) -> Settings:
    """Return `settings` with the files and folders of a corpus first among those trained on."""
    corpus = settings.corpus
    for path in paths:
        corpus = _first(path, corpus)
    return replace(settings, corpus=corpus[:MAX_CORPUS])


def _first(path: Path | str, others: list[str]) -> list[str]:
    absolute = os.path.abspath(path)
    if any("\ud800" <= character <= "\udfff" for character in absolute):
        return others
    return [absolute, *(other for other in others if other != absolute)]


def _typed(name: str, value: Any) -> Any:
    return float(value) if name in ("temperature", "top_p") else value


def _set_aside(file: Path) -> str:
    aside = free_sibling(file, "corrupt")
    try:
        os.rename(file, aside)
    except OSError as error:
        return (
            f"the settings file is broken and cannot be moved ({error.strerror}); defaults are used"
        )
    return f"the settings file was broken and is now {visible(aside.name)}; defaults are used"


def _existing(file: Path) -> tomlkit.TOMLDocument:
    try:
        data = read_own_file(file, _MAX_BYTES)
        # The parser that keeps remarks is the slower one.
        parse_toml(data, _MAX_BYTES)
        return tomlkit.parse(data.decode("utf-8"))
    except (OSError, ValueError, TOMLKitError, RecursionError):
        return tomlkit.document()


def _put(document: tomlkit.TOMLDocument, name: str, value: Any) -> None:
    """Change only what differs, so that comments beside the rest are not disturbed."""
    # 1 is equal to true, but no flag.
    is_same_kind = isinstance(document.get(name), bool) == isinstance(value, bool)
    if name in document and is_same_kind and document[name] == value:
        return
    if isinstance(value, dict):
        table = document.get(name)
        if not isinstance(table, dict):
            table = document[name] = tomlkit.table()
        for key in [key for key in table if key not in value]:
            del table[key]
        for key, keys in value.items():
            if table.get(key) != keys:
                table[key] = keys
    else:
        document[name] = value
