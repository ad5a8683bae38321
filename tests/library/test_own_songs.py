"""The writer's other songs: those of the settings, but not the one that is open."""

from lyricist.library import own_songs as module
from lyricist.library.own_songs import own_songs
from lyricist.library.settings import (
    Settings,
    load_settings,
    remember_corpus,
    remember_recent,
    save_settings,
)


def songs(tmp_path, **texts):
    files = []
    for name, text in texts.items():
        file = tmp_path / f"{name}.txt"
        file.write_text(text)
        files.append(file)
    return files


def test_recent_songs_and_corpora_are_read_once_each(tmp_path):
    first, second = songs(tmp_path, first="雨落\n我走", second="one line\nanother")
    settings = remember_recent(Settings(), first)
    settings = remember_corpus(settings, [tmp_path])
    save_settings(settings)
    assert load_settings()[0].corpus == [str(tmp_path)]
    assert sorted(own_songs().split(module.BREAK)) == ["one line\nanother", "雨落\n我走"]


def test_the_open_song_is_not_another_one_even_within_a_folder(tmp_path):
    first, second = songs(tmp_path, first="雨落\n我走", second="one line")
    save_settings(remember_corpus(remember_recent(Settings(), first), [tmp_path]))
    assert own_songs(except_for=str(first)) == "one line"


def test_what_is_gone_or_too_much_is_passed_over(tmp_path, monkeypatch):
    first, second = songs(tmp_path, first="a" * 30 + "b", second="cd")
    settings = remember_recent(remember_recent(Settings(), first), tmp_path / "gone.txt")
    save_settings(remember_recent(settings, second))
    monkeypatch.setattr(module, "MAX_CHARACTERS", 10)
    assert own_songs() == "cd"


def test_a_collection_too_large_to_read_aside_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "large").mkdir()
    songs(tmp_path / "large", one="a" * 60, two="b" * 60)
    small, _ = songs(tmp_path, small="cd\nef", other="gh")
    save_settings(remember_corpus(Settings(), [small, tmp_path / "large"]))
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    assert own_songs() == "cd\nef"


def test_without_settings_there_are_no_songs():
    assert own_songs() == ""
