"""The rows of a song follow its edits: always what they would be if all were wrapped anew."""

from hypothesis import given
from hypothesis import strategies as st
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset

from lyricist.app.widgets import song_wrapping as module
from lyricist.app.widgets.song_document import DrawnDocument, SongDocument
from lyricist.app.widgets.song_wrapping import SongWrapping

TEXTS = st.text(st.sampled_from("ab夜 \t\n\x1b"), max_size=50)
PLACES = st.tuples(st.integers(0, 20), st.integers(0, 20))
EDITS = st.lists(st.tuples(PLACES, PLACES, TEXTS), max_size=6)


def clamped(document, place):
    row = min(place[0], document.line_count - 1)
    return row, min(place[1], len(document.get_line(row)))


@given(TEXTS, EDITS, st.integers(2, 12))
def test_after_any_edits_all_is_as_textual_would_have_it(text, edits, width):
    document = SongDocument(text)
    wrapping = SongWrapping(document, 4)
    wrapping.wrap(width)
    for start, end, inserted in edits:
        start, end = clamped(document, start), clamped(document, end)
        document.replace_range(start, end, inserted)
        assert document.length == len(document.text)
    theirs = WrappedDocument(DrawnDocument(document), width, 4)
    assert wrapping.height == theirs.height
    assert wrapping.lines == theirs.lines
    for row, line in enumerate(document.lines):
        for column in range(len(line) + 1):
            offset = wrapping.location_to_offset((row, column))
            assert offset == theirs.location_to_offset((row, column))
    for y in range(-1, theirs.height + 2):
        for x in range(width + 2):
            assert wrapping.offset_to_location(Offset(x, y)) == theirs.offset_to_location(
                Offset(x, y)
            )


def test_an_edit_measures_its_own_lines_only(monkeypatch):
    document = SongDocument("\n".join(["a line"] * 50_000))
    wrapping = SongWrapping(document, 4)
    wrapping.wrap(40)
    measured = []
    monkeypatch.setattr(module, "row_count", lambda line, *_: measured.append(line) or 1)
    document.replace_range((25_000, 1), (25_000, 1), "x")
    document.replace_range((25_000, 2), (25_000, 2), "\n")
    document.replace_range((49_999, 6), (49_999, 6), "y")
    wrapping.wrap(40)
    assert measured == ["ax line", "ax", " line", "a liney"]


@given(
    st.lists(st.text("ab 夜里\t한", max_size=120), min_size=1, max_size=90),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 3), st.text("a 夜\n", max_size=40))),
)
def test_rows_of_another_width_are_the_same_made_at_once_or_some_at_a_time(lines, edits):
    song = SongDocument("\n".join(lines))
    rows = SongWrapping(song, 4)
    rows.wrap(40)
    for row, length, text in edits:
        before = rows.height
        rows.wrap_some(17, 4, 1e-9)
        assert rows.height == before, "what is shown stays as it was"
        first = row % song.line_count
        last = min(first + length, song.line_count - 1)
        song.replace_range((first, 0), (last, 0), text)
    while not rows.wrap_some(17, 4, 1e-5):
        pass
    rows.wrap(17)
    at_once = SongWrapping(SongDocument("\n".join(song.lines)), 4)
    at_once.wrap(17)
    assert rows.lines == at_once.lines
    assert rows.height == at_once.height
    assert [rows.line_at(n) for n in range(rows.height)] == [
        at_once.line_at(n) for n in range(at_once.height)
    ]
