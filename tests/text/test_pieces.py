"""A long text as bytes, a piece at a time: all of it, whatever it holds."""

import pytest

from lyricist.text.pieces import encoded_pieces


@pytest.mark.parametrize("text", ["", "夜\ud800\r\n", "夜里🌙\udcff" * 120_000])
def test_the_pieces_are_the_text(text):
    found = list(encoded_pieces(text))
    assert b"".join(found) == text.encode("utf-8", "surrogatepass")
    assert max(map(len, found), default=0) <= 800_000
