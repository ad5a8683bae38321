"""Nothing that reaches a terminal acts on it."""

import unicodedata

import pytest
from hostile import FORBIDDEN, HOSTILE, marks_in_a_row
from hypothesis import given
from hypothesis import strategies as st

from lyricist.app.widgets.drawn_line import drawn_line, drawn_part
from lyricist.text.display import visible, visible_lines

# They are letters by name, and nothing to be seen.
FILLERS = "\u115f\u1160\u3164\uffa0"


@given(st.text(st.characters()))
def test_shown_text_holds_no_control_character_and_keeps_every_position(text):
    shown = visible(text)
    assert len(shown) == len(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not FORBIDDEN.search(shown)
    assert visible(shown) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_harmless_once_they_are_shown(text):
    for shown in (visible(text), visible_lines(text)):
        assert not FORBIDDEN.search(shown)
        assert len(shown) == len(text)
        assert marks_in_a_row(shown) <= 10
    assert "\n" not in visible(text) and "\t" not in visible(text)


@given(
    st.text(st.sampled_from("a字🏳👩\u200d\ufe0f\u0301\u200b\u202e\U000e0067\U000e007f\U0001f3f4"))
)
def test_a_part_of_a_line_is_drawn_as_in_the_line(line):
    whole = drawn_line(line)
    for start in range(len(line) + 1):
        assert drawn_part(line, start, len(line)) == whole[start:]
        assert drawn_part(line, 0, start) == whole[:start]


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters=FILLERS)))
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
        ("🏳\ufe0f\u200d🌈 ❤\ufe0f 1\ufe0f\u20e3", "🏳\ufe0f\u200d🌈 ❤\ufe0f 1\ufe0f\u20e3"),
        (HOSTILE["flag"], HOSTILE["flag"]),
        (HOSTILE["indic"], HOSTILE["indic"]),
        ("a\u200bb\ufeffc\u00ad", "a◌b◌c◌"),
        ("a\u200db\u200c \u200d🌈 👩\u200d", "a◌b◌ ◌🌈 👩◌"),
        ("a\ufe0f\U000e0100 字\U000e0100", "a◌◌ 字\U000e0100"),
        ("\U0001f3f4\U000e0041\U000e0067", "\U0001f3f4◌◌"),
        ("ㄱ\u3164\u115f", "ㄱ◌◌"),
        ("\ufffe\U0001ffff", "\ufffd\ufffd"),
        ("a" + "\u0301" * 12, "a" + "\u0301" * 10 + "◌◌"),
    ],
)
def test_terminal_sequences_become_symbols(raw, shown):
    assert visible(raw) == shown


def test_lines_stay_lines_where_they_are_wanted():
    assert visible("a\n\tb") == "a␊␉b"
    assert visible_lines("a\n\tb\x1b") == "a\n\tb␛"
