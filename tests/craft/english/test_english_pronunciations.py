"""How words are said: the dictionary, rules, drawn-out spellings, and guesses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.craft.english import dictionary
from lyricist.craft.english.analogy import guess
from lyricist.craft.english.pronunciation import Pronunciation, pronunciations, warm_up
from lyricist.craft.english.rhyme import rhyme
from lyricist.craft.english.spelling import MAX_LETTERS
from lyricist.text.shipped import shipped

ASSETS = shipped("assets") / "pronunciation"
# Sung words that a reader who has never seen them could still read.
UNSEEN = (
    "nation winner trouble garden lonely station dreaming mountain thunder yellow better shadow "
    "silver candle stranger fighter dancer mirror river planet rocket ladder sunny kissing "
    "broken painted morning under flower tender silence darkness gentle wonder forever remember "
    "believing highway moonlight goodness running believer"
)


def said(word):
    return [" ".join(way.phonemes) for way in pronunciations(word)]


def test_the_dictionary_finds_every_word_it_has():
    lines = list(dictionary.lines())
    assert len(lines) > 126_000
    for line in [*lines[:50], *lines[50:-50:97], *lines[-50:]]:
        assert dictionary.entry(line.split(" ")[0]) == dictionary.parsed(line)


@pytest.mark.parametrize("word", ["", " ", "zzzzz", "'", "!", "~", "loveq", "love ", "lo\nve", "é"])
def test_the_dictionary_lacks_what_is_no_word(word):
    assert dictionary.entry(word) is None


def test_a_word_has_all_its_pronunciations():
    assert said("read") == ["R EH1 D", "R IY1 D"]
    assert {"AH0 G EH1 N", "AH0 G EY1 N"} == set(said("again"))


def test_what_a_pronunciation_tells():
    way = Pronunciation(("B", "AH1", "T", "ER0", "F", "L", "AY2"))
    assert (way.syllables, way.stresses, way.vowels) == (3, "102", ("AH1", "ER0", "AY2"))
    assert way.rhyming_part == ("AY2",)
    assert Pronunciation(("DH", "AH0")).rhyming_part == ("AH0",)
    assert Pronunciation(("SH",)).syllables == 1


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("LOVE", "L AH1 V"),
        ("don’t", "D OW1 N T"),
        ("lovin’", "L AH1 V IH0 N"),
        ("mama'd", "M AA1 M AH0 D"),
        ("dreamers'", "D R IY1 M ER0 Z"),
        ("dreamer's", "D R IY1 M ER0 Z"),
        ("café", "K AH0 F EY1"),
        ("7", "S EH1 V AH0 N"),
        ("2nd", "S EH1 K AH0 N D"),
        ("'90s", "N AY1 N T IY0 Z"),
        ("heart-shaped", "HH AA1 R T SH EY1 P T"),
        ("gonna", "G AH1 N AH0"),
        ("'cause", "K AH1 Z"),
        ("ﬁre", "F AY1 ER0"),
    ],
)
def test_forms_that_follow_from_a_known_word(word, phonemes):
    assert said(word)[0] == phonemes and pronunciations(word)[0].is_sure


@pytest.mark.parametrize(
    ("word", "plain"),
    [("sooooo", "so"), ("yeahhh", "yeah"), ("looove", "love"), ("goood", "good"), ("ohh", "oh")],
)
def test_drawn_out_words_are_those_they_are_drawn_out_from(word, plain):
    assert said(word)[0] == said(plain)[0]


def test_drawn_out_words_are_not_sure():
    assert not any(way.is_sure for way in pronunciations("looove"))


@pytest.mark.parametrize("word", ["blorp", "skribidi", "vibeyness", "zxqv", "kajsdh"])
def test_an_unknown_word_is_guessed_and_says_so(word):
    ways = pronunciations(word)
    assert ways and not any(way.is_sure for way in ways) and all(way.phonemes for way in ways)


def test_guesses_of_unseen_words_mostly_rhyme_right():
    right = []
    for word in UNSEEN.split():
        way = Pronunciation(guess(word, frozenset({word})), is_sure=False)
        known = {p.rhyming_part for p in pronunciations(word)}
        right.append(way.rhyming_part in known)
    print(f"rhyming part right in {sum(right)} of {len(right)} guesses")
    assert sum(right) >= 0.7 * len(right)


@pytest.mark.parametrize(
    "word", ["", "你好", "こんにちは", "привет", "!!", "'", "-", "🎵", "love你"]
)
def test_what_is_not_latin_has_no_pronunciation(word):
    assert pronunciations(word) == ()


@pytest.mark.parametrize("word", ["a", "ab", "x", "a-", "7", "é", "ﷺ", "in'", "bcdfg"])
def test_endless_words_are_bounded(word):
    for way in pronunciations(word * 10_000):
        assert 0 < len(way.phonemes) <= 8 * MAX_LETTERS
    assert rhyme(word * 10_000, "tonight") is None or pronunciations(word * 10_000)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for(text):
    assert all(way.phonemes for way in pronunciations(text))
    found = rhyme(text, text[::-1])
    assert found is None or 0 < found.strength <= 1


@given(st.text("abcdefghijklmnopqrstuvwxyz'-", min_size=1, max_size=20))
def test_latin_letters_always_have_a_pronunciation(word):
    assert bool(pronunciations(word)) == any(c.isalpha() for c in word)


def test_the_dictionary_ships_small_with_its_licence():
    warm_up()
    licence = (ASSETS / "LICENSE").read_text(encoding="utf-8")
    assert "Carnegie Mellon University" in licence and "Redistribution" in licence
    assert (ASSETS / "en.dict.xz").stat().st_size < 1_000_000
