"""Words found for a line's end, and those of songs among them."""

from __future__ import annotations

from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme_search import KINDS, rhyming_words
from lyricist.craft.song_words import content_words, song_words

RULES = RhymeRules()
SONGS = song_words(["【副歌】\n月亮 月亮 星光\n# 月饼\n在远方"])


def found(text, kinds=KINDS, limit=50, songs=SONGS):
    return rhyming_words(sung_line(text).ending, kinds, RULES, limit, songs)


def test_songs_are_counted_without_headings_and_comments():
    assert SONGS.words["月亮"] == 2 and "月饼" not in SONGS.words and "副歌" not in SONGS.words
    assert SONGS.characters["月"] == 2 and SONGS.characters["饼"] == 0


def test_words_of_songs_come_first():
    pairs = [word.text for word in found("天堂", {"perfect"}) if word.syllables == 2]
    assert pairs[0] == "月亮"
    assert {"星光", "远方"} <= set(pairs)


def test_each_word_rhymes_as_it_says():
    for word in found("人生"):
        own = word.classes.split()
        if word.kind == "near":
            assert own == ["人辰"] and word.agreeing == 1
        else:
            assert own[-1] == "中东" and len(own) == word.agreeing
        assert word.agreeing >= 2 or word.kind != "multisyllabic"
        assert word.syllables == len(word.text) == len(word.reading.split())


def test_the_text_itself_and_its_last_character_are_left_out():
    words = {word.text for word in found("月光", songs=song_words(["月光 时光 夜光"]))}
    assert words and not {word for word in words if word.endswith("光")}
    # In traditional characters as well.
    assert not any(word.text.endswith("爱") for word in found("我愛"))


def test_nothing_is_found_for_no_end_and_limits_hold():
    assert found("привет") == []
    for text in ("light", "月光"):
        words = found(text, {"perfect"}, 3)
        lengths = [word.syllables for word in words]
        assert lengths == sorted(lengths) and max(map(lengths.count, lengths)) == 3


def test_words_that_say_little_are_no_content():
    line = sung_line("the rain of our 月亮 and 你 don't fall")
    assert content_words(line) == ("月亮", "rain", "fall")
