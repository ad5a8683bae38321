"""The lines that two texts begin and end with alike: all of them, and none twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.text import common_lines as module
from lyricist.text.common_lines import common_lines

LINES = st.lists(st.sampled_from(["", "a", "b", "夜", "\ud800\u2028"]), max_size=12)


@settings(deadline=None, max_examples=300)
@given(LINES, LINES, st.integers(1, 4))
def test_they_are_equal_and_those_beside_them_are_not(old, new, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", at_once)
        head, tail = common_lines(old, new)
    least = min(len(old), len(new))
    assert head + tail <= least
    assert old[:head] == new[:head]
    assert old[len(old) - tail :] == new[len(new) - tail :]
    if head + tail < least:
        assert old[head] != new[head]
        assert old[-1 - tail] != new[-1 - tail]


def test_lists_and_tuples_have_common_lines_too():
    assert common_lines(["a", "b", "c", "d"], ("a", "x", "d")) == (1, 1)


class CountedLines(list):
    """Lines that count how often they are asked."""

    asked = 0

    def __getitem__(self, key):
        self.asked += 1
        return super().__getitem__(key)


@pytest.mark.parametrize("changed", [0, 100_500, 200_000])
def test_a_long_song_is_not_walked_line_by_line(changed):
    old = CountedLines(f"line {number}" for number in range(200_001))
    new = CountedLines(old)
    new[changed] = "another"
    assert common_lines(old, new) == (changed, 200_000 - changed)
    assert old.asked < 3000
