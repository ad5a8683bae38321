"""What songs are made of, counted: words to find rhymes among, and how common characters are."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lyricist.craft.english.words import is_function_word
from lyricist.craft.line import SungLine, Unit, kind_of
from lyricist.text.lines import chinese_words

# Words of several syllables or without a stress of their own that still say little.
_SAYING_LITTLE = frozenset(
    """this these those not don't so then than what when where how why all any every very into onto
    over again about can't won't didn't isn't ain't""".split()  # noqa: SIM905
)
# Characters that are words by themselves, seldom a half of one.
_ALONE = frozenset(
    "的了着过我你您他她它妳们这那哪谁是在有不没别就都也还又才再很太最把被让给从到向对和与跟像比"
    "一二三四五六七八九十两几个只条张颗片次遍层把上下里外前后吗呢吧啊呀哦嘿来去要会能想说看得地"
)
_LONGEST_WORD = 4


@dataclass(frozen=True, slots=True)
class SongWords:
    """How often Chinese songs have a word of at most four characters, and a character."""

    words: Mapping[str, int]
    characters: Mapping[str, int]


NO_SONGS = SongWords({}, {})


def song_words(texts: Iterable[str]) -> SongWords:
    """Count what the lines of Chinese songs are made of; headings and comments are left out.

    A hundred songs take about a quarter of a second.
    """
    words: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for text in texts:
        lyrics = "\n".join(line for line in text.split("\n") if kind_of(line) == "lyric")
        for run in chinese_words(lyrics):
            words.update(word for word in joined(run) if len(word) <= _LONGEST_WORD)
            characters.update("".join(run))
    return SongWords(words, characters)


def joined(words: Sequence[str]) -> Iterator[str]:
    """Put halves together: the small model cuts 月亮 and 天空 in two."""
    half = ""
    for word in words:
        is_half = len(word) == 1 and word not in _ALONE
        if half and is_half:
            yield half + word
            half = ""
            continue
        if half:
            yield half
        half = word if is_half else ""
        if not is_half:
            yield word
    if half:
        yield half


def content_words(line: SungLine) -> tuple[str, ...]:
    """Return the words of a line that say something, in order.

    Chinese words of two characters or more, then English words in lower case without function
    words.
    """
    runs = chinese_words(line.text)
    chinese = [word for run in runs for word in joined(run) if len(word) > 1]
    return (*chinese, *(word for unit in line.units if (word := _content_word(unit))))


@functools.lru_cache(maxsize=4096)
def _content_word(unit: Unit) -> str:
    if unit.language != "en" or unit.text[0].isdecimal():
        return ""
    word = unit.text.lower().replace("’", "'")
    return "" if is_function_word(word) or word in _SAYING_LITTLE else word
