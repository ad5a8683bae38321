"""Held-out songs."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.errors import UsageError
from lyricist.text.corpus import Song
from lyricist.text.split import split_by_song

songs_lists = st.lists(st.text(min_size=1), unique=True, max_size=40).map(
    lambda texts: [Song(text) for text in texts]
)
SONGS = [Song(f"song number {i}\nwith two lines") for i in range(2000)]


@given(songs_lists, st.floats(0, 1, exclude_max=True))
def test_every_song_is_on_exactly_one_side_in_its_order(songs, fraction):
    training, held_out = split_by_song(songs, fraction)
    assert [s for s in songs if s in training] == training
    assert [s for s in songs if s in held_out] == held_out
    assert len(training) + len(held_out) == len(songs)


@given(songs_lists, st.floats(0.001, 0.999))
def test_no_side_is_empty_from_two_songs_on(songs, fraction):
    training, held_out = split_by_song(songs, fraction)
    assert bool(training) == bool(songs)
    assert bool(held_out) == (len(songs) >= 2)


def test_the_share_is_about_the_one_asked_for():
    _, held_out = split_by_song(SONGS)
    assert 70 <= len(held_out) <= 130


def test_a_song_keeps_its_side_when_others_come_or_go():
    _, held_out = split_by_song(SONGS, 0.1)
    _, of_half = split_by_song(SONGS[::2], 0.1)
    assert set(of_half) == set(held_out) & set(SONGS[::2])
    _, reversed_order = split_by_song(SONGS[::-1], 0.1)
    assert set(reversed_order) == set(held_out)


def test_nothing_is_held_out_of_one_song_or_at_zero():
    assert split_by_song(SONGS[:1], 0.5) == (SONGS[:1], [])
    assert split_by_song(SONGS[:9], 0) == (SONGS[:9], [])


def test_the_split_is_the_same_in_another_process():
    code = (
        "from lyricist.text.corpus import Song\n"
        "from lyricist.text.split import split_by_song\n"
        "songs = [Song(f'song number {i}\\nwith two lines') for i in range(200)]\n"
        "print([s.text for s in split_by_song(songs)[1]])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == str([s.text for s in split_by_song(SONGS[:200])[1]])


@pytest.mark.parametrize("fraction", [-0.1, 1, 5, float("nan")])
def test_an_impossible_share_is_refused(fraction):
    with pytest.raises(UsageError, match="share"):
        split_by_song(SONGS, fraction)
