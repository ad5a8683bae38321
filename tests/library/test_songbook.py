"""The packaged songs."""

from itertools import pairwise

from lyricist.library.paths import held_out_songs, songbook
from lyricist.library.songbook import songbook_songs
from lyricist.text.corpus import read_corpus


def test_some_songs_are_taken_evenly_from_the_whole_book():
    every = songbook_songs("zh", at_most=1_000_000)
    assert every == [song.text for song in read_corpus([songbook() / "zh"]).songs]
    some = songbook_songs("zh", at_most=20)
    assert 10 <= len(some) <= 20
    places = [every.index(text) for text in some]
    (gap,) = {after - before for before, after in pairwise(places)}
    assert places[0] == 0 and places[-1] >= len(every) - gap


def test_no_two_songs_share_a_line():
    # A line that stands in several songs would be learned as if everyone sang it.
    for language in ("zh", "en"):
        where = {}
        for number, song in enumerate(songbook_songs(language, at_most=1_000_000)):
            for line in set(song.split("\n")):
                if len(line) >= 5 and line[0] not in "#[【":
                    assert where.setdefault(line, number) == number, line


def test_no_song_shares_a_line_with_what_models_are_measured_on():
    for language in ("zh", "en"):
        measured = {
            line.lower()
            for song in read_corpus([held_out_songs() / language]).songs
            for line in song.text.split("\n")
            if len(line) >= 5 and line[0] not in "#[【"
        }
        for song in songbook_songs(language, at_most=1_000_000):
            assert not measured & {line.lower() for line in song.split("\n")}
