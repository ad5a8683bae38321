"""Where a line of ordinary characters is broken into rows, by whole rows instead of by words.

Ordinary are Latin letters and signs, and the Chinese and Japanese characters that always take two
cells. In GBK these are one byte and two, so that bytes stand for cells. The rows are those that
Textual makes, word by word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

# Letters with accents, dashes, curly quotes.
_NARROW = r"\u00a1-\u024f\u2010-\u2027"
_NARROW_CHARACTER = re.compile(f"[{_NARROW}]")
_PLAIN = re.compile(
    rf"[ -~{_NARROW}"
    r"\u3001-\u3003\u3008-\u3011\u3041-\u3093\u30a1-\u30f6\u4e00-\u9fa5\uff01-\uff5e]*"
)
_SPACES = re.compile(b" +")


def is_plain(line: str) -> bool:
    """Whether `plain_breaks` knows how wide each character of `line` is."""
    return _PLAIN.fullmatch(line) is not None


def most_cells(line: str) -> int:
    """Return a number of cells that `line` does not exceed, tabs aside, without measuring it.

    A character of one byte of UTF-8 takes one cell; one of two bytes, one; of more, two at most.
    """
    return (len(line.encode("utf-8", "surrogatepass")) + len(line)) // 2


def plain_breaks(line: str, width: int) -> tuple[int, ...]:
    """Return the columns of a plain line where another row of at most `width` > 1 cells begins."""
    cells = _NARROW_CHARACTER.sub("x", line).encode("gbk")
    words = [match.end() for match in _SPACES.finditer(cells)]
    breaks: list[int] = []
    start, end = 0, len(cells)
    while end - start > width:
        word = _last_within(words, start, start + width)
        if word > start:
            breaks.append(word)
        start = word
        following = bisect_right(words, word)
        word_end = words[following] if following < len(words) else end
        while word_end - start > width:
            # No row holds the word: it is cut.
            start = _whole_characters(cells, start, start + width)
            breaks.append(start)
    return tuple(breaks) if len(cells) == len(line) else _columns(cells, breaks)


def _last_within(words: list[int], start: int, limit: int) -> int:
    """Return where the last word begins that begins behind `start` and by `limit`, else `start`."""
    place = bisect_right(words, limit) - 1
    return max(words[place], start) if place >= 0 else start


def _whole_characters(cells: bytes, start: int, end: int) -> int:
    """Return `end`, or the place before it where that is within a character."""
    try:
        cells[start:end].decode("gbk")
    except UnicodeDecodeError:
        return end - 1
    return end


def _columns(cells: bytes, breaks: list[int]) -> tuple[int, ...]:
    """Return places counted in cells as columns."""
    columns, column = [], 0
    for before, place in pairwise([0, *breaks]):
        column += len(cells[before:place].decode("gbk"))
        columns.append(column)
    return tuple(columns)
