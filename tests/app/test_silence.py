"""Where a ghost was dismissed it stays silent, until the writer asks."""

from hypothesis import given
from hypothesis import strategies as st

from lyricist.app.silence import Silence, place_at
from lyricist.app.widgets.song_document import SongDocument


def place(text):
    """The place at the end of `text`."""
    document = SongDocument(text)
    return place_at(document, document.end)


def test_a_dismissed_place_is_silent_and_others_are_not():
    silence = Silence()
    silence.keep(place("rain\nthe night "))
    assert silence.holds(place("rain\nthe night "))
    for other in ("rain\nthe night", "rain\nthe night i", "sun\nthe night ", "the night "):
        assert not silence.holds(place(other))


def test_asking_lifts_it():
    silence = Silence()
    silence.keep(place("the "))
    silence.lift(place("the "))
    silence.lift(place("never kept"))
    assert not silence.holds(place("the "))


def test_a_place_is_its_two_lines_wherever_they_stand():
    assert place("one\ntwo\nrain\nthe ") == place("rain\nthe ")
    assert place("rain\n\n  \nthe ") == place("rain\nthe ")
    document = SongDocument("rain\nthe night\nmore")
    assert place_at(document, (1, 4)) == place("rain\nthe ")


def test_the_starts_of_two_stanzas_are_two_places():
    assert place("rain\n\n") != place("sun\n\n") != place("")


def test_the_newest_places_are_remembered():
    silence = Silence(limit=3)
    for word in ("a", "b", "c", "a", "d"):
        silence.keep(place(word))
    assert [w for w in "abcd" if silence.holds(place(w))] == ["a", "c", "d"]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.integers(1, 5))
def test_memory_is_bounded(words, limit):
    silence = Silence(limit)
    for word in words:
        silence.keep(place(word))
        assert silence.holds(place(word))
    assert sum(silence.holds(place(word)) for word in "abcdefgh") <= limit


class CountedLines:
    """Lines that write down which of them were looked at."""

    def __init__(self, lines):
        self._lines = lines
        self.looked_at = set()

    @property
    def line_count(self):
        return len(self._lines)

    def get_line(self, index):
        self.looked_at.add(index)
        return self._lines[index]


def test_a_place_is_small_and_few_lines_are_looked_at():
    lines = CountedLines(["x" * 100_000, *[""] * 1000, "y" * 100_000])
    assert sum(map(len, place_at(lines, (1001, 100_000)))) <= 400
    assert len(lines.looked_at) < 12
