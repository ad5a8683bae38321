"""Nothing that reaches a terminal acts on it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.text.display import visible, visible_lines


@given(st.text(st.characters()))
def test_shown_text_holds_no_control_character_and_keeps_every_position(text):
    shown = visible(text)
    assert len(shown) == len(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    shown.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_letters_and_signs_are_shown_as_they_are(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b]52;c;cHduZWQ=\x07", "␛]52;c;cHduZWQ=␇"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x9b31m", "\ufffd31m"),
        ("\u202eabc\u2066", "\ufffdabc\ufffd"),
        ("\ud800", "\ufffd"),
        ("[Chorus]", "[Chorus]"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_terminal_sequences_become_symbols(raw, shown):
    assert visible(raw) == shown


def test_lines_stay_lines_where_they_are_wanted():
    assert visible("a\n\tb") == "a␊␉b"
    assert visible_lines("a\n\tb\x1b") == "a\n\tb␛"
