"""How texts are read where they are compared: what counts, and what hides nothing."""

from hypothesis import given
from hypothesis import strategies as st

from lyricist.text.passages import Length, length_of, pieces, places, sign


def signs(text):
    return [sign(piece) for piece in pieces(text)]


def test_unspaced_letters_stand_alone_and_words_stand_whole():
    assert pieces("我爱 rock-n-roll，さくらー 한국어 naïve") == [
        *"我爱",
        "rock",
        "n",
        "roll",
        *"さくらー",
        "한국어",
        "naïve",
    ]


def test_case_punctuation_space_apostrophes_and_width_hide_nothing():
    assert signs("Don't you,\nKNOW it’s  me!") == signs("dont you know: its\u3000me")
    assert signs("明月，几时有？\n把酒") == signs("明月几时有 把酒")
    assert signs("ＡＢ１２") == signs("ab12")
    assert signs("cafe\u0301") == signs("CAFÉ")


def test_other_characters_and_other_words_stay_apart():
    assert len({sign(piece) for piece in ("后", "後", "love", "loves", "か", "が")}) == 6


def test_the_lowest_bit_tells_words():
    assert [sign(piece) & 1 for piece in ("我", "か", "love", "любовь", "42")] == [0, 0, 1, 1, 1]


def test_signs_are_the_same_on_every_machine():
    assert sign("月") == 0xBEC0A05922049166
    assert sign("moon") == 0xB5E8D37ADB1DF5B3


def test_lengths_add_up_to_a_limit():
    assert length_of(pieces("我们 love you")) == Length(2, 2)
    assert Length(12, 0).reaches(12, 6) and not Length(11, 0).reaches(12, 6)
    assert Length(0, 6).reaches(12, 6) and not Length(0, 5).reaches(12, 6)
    assert Length(6, 3).reaches(12, 6) and not Length(5, 3).reaches(12, 6)
    assert str(Length(1, 2)) == "1 character and 2 words"


@given(st.text())
def test_pieces_stand_where_they_are_said_to(text):
    found = places(text)
    assert [place.text for place in found] == pieces(text)
    assert all(text[place.start : place.end] == place.text for place in found)
    for piece in pieces(text):
        assert 0 <= sign(piece) < 1 << 64
