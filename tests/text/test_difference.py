"""What differs between two texts, so that either can be made from it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.text.difference import (
    ADDED,
    FOLDED,
    KEPT,
    REMOVED,
    DiffLine,
    difference,
    stretches,
)

few_words = st.lists(st.sampled_from(["", "la", "la la", "night", "夜"]), max_size=30)


@settings(deadline=None, max_examples=300)
@given(few_words, few_words)
def test_stretches_cover_both_texts_and_equal_ones_are_equal(old, new):
    row = column = 0
    for stretch in stretches(old, new):
        assert (stretch.old_start, stretch.new_start) == (row, column)
        row, column = stretch.old_end, stretch.new_end
        if stretch.equal:
            assert old[stretch.old_start : row] == new[stretch.new_start : column]
    assert (row, column) == (len(old), len(new))


@settings(deadline=None, max_examples=300)
@given(few_words, few_words)
def test_either_text_is_what_the_other_lines_are_taken_from(old, new):
    lines = difference("\n".join(old), "\n".join(new))
    old, new = "\n".join(old).split("\n"), "\n".join(new).split("\n")
    assert (lines == ()) == (old == new)
    if lines and not any(line.kind == FOLDED for line in lines):
        assert [line.text for line in lines if line.kind != ADDED] == old
        assert [line.text for line in lines if line.kind != REMOVED] == new
    for own, other in ((REMOVED, old), (ADDED, new)):
        shown = sum(line.count for line in lines if line.kind in (KEPT, FOLDED, own))
        assert not lines or shown == len(other)


def test_one_changed_line_is_shown_among_its_neighbours():
    old = [f"line {number}" for number in range(20)]
    new = [*old[:10], "another", *old[11:]]
    assert difference("\n".join(old), "\n".join(new)) == (
        DiffLine(FOLDED, "", 7),
        *(DiffLine(KEPT, f"line {number}") for number in (7, 8, 9)),
        DiffLine(REMOVED, "line 10"),
        DiffLine(ADDED, "another"),
        *(DiffLine(KEPT, f"line {number}") for number in (11, 12, 13)),
        DiffLine(FOLDED, "", 6),
    )


def test_a_moved_verse_is_matched_by_its_own_lines():
    verse = ["the night is long", "and so am I"]
    chorus = ["la", "la", "la", ""]
    lines = difference("\n".join([*verse, *chorus]), "\n".join([*chorus, *verse]))
    assert [line for line in lines if line.kind == KEPT]
    changed = {line.text for line in lines if line.kind in (REMOVED, ADDED)}
    assert changed == set(verse) or changed == set(chorus)


def test_a_text_of_many_equal_lines_is_compared_row_by_row():
    old = ["la"] * 3000
    new = [*old]
    new[5] = new[2990] = "lo"
    lines = difference("\n".join(old), "\n".join(new))
    assert [line.text for line in lines if line.kind == ADDED] == ["lo", "lo"]
    assert [line.text for line in lines if line.kind == REMOVED] == ["la", "la"]
