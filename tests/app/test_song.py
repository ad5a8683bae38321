"""Whether a song is as its file: exact, and cheap enough to ask with every key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.app.song import Song
from lyricist.errors import DocumentError

TEXTS = st.text(st.sampled_from("ab\n"), max_size=6)


@given(TEXTS, st.lists(TEXTS, max_size=5))
def test_lines_are_compared_exactly(saved, texts):
    song = Song(saved_text=saved)
    for text in [*texts, saved]:
        assert song.is_saved_as(text.split("\n"), len(text)) == (text == saved)


class CountedLines(list):
    """Lines that count how often they are compared."""

    compared = 0

    def __ne__(self, other):
        CountedLines.compared += 1
        return super().__ne__(other)


def test_another_length_is_answered_without_looking_at_a_line():
    song = Song(saved_text="a\nb")
    CountedLines.compared = 0
    assert not song.is_saved_as(CountedLines(["a", "bc"]), 4)
    assert CountedLines.compared == 0
    assert song.is_saved_as(CountedLines(["a", "b"]), 3)
    assert CountedLines.compared == 1


def test_saving_moves_what_is_compared_with(tmp_path):
    song = Song(tmp_path / "song.txt")
    assert not song.is_saved_as(["new"], 3)
    song.save("new")
    assert song.is_saved_as(["new"], 3)
    assert not song.is_saved_as(["old"], 3)


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    with pytest.raises(DocumentError, match="cannot be opened"):
        Song.open(tmp_path / ("x" * 300))
