"""Sections and their schemes, templates and what differs from them, targets."""

import pytest

from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.scheme import letter, scheme
from lyricist.craft.sections import section_at, sections
from lyricist.craft.targets import Locks, Target, target
from lyricist.craft.templates import Deviation, deviation, pattern, template_of

RULES = RhymeRules()
SONG = [
    "# The Train",
    "[Verse 1]",
    "I left my coat on the stairs and walked away",
    "The river keeps a light for every boat",
    "The summer said it never meant to stay",
    "There is a button missing from my throat",
    "",
    "【副歌】",
    "夜里的风把名字吹成雨",
    "我们在门口等着你",
    "# louder",
    "谁也没有说话",
    "",
    "月亮",
    "星光",
    "【副歌】",
    "你",
]


def sung(*lines):
    return [sung_line(line) for line in lines]


def letters(*lines):
    return "".join(line.letter for line in scheme(sung(*lines), RULES))


def test_sections_have_headings_numbers_and_their_sung_lines():
    found = sections(SONG)
    assert [(s.heading, s.number, len(s.lyrics)) for s in found] == [
        ("[Verse 1]", 0, 4),
        ("【副歌】", 0, 3),
        ("", 0, 2),
        ("【副歌】", 1, 1),
    ]
    assert [s.name for s in found] == ["[Verse 1]", "【副歌】", "verse 1", "【副歌】 (2)"]
    assert section_at(found, 3).heading == "[Verse 1]"
    assert section_at(found, 0) is None
    assert sections([]) == sections(["", "[Verse]", ""]) == ()


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("walked away", "every boat", "meant to stay", "from my throat"), "ABAB"),
        (("walked away", "meant to stay", "every boat", "from my throat"), "AABB"),
        (("雨", "你", "说话", "回家"), "AABB"),
        (("雨", "灯光", "你", "说话"), "ABAC"),
        (("的爱", "my sky", "walked away"), "AAB"),
        (("Привет", "你", "💧"), "?A?"),
        ((), ""),
    ],
)
def test_schemes(lines, wanted):
    assert letters(*lines) == wanted


def test_a_line_joins_the_best_rhyme_not_the_nearest():
    found = scheme(sung("time", "line", "mine", "climb"), RULES)
    assert [line.letter for line in found] in (["A", "A", "A", "A"], ["A", "B", "B", "A"])
    assert found[2].partner == 1 and found[2].rhyme.grade == "perfect"
    assert found[3].partner == 0 and found[3].rhyme.grade == "perfect"


def test_lines_without_a_rhyme_have_no_family():
    found = scheme(sung("雨", "灯光", "你"), RULES)
    assert [line.has_family for line in found] == [True, False, True]


def test_letters_go_on_beyond_the_alphabet():
    assert [letter(0), letter(25), letter(26), letter(51), letter(52)] == ["A", "Z", "a", "z", "·"]


def test_a_template_takes_lengths_and_rhymes_from_a_section():
    template = template_of(sung(*SONG[2:6]), RULES)
    assert [line.syllables for line in template.lines] == [11, 10, 10, 10]
    assert [line.letter for line in template.lines] == ["A", "B", "A", "B"]
    assert template.partners(3) == (1,)
    assert template.line(4) is None


def test_what_rhymes_with_nothing_is_free_in_a_template():
    template = template_of(sung("雨", "灯光", "你"), RULES)
    assert [line.letter for line in template.lines] == ["A", "", "A"]


def test_deviations_are_told_line_by_line():
    template = template_of(sung("walked away", "every boat", "meant to stay"), RULES)
    own = sung("on the hill", "in the rain", "standing still here", "more")
    found = [deviation(template, own, number, RULES) for number in range(4)]
    assert found[0] == Deviation() and not found[0]
    assert not found[1]
    assert found[2] == Deviation(syllables=1, rhymes=False)
    assert found[3] == Deviation(extra=True)


def test_patterns_begin_anew_but_a_single_rhyme_goes_on():
    abab = pattern("ABAB")
    assert [abab.partners(n) for n in range(6)] == [(), (), (0,), (1,), (), ()]
    assert pattern("ABCB").partners(3) == (1,)
    assert pattern("ABCB").partners(2) == ()
    assert pattern("AAAA").partners(5)[0] == 4


def wanted(row, lines=SONG, **locks):
    own = section_at(sections([*lines[:row], lines[row] or "la"]), row)
    return target([sung_line(line) for line in lines], row, own, Locks(**locks))


def test_targets_come_from_the_line_above_a_pattern_a_template_or_the_writer():
    assert wanted(4, length="above") == Target(10, "")
    assert wanted(4, rhyme="ABAB") == Target(None, SONG[2])
    assert wanted(5, rhyme="AABB") == Target(None, SONG[4])
    assert wanted(3, rhyme="ABAB") == Target()
    assert wanted(5, rhyme="above") == Target(None, SONG[4])
    assert wanted(5, length="typed", syllables=7, rhyme="typed", word="coat") == Target(7, "coat")
    template = template_of(sung("七个字的一句话", "也是七个字啊啊", "五个字的话"), RULES)
    assert wanted(9, length="template", rhyme="template", template=template).syllables == 7
    assert not wanted(4)


def test_a_section_that_begins_has_nothing_to_rhyme_with():
    assert wanted(2, rhyme="above") == Target()
    assert wanted(8, length="above", rhyme="AABB") == Target(10, "")
    assert wanted(2, length="above") == Target()


def test_a_line_that_cannot_be_read_leaves_its_rhyme_to_the_one_before():
    song = ["雨", "Привет", ""]
    assert wanted(2, song, rhyme="AAAA") == Target(None, "雨")
