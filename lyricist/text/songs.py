"""How the text of one file becomes songs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lyricist.text.lines import is_section_heading
from lyricist.text.vocabulary import normalize

_LINE_BREAKS = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOISE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u2066-\u2069\u202a-\u202e\u200b\ufeff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_END_SPACES = re.compile(r"[ \t\u3000\xa0]+$", re.MULTILINE)
_SONG_BREAK = re.compile(r"\n{3,}")
_BLOCK_BREAK = re.compile(r"\n\n+")
_TITLE = re.compile(r"(?:【[^】\n]+】|《[^》\n]+》)[^\n]{0,30}")
_MARKDOWN_TITLE = re.compile(r"^# +\S.*", re.MULTILINE)
_TIMESTAMP = re.compile(r"[\[<]\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?[\]>] ?")
_METADATA = re.compile(
    r"^\[(?:ti|ar|al|au|lr|by|re|ve|offset|length|tool|la|id|kana|#)\s*:[^\]\n]*\]$", re.I | re.M
)
_TEXT_FIELDS = ("text", "lyrics")


@dataclass(frozen=True)
class Song:
    """One song: NFC, LF, no blank lines around it, no line feed at the end.

    source: the file it came from, fit to be shown.
    """

    text: str
    source: str = ""

    @property
    def fingerprint(self) -> bytes:
        """The same for songs that differ in spacing only."""
        return hashlib.sha256(" ".join(self.text.split()).encode()).digest()


def songs_in(text: str, suffix: str = ".txt") -> list[str]:
    """Return the songs of one file, each normalized, without blank lines around it.

    Two or more blank lines separate songs. Where there are none, blank-line blocks are songs if
    most of them begin with a title such as `【…】`; a file with section headings is one song; else
    blank lines separate songs. A line `# Title` begins a song wherever the first line is one.
    `.lrc` files are one song, `.json` and `.jsonl` hold one in each `text` or `lyrics` field.

    Args:
        text: The decoded file.
        suffix: Its extension, with the dot.

    Raises:
        ValueError: If a JSON file is damaged or holds no such field.
    """
    suffix = suffix.lower()
    if suffix in (".json", ".jsonl"):
        return [song for song in map(clean, _json_texts(text)) if song]
    if suffix == ".lrc":
        song = _SONG_BREAK.sub("\n\n", clean(_without_times(clean(text))))
        return [song] if song else []
    return _separate(clean(text))


def clean(text: str) -> str:
    """Return `text` as models read it: NFC, LF, no control characters, no spaces at line ends and
    no blank lines around."""
    text = _SURROGATES.sub("\ufffd", _NOISE.sub("", _LINE_BREAKS.sub("\n", text)))
    text = normalize(text).replace("\t", " ")
    return _LINE_END_SPACES.sub("", text).strip("\n")


def _separate(text: str) -> list[str]:
    if not text:
        return []
    pieces = _SONG_BREAK.split(text)
    if _markdown_titles(text)[:1] == [0]:
        return [song for piece in pieces for song in _by_markdown_titles(piece)]
    if len(pieces) > 1:
        return pieces
    blocks = _BLOCK_BREAK.split(text)
    if sum(map(_begins_with_title, blocks)) * 2 > len(blocks):
        return blocks
    if any(map(is_section_heading, text.split("\n"))):
        return [text]
    return blocks


def _begins_with_title(block: str) -> bool:
    line = block.partition("\n")[0]
    return _TITLE.fullmatch(line) is not None and not is_section_heading(line)


def _markdown_titles(text: str) -> list[int]:
    """Where lines `# Title` begin; `# Verse` names a section."""
    found = _MARKDOWN_TITLE.finditer(text)
    return [match.start() for match in found if not is_section_heading(match[0])]


def _by_markdown_titles(text: str) -> Iterator[str]:
    starts = _markdown_titles(text)
    if starts[:1] != [0]:
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        song = text[start:end].strip("\n")
        if song:
            yield song


def _without_times(text: str) -> str:
    return _TIMESTAMP.sub("", _METADATA.sub("", text))


def _json_texts(text: str) -> list[str]:
    try:
        values = _json_values(text)
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error
    songs = [song for value in values for song in _text_fields(value)]
    if values and not songs:
        raise ValueError("its JSON has no `text` or `lyrics` field")
    return songs


def _json_values(text: str) -> list[Any]:
    """One JSON value, or one a line."""
    text = text.lstrip("\ufeff")
    try:
        return [json.loads(text)] if text.strip() else []
    except json.JSONDecodeError:
        pass
    values = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                values.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number} is not JSON ({error.msg})") from error
    return values


def _text_fields(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from _text_fields(item)
    elif isinstance(value, dict):
        for field in _TEXT_FIELDS:
            content = value.get(field)
            if isinstance(content, list) and all(isinstance(line, str) for line in content):
                content = "\n".join(content)
            if isinstance(content, str):
                yield content
                return
