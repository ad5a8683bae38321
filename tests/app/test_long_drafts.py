"""Drafts of long songs: whole once, then what has changed, and the same text back in any case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.app import draft_keeper
from lyricist.app.draft_keeper import DraftKeeper, OpenDraft
from lyricist.library.draft_change import DraftChange
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.paths import paths
from lyricist.text.common_lines import common_lines

LINES = st.lists(st.sampled_from(["", "a", "b", "夜", "\ud800\u2028"]), min_size=1, max_size=12)


@settings(deadline=None, max_examples=200)
@given(LINES, LINES)
def test_a_change_makes_of_the_old_lines_the_new_ones(old, new):
    head, tail = common_lines(old, new)
    changed = tuple(new[head : len(new) - tail])
    change = DraftChange((0, 0), head, tail, changed, (0, 0), 1.0)
    assert change.applied_to("\n".join(old)) == "\n".join(new)


@pytest.fixture
def keeper(monkeypatch):
    monkeypatch.setattr(draft_keeper, "_LONG", 400)
    return DraftKeeper()


def files():
    return sorted(file.suffix for file in paths().drafts.iterdir())


async def test_of_a_long_song_only_what_has_changed_is_written_again(keeper):
    lines = [f"line {number}" for number in range(100)]
    await keeper.keep(OpenDraft(lines, "song.txt", (0, 0)))
    (whole,) = paths().drafts.iterdir()
    stored = whole.read_bytes()
    for number in (3, 97):
        lines = [*lines[:number], "typed", "夜", *lines[number + 1 :]]
        await keeper.keep(OpenDraft(lines, "song.txt", (number, 2)))
        draft = DraftStore().for_document("song.txt")
        assert draft.text == "\n".join(lines) and draft.cursor == (number, 2)
        assert DraftStore().newest() == draft
    # The second change reached from one end to the other, and the song was written whole again.
    assert files() == [".json"] and whole.read_bytes() != stored
    await keeper.keep(OpenDraft(lines[:-1], "song.txt", (0, 0)))
    assert files() == [".change", ".json"]
    keeper.keep_now(Draft("the end", "song.txt"))
    assert DraftStore().for_document("song.txt").text == "the end"
    assert files() == [".json"]
    await keeper.discard("song.txt")
    assert files() == []


async def test_a_change_of_another_draft_is_passed_over_and_a_damaged_one_set_aside(keeper):
    lines = [f"line {number}" for number in range(100)]
    await keeper.keep(OpenDraft(lines, "song.txt", (0, 0)))
    await keeper.keep(OpenDraft(lines[1:], "song.txt", (0, 0)))
    (change,) = paths().drafts.glob("*.change")
    data = change.read_bytes()
    await keeper.discard("song.txt")
    DraftStore().keep(Draft("whole", "song.txt"))
    change.write_bytes(data)
    assert DraftStore().for_document("song.txt").text == "whole"
    change.write_bytes(data[:-1] + b"x" + b"y")
    assert DraftStore().for_document("song.txt").text == "whole"
    assert files() == [".corrupt-1", ".json"] or files() == [".change.corrupt-1", ".json"]
