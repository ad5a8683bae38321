"""Schemes of sections with more families than letters, and lines with many numbers."""

from __future__ import annotations

import time

from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import line_rhyme
from lyricist.craft.scheme import scheme

RULES = RhymeRules()
_WORDS = (
    "bath web rib knob hub loaf golf pig dog beach night stone moon day voice cat bus king cart "
    "form work tree full bird house film belt"
)


def strangers(count):
    """Lines none of which rhymes with any other."""
    found = []
    for word in _WORDS.split():
        line = sung_line(f"a {word}")
        if not any(line_rhyme(line, other, RULES) for other in found):
            found.append(line)
    assert len(found) >= count
    return found[:count]


def test_beyond_the_letters_strangers_are_still_strangers():
    # The same words again are too far away to be heard as rhymes.
    lines = strangers(17) * 4
    found = scheme(lines, RULES)
    assert [line.letter for line in found][-16:] == ["·"] * 16
    assert not any(line.has_family for line in found)


def test_unreadable_ends_take_no_letter():
    lines = [sung_line(text) for text in ("привет", "the night", "мир", "a stone", "the light")]
    assert [line.letter for line in scheme(lines, RULES)] == ["?", "A", "?", "B", "A"]
    assert [line.has_family for line in scheme(lines, RULES)] == [False, True, False, False, True]


def test_numbers_are_read_like_what_stands_before_them_else_behind():
    languages = [unit.language for unit in sung_line("1 我 2 love 3 我 4").units]
    assert languages == ["zh", "zh", "zh", "en", "en", "zh", "zh"]
    assert {unit.language for unit in sung_line("1 2 3").units} == {"en"}


def test_a_line_of_numbers_takes_a_moment():
    started = time.process_time()
    assert len(sung_line("1 " * 5000).units) == 5000
    assert time.process_time() - started < 1
