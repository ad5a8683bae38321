"""What a base knows: the shipped songs of its language, never the writer's own."""

from lyricist.library.paths import held_out_songs, songbook
from lyricist.text.corpus import read_corpus
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.known_songs import known_songs


def shipped(language):
    return list(read_corpus([songbook() / language]).songs)


def test_what_is_measured_on_is_what_no_shipped_model_was_trained_on():
    songs = shipped("en")
    everything = Vocabulary.from_texts(song.text for song in songs)
    known = known_songs(everything, "en", [])
    unseen = {song.text for song in read_corpus([held_out_songs() / "en"]).songs}
    assert known.held_out and set(known.held_out) <= unseen
    assert set(known.training) == {song.text for song in songs}
    assert not unseen & set(known.training)


def test_the_writers_own_songs_are_not_among_them():
    songs = shipped("en")
    everything = Vocabulary.from_texts(song.text for song in songs)
    own = [song.text for song in songs[:50]]
    known = known_songs(everything, "en", own)
    assert not {*known.training, *known.held_out} & set(own)


def test_a_base_that_never_saw_such_songs_knows_none_of_them():
    assert known_songs(Vocabulary("\nabc 雪"), "zh", []).training == ()
    assert known_songs(Vocabulary("\nabc"), "", []).held_out == ()


def test_other_songs_can_be_named(tmp_path):
    for n in range(30):
        (tmp_path / f"{n}.txt").write_text(f"song number {n}\nis known", encoding="utf-8")
    vocabulary = Vocabulary("\nabcdefghijklmnopqrstuvwxyz 0123456789")
    known = known_songs(vocabulary, "zh", [], [str(tmp_path)])
    assert len(known.training) + len(known.held_out) == 30 and known.held_out
