"""Songs without credits, chords and times, in one script; their files stay as they are."""

import pytest

from lyricist.errors import CorpusError
from lyricist.text.cleaning import Cleaning, CleaningReport, cleaned
from lyricist.text.corpus import read_corpus
from lyricist.text.songs import Song

RAW = """【雨夜】
作词：某人
作曲：某人

[Verse 1]
Am  F  C  G
[00:12.30]雨落在[Am]窗台
我还没有睡

作词的人在哭
www.example.com"""
PLAIN = """【雨夜】

[Verse 1]
雨落在窗台
我还没有睡

作词的人在哭"""
CLEAN = Cleaning(boilerplate=True)


def texts(songs):
    return [song.text for song in songs]


def test_what_nobody_sings_is_left_out_and_counted():
    songs, report = cleaned([Song(RAW, "a.txt")], CLEAN)
    assert songs == [Song(PLAIN, "a.txt")]
    assert dict(report.lines) == {"credit": 2, "link": 1, "chords": 1}
    assert report.left_out == 4 and report.marked_lines == 1


def test_a_credit_behind_a_time_is_found():
    songs, report = cleaned([Song("[00:00.00]作词：某人\n[00:01.00]雨落")], CLEAN)
    assert texts(songs) == ["雨落"]
    assert dict(report.lines) == {"credit": 1}


def test_songs_that_become_empty_or_the_same_are_dropped():
    songs, report = cleaned(
        [Song("作词：甲\n雨落"), Song("作曲：乙\n作词：丙"), Song("词：丁\n雨落"), Song("风起")],
        CLEAN,
    )
    assert texts(songs) == ["雨落", "风起"]
    assert (report.empty_songs, report.duplicate_songs) == (1, 1)


def test_both_scripts_of_one_song_are_the_same_song():
    both = [Song("愛與夢"), Song("爱与梦")]
    songs, report = cleaned(both, Cleaning(script="simplified"))
    assert texts(songs) == ["爱与梦"]
    assert (report.converted_songs, report.duplicate_songs) == (1, 1)
    assert texts(cleaned(both, Cleaning(script="traditional"))[0]) == ["愛與夢"]


def test_nothing_happens_unless_it_is_wanted():
    songs = [Song(RAW), Song(RAW)]
    assert cleaned(songs, Cleaning()) == (songs, CleaningReport())


def test_clean_songs_come_through_unchanged():
    songs = [Song(PLAIN), Song("the rain\n\n[Chorus]\nAm I the only one")]
    assert cleaned(songs, CLEAN) == (songs, CleaningReport())


def test_the_corpus_is_cleaned_and_its_files_are_not(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(RAW, encoding="utf-8")
    corpus = read_corpus([path], cleaning=CLEAN)
    assert texts(corpus.songs) == [PLAIN]
    assert corpus.report.cleaning.left_out == 4
    assert corpus.report.boilerplate == ()
    assert path.read_text(encoding="utf-8") == RAW
    as_it_is = read_corpus([path]).report
    assert sum(n for _, n in as_it_is.boilerplate) == 4
    assert as_it_is.sha256 != corpus.report.sha256


def test_a_corpus_of_which_nothing_is_left_is_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("作词：某人\n作曲：某人", encoding="utf-8")
    with pytest.raises(CorpusError, match="nothing is left of the songs: all 2 lines") as caught:
        read_corpus([path], cleaning=CLEAN)
    assert caught.value.mend
