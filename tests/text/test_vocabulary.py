"""Characters to indices and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.text.vocabulary import (
    BOUNDARY_INDEX,
    NUM_SPECIAL,
    UNKNOWN_INDEX,
    Vocabulary,
    normalize,
)


@given(st.lists(st.text(), max_size=5))
def test_text_of_known_characters_comes_back_normalized(texts):
    vocabulary = Vocabulary.from_texts(texts)
    for text in texts:
        assert vocabulary.decode(vocabulary.encode(text)) == normalize(text)


@given(st.text(), st.text())
def test_every_character_gets_one_index_within_the_vocabulary(known, text):
    vocabulary = Vocabulary.from_texts([known])
    indices = vocabulary.encode(text)
    assert len(indices) == len(normalize(text))
    assert all(0 <= i < len(vocabulary) and i != BOUNDARY_INDEX for i in indices)


@given(st.text())
def test_normalizing_twice_changes_nothing(text):
    assert normalize(normalize(text)) == normalize(text)
    assert "\r" not in normalize(text)


@given(st.text(), st.text())
def test_extending_keeps_old_indices(old, new):
    # U+FFFD stands for what could not be read; no vocabulary has it.
    old, new = old.replace("\ufffd", ""), new.replace("\ufffd", "")
    vocabulary = Vocabulary.from_texts([old])
    extended = vocabulary.extended([new])
    assert extended.characters.startswith(vocabulary.characters)
    assert UNKNOWN_INDEX not in extended.encode(old + new)


def test_unknown_characters_take_the_unknown_index_and_decode_to_nothing():
    vocabulary = Vocabulary.from_texts(["歌词"])
    assert vocabulary.encode("歌🎸词")[1] == UNKNOWN_INDEX
    assert vocabulary.decode([UNKNOWN_INDEX, BOUNDARY_INDEX]) == ""


def test_the_line_feed_is_always_a_member():
    assert "\n" in Vocabulary("")
    assert Vocabulary("ab").decode([Vocabulary("ab").newline_index]) == "\n"


def test_frequent_characters_come_first_and_rare_ones_can_be_left_out():
    vocabulary = Vocabulary.from_texts(["aaabbc"], min_count=2)
    assert vocabulary.characters == "\nab"
    assert len(vocabulary) == NUM_SPECIAL + 3


def test_a_character_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Vocabulary("aa")


def test_vocabularies_of_the_same_characters_are_equal():
    assert Vocabulary("ab") == Vocabulary("ab")
    assert hash(Vocabulary("ab")) == hash(Vocabulary("ab"))
    assert Vocabulary("ab") != Vocabulary("ba")


def test_line_ends_and_accents_are_unified():
    assert normalize("cafe\u0301\r\nx\ry") == "café\nx\ny"
