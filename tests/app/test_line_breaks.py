"""Where lines break: as Textual breaks them, though most are never measured."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._wrap import compute_wrap_offsets

from lyricist.app.widgets import line_breaks as module
from lyricist.app.widgets.drawn_line import drawn_line
from lyricist.app.widgets.line_breaks import PIECE, line_breaks, row_count, tab_widths
from lyricist.app.widgets.plain_breaks import is_plain, most_cells, plain_breaks
from lyricist.text.display import visible_lines
from lyricist.text.lines import cell_width

LINES = st.text(st.sampled_from("ab c夜里，！é\t\x1b\u3000　👩️‍🇨") | st.characters(), max_size=60)
WIDTHS = st.integers(2, 40)


@given(LINES)
def test_a_drawn_line_has_symbols_for_control_characters(line):
    assert drawn_line(line) == visible_lines(line)


@given(LINES, st.integers(4, 40))
def test_lines_break_where_textual_breaks_them(line, width):
    line = line.replace("\n", "")
    expected = compute_wrap_offsets(visible_lines(line), width, 4)
    assert list(line_breaks(line, width, 4)) == expected
    assert row_count(line, width, 4) == len(expected) + 1


@given(st.text(st.sampled_from("夜里走过，。「」")), WIDTHS)
def test_chinese_lines_are_broken_without_measuring(line, width):
    assert list(line_breaks(line, width, 4)) == compute_wrap_offsets(line, width, 4)


@given(st.text(st.sampled_from("ab夜 "), min_size=1), st.integers(1, 40), WIDTHS)
def test_a_line_longer_than_any_of_a_song_still_fits_in_its_rows(part, times, width):
    line = part * (times * PIECE // len(part) + 1)
    edges = [0, *line_breaks(line, width, 4), len(line)]
    assert edges == sorted(set(edges))
    # A space at the end may stand beyond the edge, as in any line.
    assert all(cell_width(line[a:b].rstrip()) <= width for a, b in pairwise(edges))


def test_a_key_in_a_line_of_a_million_characters_measures_one_piece(monkeypatch):
    line = "ab 夜" * 250_000
    line_breaks(line, 50, 4)
    measured = []
    monkeypatch.setattr(
        module, "compute_wrap_offsets", lambda text, *_, **__: measured.append(text) or []
    )
    line_breaks(line + "x", 50, 4)
    assert len(measured) <= 1


@pytest.mark.parametrize(("line", "widths"), [("", []), ("a\tb\t", [3, 3]), ("夜\t", [2])])
def test_tabs_reach_to_the_next_stop(line, widths):
    assert tab_widths(line, 4) == widths


@given(st.text(st.sampled_from("ab c夜里，！ 'xé’—"), max_size=200), WIDTHS)
def test_plain_lines_break_where_textual_breaks_them(line, width):
    assert is_plain(line)
    assert list(plain_breaks(line, width)) == compute_wrap_offsets(line, width, 4)


@given(LINES)
def test_no_line_is_wider_than_was_said_without_measuring(line):
    assert cell_width(line) <= most_cells(line)


def test_ordinary_characters_are_as_wide_as_they_are_taken_to_be():
    ordinary = [chr(code) for code in range(0x20, 0x10000) if is_plain(chr(code))]
    assert len(ordinary) > 20_000
    narrow = {c for c in ordinary if plain_breaks(c + "a", 2) == ()}
    assert len(narrow) > 500
    assert [c for c in ordinary if cell_width(c) != (1 if c in narrow else 2)] == []
