"""The index of other songs is made aside, again whenever another song is opened."""

import time

from lyricist.suggest.own_songs import OwnSongs


def follow_until_made(songs: OwnSongs, path: str) -> None:
    deadline = time.monotonic() + 30
    while not songs.follow(path):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def knows(songs: OwnSongs, context: str) -> bool:
    return songs.index is not None and any(True for _ in songs.index.following(context))


def test_another_song_means_other_songs():
    songs = OwnSongs(lambda path: "hello world" if path == "a" else "雨落在空房子里")
    assert songs.index is None and not songs.follow("a")
    follow_until_made(songs, "a")
    assert knows(songs, "hel") and not knows(songs, "雨落在")
    follow_until_made(songs, "b")
    assert knows(songs, "雨落在") and not songs.follow("b")


def test_no_songs_and_a_disk_that_fails_mean_no_index():
    def fail(path):
        raise OSError("gone")

    for read in (lambda path: "", fail):
        songs = OwnSongs(read)
        follow_until_made(songs, "a")
        assert songs.index is None
