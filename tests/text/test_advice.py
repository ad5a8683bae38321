"""What a writer is told about a corpus before training on it."""

import json
import time

import pytest

from lyricist.errors import CorpusError
from lyricist.library.paths import shipped_models, songbook
from lyricist.network.card import read_card
from lyricist.text.corpus import TINY_CORPUS, read_corpus
from lyricist.text.vocabulary import Vocabulary

SONG = "雨落在窗台\n我还没有睡\n等一盏灯亮\n等你说一句晚安"
LINES = "\n".join(f"the {i} rain comes down upon {i * 7} roofs" for i in range(90))


@pytest.fixture
def report_of(tmp_path):
    def report(text, vocabulary=None):
        path = tmp_path / "songs.txt"
        path.write_text(text, encoding="utf-8")
        return read_corpus([path], vocabulary).report

    return report


def shipped(name):
    return Vocabulary(read_card(shipped_models() / name).characters)


def only(report):
    (warning,) = report.warnings
    assert "\n" not in warning
    return warning


def test_ordinary_songs_need_no_advice():
    for language in ("zh", "en"):
        report = read_corpus([songbook() / language], shipped(language)).report
        assert report.warnings == ()
        assert report.language == report.base_language == language


def test_few_characters_are_learned_by_heart(report_of):
    text = "".join(f"{i:04}\n" for i in range(100)) + "x"
    assert "tiny (501 characters)" in only(report_of(text))


def test_songs_in_another_language_than_the_base(report_of):
    warning = only(report_of(LINES, shipped("zh")))
    assert "the songs are English, but the base knows Chinese" in warning
    chinese = read_corpus([songbook() / "zh"], shipped("en")).report
    assert "the songs are Chinese, but the base knows English" in only(chinese)


def test_one_song_a_thousand_times(report_of):
    report = report_of("\n\n\n".join([SONG] * 1000))
    assert (report.songs, report.duplicate_songs) == (1, 999)
    assert any("999 of 1,000 songs are the same as another" in text for text in report.warnings)


def test_lines_that_come_again_and_again(report_of):
    report = report_of("[Verse]\n" + "\n".join(["[Chorus]", *SONG.split("\n")] * 1000))
    assert report.repeated_lines == 3996
    assert any("80% of the lines have stood before" in text for text in report.warnings)


def test_headings_are_not_counted_as_repeated(report_of):
    report = report_of("[Verse]\nab\ncd\n[Chorus]\nef\n[Verse]\ngh\nab")
    assert report.repeated_lines == 1


def test_a_text_of_which_every_character_is_another(report_of):
    text = "\n".join(
        "".join(map(chr, range(0x4E00 + i, 0x4E00 + i + 10))) for i in range(0, 4000, 10)
    )
    report = report_of(text)
    assert report.seen_once == 4000
    assert any("91% of the characters occur only once" in text for text in report.warnings)


def test_many_characters_that_the_base_does_not_know(report_of):
    text = "".join(f"雪花飘过第{i}座桥 鹤唳鹤唳\n" for i in range(200))
    base = Vocabulary("雪花飘过第座 一二三四五六七八九十天人")
    assert "are unknown to the base" in only(report_of(text, base))


def test_mixed_scripts_and_the_script_of_the_base(report_of):
    simplified = "".join(f"爱与梦还在说话 {i}\n" for i in range(200))
    traditional = "".join(f"愛與夢還在說話 {i}\n" for i in range(200))
    mixed = report_of(simplified + traditional * 2)
    assert "simplified and traditional characters are mixed" in only(mixed)
    assert "--script traditional" in only(mixed)
    assert "--script simplified" in " ".join(
        report_of(simplified + traditional * 2, shipped("zh")).warnings
    )
    other = report_of(traditional, shipped("zh"))
    assert "the songs are in traditional characters, the base knows simplified" in only(other)
    assert report_of(simplified, shipped("zh")).warnings == ()


def test_lines_that_are_no_lyrics(report_of):
    report = report_of(f"作词：甲\n作曲：乙\n{LINES}\nAm F C G")
    assert dict(report.boilerplate) == {"credit": 2, "chords": 1}
    assert only(report).startswith("3 lines are no lyrics (2 credits, 1 line of chords)")
    assert "--clean" in only(report)


def test_the_report_is_plain_json(report_of):
    fields = report_of(f"作词：甲\n{LINES}").as_dict()
    assert json.loads(json.dumps(fields)) == fields
    assert fields["boilerplate"] == {"credit": 1}
    assert fields["language"] == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("雨落在窗台", "zh"),
        ("the rain came down", "en"),
        ("雨落在窗台 the rain came down", "zh+en"),
        ("ночь улица фонарь", "other"),
        ("さくら さくら やよいの空は", "other"),
        ("für dich wär ich schön über Nacht", "other"),
        (
            "café on the corner, " + 3 * "where we met and talked the whole night long, my love",
            "en",
        ),
        ("12 34", ""),
    ],
)
def test_the_language_is_told_by_the_letters(report_of, text, language):
    assert report_of(text).language == language


def test_a_large_corpus_is_reported_on_in_seconds(report_of):
    text = "\n".join(f"line {i} 雨落在第{i * 7}条街 灯还亮着 nobody knows" for i in range(100_000))
    start = time.perf_counter()
    report = report_of(text)
    assert report.characters > TINY_CORPUS * 1000
    assert time.perf_counter() - start < 10


def test_one_distinct_character_is_still_an_error(report_of):
    with pytest.raises(CorpusError, match="one distinct character"):
        report_of("啊啊啊\n啊")
