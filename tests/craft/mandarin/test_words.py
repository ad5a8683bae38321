"""Words that rhyme with the end of a line."""

from __future__ import annotations

from collections import Counter

import pytest

from lyricist.craft.mandarin.readings import read_line
from lyricist.craft.mandarin.rhyme import rhyme_class, rhyme_length
from lyricist.craft.mandarin.words import rhyming_words


@pytest.mark.parametrize("syllables", [1, 2, 3, 4])
def test_every_word_has_the_class_and_the_length(syllables):
    words = rhyming_words(read_line("月"), syllables, limit=30)
    assert len(words) == 30
    assert {len(word) for word in words} == {syllables}
    assert {rhyme_class(read_line(word)[-1]) for word in words} == {"乜斜"}


def test_two_syllables_ask_for_words_that_rhyme_in_both():
    end = read_line("天空")
    words = rhyming_words(end, 2)
    assert words
    assert "天空" not in words
    assert all(rhyme_length(read_line(word), end) >= 2 for word in words)


def test_characters_common_in_a_text_come_first():
    first = rhyming_words(read_line("月"), 1, frequency=Counter("雪雪雪夜").__getitem__)
    assert first[:2] == ("雪", "夜")


def test_further_words_are_among_them():
    words = rhyming_words(
        read_line("想"), 2, frequency=Counter("月亮").__getitem__, more=("月亮", "孤独", "moon")
    )
    assert words[0] == "月亮"
    assert "孤独" not in words


def test_nothing_rhymes_with_nothing():
    assert rhyming_words((), 2) == ()


def test_fewer_syllables_than_the_rhyme_are_refused():
    with pytest.raises(ValueError, match="syllables"):
        rhyming_words(read_line("天空"), 1)
