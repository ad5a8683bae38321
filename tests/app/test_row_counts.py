"""Rows of lines: the same as adding them all up, without adding them all up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.app.widgets import row_counts
from lyricist.app.widgets.row_counts import RowCounts

COUNTS = st.lists(st.integers(1, 4), min_size=1, max_size=30)
EDITS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), COUNTS), max_size=12)


@given(COUNTS, EDITS, st.integers(1, 8))
def test_every_lookup_is_as_in_a_plain_list(counts, edits, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_counts, "_BLOCK", block)
        rows, plain = RowCounts(counts), list(counts)
        for first, last, new in edits:
            first, last = sorted((first % len(plain), last % len(plain)))
            rows.replace(first, last, new)
            plain[first : last + 1] = new
            assert (len(rows), rows.rows) == (len(plain), sum(plain))
        owners = [(n, row) for n, count in enumerate(plain) for row in range(count)]
        assert [rows.line_at(row) for row in range(rows.rows)] == owners
        assert [rows[n] for n in range(len(plain))] == plain
        assert [rows.rows_before(n) for n in range(len(plain))] == [
            sum(plain[:n]) for n in range(len(plain))
        ]


def test_what_is_not_there_is_an_error():
    rows = RowCounts([1, 2])
    for row in (-1, 3):
        with pytest.raises(IndexError):
            rows.line_at(row)
    for line in (-1, 2):
        with pytest.raises(IndexError):
            rows.rows_before(line)


def test_a_line_more_touches_one_block():
    rows = RowCounts([1] * 100_000)
    before = [id(block) for block in rows._blocks]
    rows.replace(50_000, 50_000, [1, 2])
    after = [id(block) for block in rows._blocks]
    assert len(set(after) - set(before)) == 1
