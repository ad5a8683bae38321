"""What is sent to the model: the song around the cursor, however long the song is."""

from hypothesis import given
from hypothesis import strategies as st

from lyricist.app.context import context_after, context_before
from lyricist.app.widgets.song_document import SongDocument

TEXTS = st.text(st.sampled_from("ab夜 \n"), max_size=60)


class CountedLines:
    """Lines that write down which of them were looked at."""

    def __init__(self, lines):
        self._lines = lines
        self.looked_at = []

    @property
    def line_count(self):
        return len(self._lines)

    def get_line(self, index):
        self.looked_at.append(index)
        return self._lines[index]


@given(TEXTS, st.integers(0, 100), st.integers(0, 100), st.integers(1, 80))
def test_it_is_the_end_of_what_stands_before_the_cursor(text, row, column, limit):
    document = SongDocument(text)
    row = min(row, document.line_count - 1)
    column = min(column, len(document.get_line(row)))
    before = document.get_text_range((0, 0), (row, column))
    context = context_before(document, (row, column), limit)
    assert before.endswith(context)
    assert len(context) <= limit
    if len(before) <= limit:
        assert context == before
    elif column <= limit:
        start = len(before) - len(context)
        assert before[start - 1] == "\n", "it begins where a line does"
    else:
        assert len(context) == limit


def test_only_the_lines_that_it_holds_are_looked_at():
    lines = CountedLines(["x" * 9] * 100_000)
    context = context_before(lines, (99_999, 4), 104)
    assert context == "\n".join(["x" * 9] * 10 + ["xxxx"])
    assert len(lines.looked_at) <= 12
    assert min(lines.looked_at) > 99_980


@given(TEXTS, st.integers(0, 100), st.integers(0, 100), st.integers(0, 80))
def test_the_suffix_is_the_beginning_of_what_stands_behind_the_cursor(text, row, column, limit):
    document = SongDocument(text)
    row = min(row, document.line_count - 1)
    column = min(column, len(document.get_line(row)))
    after = document.get_text_range((row, column), document.end)
    context = context_after(document, (row, column), limit)
    assert after.startswith(context)
    assert len(context) <= limit
    if len(after) <= limit:
        assert context == after
    elif limit and len(after.partition("\n")[0]) <= limit:
        assert after[len(context)] == "\n", "it ends where a line does"
    else:
        assert len(context) == limit


def test_before_and_after_are_the_whole_of_a_short_song():
    document = SongDocument("one\n夜里\n\ntwo")
    for row in range(4):
        location = (row, len(document.get_line(row)) // 2)
        whole = context_before(document, location, 99) + context_after(document, location, 99)
        assert whole == document.text


def test_only_the_lines_of_the_suffix_are_looked_at():
    lines = CountedLines(["x" * 9] * 100_000)
    context = context_after(lines, (5, 4), 105)
    assert context == "\n".join(["xxxxx", *["x" * 9] * 10])
    assert len(lines.looked_at) <= 12
    assert max(lines.looked_at) < 20
