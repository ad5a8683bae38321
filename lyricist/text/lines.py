"""What a line is made of: graphemes, cells on the terminal, words, and section headings."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from lyricist.text.display import visible

if TYPE_CHECKING:
    import regex

_HAN = r"\p{Han}"
_GRAPHEME = r"\X"

_ENGLISH_SECTIONS = (
    r"(?:pre|post)[- ]?(?:chorus|hook)|verse|chorus|bridge|hook|intro|outro|refrain|interlude"
    r"|instrumental|breakdown|break|drop|coda|rap|spoken(?: word)?|solo|tag|vamp|ending"
)
_CHINESE_SECTIONS = (
    "预副歌|預副歌|主歌|副歌|桥段|橋段|导歌|導歌|尾声|尾聲|说唱|說唱|间奏|間奏|前奏|尾奏|过渡|過渡"
    "|念白|独白|獨白|合唱|齐唱|齊唱|和声|和聲|伴唱|男声|男聲|女声|女聲|童声|童聲|结尾|結尾|引子"
    "|男|女|合|独|齐"
)
_NUMERAL = r"[0-9０-９一二三四五六七八九十IVXivxA-Da-d]"
# Possessive (`++`, `*+`), so that no line makes the match try every split.
_ENGLISH = rf"/?(?:{_ENGLISH_SECTIONS})(?:\W++(?:{_ENGLISH_SECTIONS}|x\d++|repeat|{_NUMERAL}++))*+"
_CHINESE = (
    rf"(?:{_CHINESE_SECTIONS})"
    rf"(?:[\W_]*+(?:{_CHINESE_SECTIONS}|[x×*]\s*+\d++|重复|{_NUMERAL}++))*+"
)
# What follows a colon names the singer.
_SECTION_NAME = rf"(?i)\s*(?:{_ENGLISH}|{_CHINESE})\W*?(?:[:：].*)?"
_BARE_HEADING = (
    rf"(?i)#{{1,6}}\s+(?:{_ENGLISH}|{_CHINESE})\W*"
    rf"|(?:{_ENGLISH}|(?:主歌|副歌|桥段|橋段|导歌|導歌|间奏|間奏)\s*{_NUMERAL}*)\s*[:：]"
    rf"|(?:(?:pre-?)?chorus|verse|bridge|intro|outro)(?:\s+\d+)?"
    rf"|(?:主歌|副歌|导歌|導歌)\s*{_NUMERAL}*"
    rf"|\((?:{_ENGLISH}|{_CHINESE})\)|（(?:{_ENGLISH}|{_CHINESE})）"
)
_SQUARE_HEADING = r"\[[^\[\]]*\p{L}[^\[\]]*\]"
_LENTICULAR = r"【([^【】]+)】"
_MAX_HEADING = 80

_LEADING_SPACE = r"\s*"
_OPENING = r"""[\p{Ps}\p{Pi}"']+(?=\p{Han})"""
_TRAILING_OPENING = r"(?<=.)[\p{Ps}\p{Pi}]+$"
_SPACED_RUN = r"[^\s\p{Han}]+"
_HAN_RUN = r"\p{Han}[\p{Han}\p{P}\p{M}]*"
_HAN_ONLY = r"\p{Han}+"
_CLOSING = r"(?V1)[\p{P}--[\p{Ps}\p{Pi}]]+"
_MAX_HAN_RUN = 80


def graphemes(text: str) -> list[str]:
    """Return the user-perceived characters of `text`; joined together they are `text` again."""
    return _compiled(_GRAPHEME).findall(text)


def cell_width(text: str) -> int:
    """Return how many terminal cells `text` takes on one line, control characters as symbols."""
    return cell_len(visible(text))


def cut_to_cells(text: str, cells: int) -> str:
    """Return the longest head of `text` that takes at most `cells` cells and splits no grapheme."""
    if cell_width(text) <= cells:
        return text
    width, kept = 0, []
    for grapheme in graphemes(text):
        width += cell_width(grapheme)
        if width > cells:
            break
        kept.append(grapheme)
    # Neighbours can join into something wider than their sum.
    while kept and cell_width("".join(kept)) > cells:
        kept.pop()
    return "".join(kept)


def is_han(character: str) -> bool:
    """Whether `character` is a Chinese character (Unicode script Han)."""
    return _compiled(_HAN).fullmatch(character) is not None


def is_section_heading(line: str) -> bool:
    """Whether `line` only names a part of a song: `[Verse 1]`, `【副歌】`, `## Bridge`, `Chorus:`.

    Square brackets may hold any words, `【…】` only a section's name, since titles are written in
    it as well.
    """
    line = line.strip()
    if not line or len(line) > _MAX_HEADING:
        return False
    lenticular = _compiled(_LENTICULAR).fullmatch(line)
    if lenticular:
        return _compiled(_SECTION_NAME).fullmatch(lenticular[1]) is not None
    return (
        _compiled(_SQUARE_HEADING).fullmatch(line) is not None
        or _compiled(_BARE_HEADING).fullmatch(line) is not None
    )


def next_word(text: str) -> str:
    """Return the head of `text` up to the end of its first word.

    Leading spaces belong to it, and so do the opening brackets before and the punctuation behind.
    Latin words end at a space; Chinese ones are segmented by a small model. Never empty unless
    `text` is.
    """
    start = _match_end(_LEADING_SPACE, text, 0)
    end = start
    han_start = _match_end(_OPENING, text, start)
    han = _compiled(_HAN_RUN).match(text, han_start)
    if han:
        end = han_start + len(_first_phrase(han[0][:_MAX_HAN_RUN]))
        end = _match_end(_CLOSING, text, end)
    elif start < len(text):
        end = _match_end(_SPACED_RUN, text, start)
    return text[: _grapheme_end(text, end)]


def chinese_words(text: str) -> list[list[str]]:
    """Return the words of each run of Chinese characters, cut by the same small model as
    `next_word`."""
    return [_phrase_parser().parse(run) for run in _compiled(_HAN_ONLY).findall(text)]


@functools.cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    """Compile at the first use: the editor's first frame needs none of these patterns."""
    import regex

    return regex.compile(pattern)


def _match_end(pattern: str, text: str, start: int) -> int:
    match = _compiled(pattern).match(text, start)
    return match.end() if match else start


def _first_phrase(run: str) -> str:
    phrases = _phrase_parser().parse(run)
    return _compiled(_TRAILING_OPENING).sub("", phrases[0] if phrases else run)


@functools.cache
def _phrase_parser() -> Any:
    import budoux

    return budoux.load_default_simplified_chinese_parser()


def _grapheme_end(text: str, position: int) -> int:
    """Return the first grapheme boundary at or after `position`."""
    end = 0
    while end < position:
        end = _match_end(_GRAPHEME, text, end)
    return end
