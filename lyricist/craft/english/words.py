"""The words of a line, where they are, how many syllables it sings, and where its stresses fall."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lyricist.craft.english.pronunciation import Pronunciation, pronunciations

if TYPE_CHECKING:
    import regex

_APOSTROPHE = "'’‘ʼ"
# Words that begin with their apostrophe; before any other one it is a quotation mark.
_CLIPPED = (
    "cause|cos|cuz|em|bout|round|til|till|tis|twas|twere|twill|neath|gainst|tween|fore|nother|nuff"
    "|course|cross|kay|ere|n|scuse|cuse|tisn[’']t|twasn[’']t"
)
# Words that end with it: running and runnin', but also o', ol', the plural's possessive.
_CLOSED = r"(?<=n|s|\bo|\bol|\blil|\bth|\bwi|\bmo|\bfo|\bpo|\byo|\bhol|\btha|\ban)"
_WORD = (
    rf"(?i)(?:(?<![\p{{L}}\p{{N}}])[{_APOSTROPHE}](?=(?:{_CLIPPED}|[0-9]+s)(?![\p{{L}}\p{{N}}])))?"
    rf"(?:[0-9]++(?:[/.,:][0-9]++)*+[\p{{Latin}}\p{{M}}]*+|\p{{Latin}}[\p{{Latin}}\p{{M}}0-9]*+)"
    rf"(?:[{_APOSTROPHE}][\p{{Latin}}\p{{M}}]++)*+"
    rf"(?:{_CLOSED}[’'](?![\p{{L}}\p{{N}}]))?"
)

_FUNCTION_WORDS = (
    "a an the and but or nor as at by for from in into of on per than that to with i me my "
    "you your he him his she her it its we us our they them their who whose which am is are "
    "was were be been do does did has have had can could may might must shall should will "
    "would if when while there some such just o' i'm i'll i've i'd you're you'll you've "
    "you'd he's he'll he'd she's she'll she'd it's it'll we're we'll we've we'd they're "
    "they'll they've they'd there's 'em 'til til till 'cause cause an' th' ya ye 'n' 'n"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words of one syllable that carry no stress inside a line, unless sense puts it there."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line; `start` and `end` are code points, the end not included."""

    text: str
    start: int
    end: int


def words(line: str) -> tuple[Word, ...]:
    """Return the words in Latin letters and the numerals of a line, in order.

    Apostrophes within a word belong to it, and those that clip it ("'cause", "runnin'"). A hyphen
    parts two words, so that each can rhyme and be counted.
    """
    return tuple(Word(m[0], m.start(), m.end()) for m in _pattern().finditer(line))


def syllables_of(line: str) -> int:
    """Return how many syllables a line has, every word said in its most usual way."""
    return sum(first.syllables for _, first in _first_pronunciations(line))


def stress_pattern(line: str) -> str:
    """Return a digit for each syllable of a line: 1 primary stress, 2 secondary, 0 none.

    Function words of one syllable ("the", "of", "you") have no stress, other words of one have.
    """
    return "".join(word_stresses(word, first) for word, first in _first_pronunciations(line))


def word_stresses(word: str, pronunciation: Pronunciation) -> str:
    """Return the stresses that a word has inside a line."""
    if pronunciation.syllables > 1:
        return pronunciation.stresses
    return "0" if is_function_word(word) else "1"


def is_function_word(word: str) -> bool:
    """Whether a word of one syllable is unstressed inside a line."""
    return word.casefold().replace("’", "'") in FUNCTION_WORDS


def _first_pronunciations(line: str) -> list[tuple[str, Pronunciation]]:
    found = ((word.text, pronunciations(word.text)) for word in words(line))
    return [(text, ways[0]) for text, ways in found if ways]


@functools.cache
def _pattern() -> regex.Pattern[str]:
    """Compile at the first use: nothing on the first screen asks for words."""
    import regex

    return regex.compile(_WORD)
