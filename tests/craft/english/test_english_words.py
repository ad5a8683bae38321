"""Words of a line, their places, syllables and stresses."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.craft.english.words import stress_pattern, syllables_of, words

COUNTED = [
    line.split("\t")
    for line in (Path(__file__).parent / "syllables.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def texts(line):
    return [word.text for word in words(line)]


def test_syllables_agree_with_those_counted_by_hand():
    assert len(COUNTED) >= 100
    wrong = [
        f"{text}: {syllables_of(text)}, not {count}"
        for text, count in COUNTED
        if syllables_of(text) != int(count)
    ]
    assert len(wrong) <= 0.02 * len(COUNTED), "\n".join(wrong)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Don't stop", ["Don't", "stop"]),
        ("I’m runnin’ to ya", ["I’m", "runnin’", "to", "ya"]),
        ("'Cause you're 'the one' I want", ["'Cause", "you're", "the", "one", "I", "want"]),
        ("oh-oh-oh", ["oh", "oh", "oh"]),
        ("rock 'n' roll", ["rock", "'n'", "roll"]),
        ("back in the '90s, 24/7", ["back", "in", "the", "'90s", "24/7"]),
        ("我的 heart 还在 beating", ["heart", "beating"]),
        ("the girls' room", ["the", "girls'", "room"]),
        ("Café—naïve…", ["Café", "naïve"]),
        ("2nd b2b", ["2nd", "b2b"]),
        ("", []),
        ("—…'’", []),
    ],
)
def test_words_of_a_line(line, expected):
    assert texts(line) == expected


def test_function_words_are_unstressed_and_others_are_not():
    assert stress_pattern("the cat in the hat") == "01001"
    assert stress_pattern("Twinkle, twinkle, little star") == "1010101"
    assert stress_pattern("tonight") == "01" and stress_pattern("baby") == "10"
    assert stress_pattern("你好") == ""


def test_a_line_has_as_many_stresses_as_syllables():
    for text, _ in COUNTED:
        assert len(stress_pattern(text)) == syllables_of(text)


@given(st.text(max_size=80))
def test_any_text_has_words_where_they_say_they_are(text):
    found = words(text)
    assert all(text[word.start : word.end] == word.text for word in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert len(stress_pattern(text)) == syllables_of(text)
