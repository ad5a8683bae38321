"""lyricist complete with a length and a rhyme: lines obey, or one line says why none does."""

import pytest

from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import line_rhyme


def test_chinese_lines_have_the_length_and_the_rhyme(lyricist):
    command = (
        "complete",
        "我们",
        "--syllables",
        "9",
        "--rhyme",
        "月光",
        "--count",
        "3",
        "--seed",
        "1",
    )
    result = lyricist(*command)
    assert result.status == 0, result.err
    lines = [sung_line(line) for line in result.out.splitlines()]
    assert 1 <= len(lines) <= 3
    for line in lines:
        assert line.text.startswith("我们") and line.syllables == 9
        assert line_rhyme(line, sung_line("月光"), RhymeRules()).grade == "perfect"
    found = lyricist(*command, "--json").objects
    assert [set(o) for o in found] == [{"text", "log_prob"}] * len(lines)
    assert ["我们" + o["text"] for o in found] == [line.text for line in lines]


def test_english_lines_have_the_length_and_the_rhyme(lyricist):
    result = lyricist(
        "complete", "i will wait", "--syllables", "8", "--rhyme", "another night", "--seed", "1"
    )
    assert result.status == 0, result.err
    line = sung_line(result.out.rstrip("\n"))
    assert line.syllables == 8
    assert line_rhyme(line, sung_line("night"), RhymeRules())


def test_only_the_last_line_is_completed_and_an_empty_text_begins_one(lyricist):
    song = lyricist("complete", "分开以后\n我们", "--syllables", "7", "--seed", "1").out
    first, second = song.splitlines()
    assert first == "分开以后" and sung_line(second).syllables == 7
    begun = lyricist("complete", "", "--syllables", "7", "--rhyme", "月光", "--seed", "2")
    assert sung_line(begun.out.strip()).syllables == 7


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("我们去看海", "--syllables", "3"), 1, "the line has its 3 syllables"),
        (("我们", "--rhyme", "☃"), 1, "ends on nothing that can be read"),
        (("[Chorus]", "--syllables", "5"), 1, "no lyric line"),
        (("☃☃", "--syllables", "5"), 1, "knows none"),
        (("我们", "--rhyme", " "), 2, "--rhyme is empty"),
        (("我们", "--rhyme", "月", "--greedy"), 2, "--greedy does not go"),
        (("我们", "--syllables", "7", "--length", "9"), 2, "--length does not go"),
        (("我们", "--loose"), 2, "give --rhyme"),
        (("我们", "--syllables", "7", "--system", "new"), 2, "give --rhyme"),
        (("我们", "--syllables", "0"), 2, "--syllables"),
        (("我们", "--syllables", "41"), 2, "--syllables"),
        (("我们", "--syllables", "7", "--temperature", "-1"), 2, "temperature"),
    ],
)
def test_what_cannot_be_completed_is_one_line(lyricist, arguments, status, said):
    result = lyricist("complete", *arguments)
    assert result.status == status and result.out == ""
    assert said in result.err and result.err.count("\n") == 1
