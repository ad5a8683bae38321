"""The line that says where a suggestion comes from."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.app.widgets.source_shares import shares
from lyricist.suggest.protocol import Sources


def test_all_from_the_network_is_not_worth_a_word():
    assert shares(Sources(), 40) == ""
    assert shares(Sources(0.996, 0.002, 0.002), 40) == ""


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (60, "from network 62% · song 31% · yours 7%"),
        (39, "from network 62% · song 31% · yours 7%"),
        (38, "network 62% · song 31% · yours 7%"),
        (34, "network 62% · song 31% · yours 7%"),
        (30, "song 31% · yours 7%"),
        (10, ""),
        (0, ""),
        (-5, ""),
    ],
)
def test_it_says_as_much_as_there_is_room_for(width, line):
    assert shares(Sources(0.62, 0.07, 0.31), width) == line


def test_what_rounds_to_nothing_is_left_out():
    assert shares(Sources(0.8, 0.001, 0.199), 34) == "network 80% · song 20%"
    assert shares(Sources(0.0, 0.3, 0.7), 34) == "song 70% · yours 30%"


@given(st.floats(), st.floats(), st.integers(0, 80))
def test_percents_add_up_and_fit(writer, song, width):
    line = shares(Sources(1.0, writer, song), width)
    assert len(line) <= width
    if line and width >= 39:
        assert sum(map(int, re.findall(r"(\d+)%", line))) == 100
