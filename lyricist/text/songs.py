"""How the text of one file becomes songs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
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
_BLOCK_BREAK = re.compile(r"\n\n+")
_TITLE = re.compile(r"(?:【[^】\n]+】|《[^》\n]+》)[^\n]{0,30}")
_MARKDOWN_TITLE = re.compile(r"^# +\S.*", re.MULTILINE)
_TIMESTAMP = re.compile(r"[\[<]\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?[\]>] ?")
_METADATA = re.compile(
    r"^\[(?:ti|ar|al|au|lr|by|re|ve|offset|length|tool|la|id|kana|#)\s*:[^\]\n]*\]$", re.I | re.M
)
_TEXT_FIELDS = ("text", "lyrics")
# Cleaned at once: a large text is not copied whole at every step. One rare character makes each
# copy four times as large as the file.
_PART_CHARACTERS = 1_000_000
# What JSON of so many characters may turn into when it is read: thirty times that in bytes.
_MOST_JSON_CHARACTERS = 30_000_000


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
        blocks, _ = _blocks(text, lambda part: _clean_lines(_without_times(_clean_lines(part))))
        return ["\n\n".join(blocks)] if blocks else []
    return _separate(*_blocks(text, _clean_lines))


def clean(text: str) -> str:
    """Return `text` as models read it: NFC, LF, no control characters, no spaces at line ends and
    no blank lines around."""
    return _clean_lines(text).strip("\n")


def _clean_lines(text: str) -> str:
    """Like `clean`, blank lines around being left; each line is what it is without the others."""
    text = _SURROGATES.sub("\ufffd", _NOISE.sub("", _LINE_BREAKS.sub("\n", text)))
    return _LINE_END_SPACES.sub("", normalize(text).replace("\t", " "))


def _blocks(text: str, cleaned: Callable[[str], str]) -> tuple[list[str], set[int]]:
    """Return the blocks of a text between blank lines, and before which of them there are two or
    more; `cleaned` is applied to whole lines of it."""
    blocks: list[str] = []
    far: set[int] = set()
    # Of the block that goes on in the next part, and the line feeds behind it.
    begun: list[str] = []
    gap = 0
    for part in _parts(text):
        lines = cleaned(part)
        body = lines.strip("\n")
        if not body:
            gap += len(lines)
            continue
        gap += len(lines) - len(lines.lstrip("\n"))
        start = 0
        while True:
            if begun and gap > 1:
                blocks.append("".join(begun))
                begun.clear()
                if gap > 2:
                    far.add(len(blocks))
            found = _BLOCK_BREAK.search(body, start)
            end = found.start() if found else len(body)
            begun += ["\n", body[start:end]] if begun else [body[start:end]]
            if found is None:
                break
            start, gap = found.end(), found.end() - found.start()
        gap = len(lines) - len(lines.rstrip("\n"))
    if begun:
        blocks.append("".join(begun))
    return blocks, far


def _parts(text: str) -> Iterator[str]:
    """Yield `text` in parts that end with whole lines."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PART_CHARACTERS) + 1 or len(text)
        yield text[start:end]
        start = end


def _separate(blocks: list[str], far: set[int]) -> list[str]:
    """Return the songs that blocks make; `far`: as of `_blocks`."""
    if not blocks:
        return []
    if _markdown_titles(blocks[0])[:1] == [0]:
        return [song for piece in _joined(blocks, far) for song in _by_markdown_titles(piece)]
    if far:
        return list(_joined(blocks, far))
    if sum(map(_begins_with_title, blocks)) * 2 > len(blocks):
        return blocks
    if any(is_section_heading(line) for block in blocks for line in block.split("\n")):
        return list(_joined(blocks, far))
    return blocks


def _joined(blocks: list[str], far: set[int]) -> Iterator[str]:
    """Yield the blocks as pieces that begin with those of `far`; `blocks` is used up."""
    starts = [0, *sorted(far)]
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        yield "\n\n".join(blocks[start:end])
        blocks[start:end] = [""] * (end - start)


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


def _json_texts(text: str) -> Iterator[str]:
    found = is_there = False
    try:
        for value in _json_values(text):
            is_there = True
            for song in _text_fields(value):
                found = True
                yield song
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error
    if is_there and not found:
        raise ValueError("its JSON has no `text` or `lyrics` field")


def _json_values(text: str) -> Iterator[Any]:
    """One JSON value, or one a line."""
    text = text.lstrip("\ufeff")
    if not text or text.isspace():
        return
    if len(text) <= _MOST_JSON_CHARACTERS:
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            pass
        else:
            yield value
            return
    for number, line in enumerate(_lines(text), 1):
        if len(line) > _MOST_JSON_CHARACTERS:
            raise ValueError(
                f"it is JSON of more than {_MOST_JSON_CHARACTERS // 1_000_000} million characters, "
                "write one song a line"
            )
        if line.strip():
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number} is not JSON ({error.msg})") from error
            yield value


def _lines(text: str) -> Iterator[str]:
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


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
