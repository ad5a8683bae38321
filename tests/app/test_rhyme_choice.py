"""What a rhyme goes with, what it replaces, and how the words are grouped and ranked."""

import pytest

from lyricist.app.rhyme_choice import MOST_OF_A_GROUP, grouped, words_of_kind
from lyricist.app.rhyme_place import put_in, rhyme_place
from lyricist.app.rhyming_lines import lines_that_rhyme
from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme_search import FoundWord

RULES = RhymeRules()


def place(text, start, end=None, target=""):
    return rhyme_place(text.split("\n"), start, end or start, target)


def names(found):
    return [source.name for source in found.sources]


@pytest.mark.parametrize(
    ("text", "cursor", "replaced", "expected"),
    [
        ("the night\nI want ", (1, 7), ((1, 7), (1, 7)), ["night", "want"]),
        ("the night\nI want", (1, 6), ((1, 2), (1, 6)), ["want", "night"]),
        ("the night\nI want", (1, 3), ((1, 2), (1, 6)), ["want", "night"]),
        ("the night\n", (1, 0), ((1, 0), (1, 0)), ["night"]),
        ("the night\n\n[Verse 2]\n", (3, 0), ((3, 0), (3, 0)), ["night"]),
        ("the night\nthe rain", (0, 0), ((0, 0), (0, 3)), ["the", "rain"]),
        ("等月亮\n风吹过", (1, 3), ((1, 3), (1, 3)), ["吹过", "月亮"]),
        ("等月亮\n风吹过", (1, 0), ((1, 0), (1, 0)), ["月亮"]),
        ("等月亮\n风吹过", (0, 1), ((0, 1), (0, 1)), ["等", "吹过"]),
        ("我 love 你", (0, 4), ((0, 2), (0, 6)), ["love"]),
        ("[Verse 1]\n# a note\n", (2, 0), ((2, 0), (2, 0)), []),
        ("", (0, 0), ((0, 0), (0, 0)), []),
    ],
)
def test_where_a_rhyme_goes_and_what_with(text, cursor, replaced, expected):
    found = place(text, cursor)
    assert (found.start, found.end) == replaced
    assert names(found) == expected


def test_what_the_locks_want_comes_before_the_lines_around():
    assert names(place("the night\nthe rain\n", (2, 0), target="the night"))[0] == "night"
    assert names(place("the night\nI want", (1, 6), target="the night"))[0] == "want"


def test_a_selection_over_lines_is_replaced_and_rhymes_by_its_end():
    found = place("a night\nof rain", (0, 2), (1, 7))
    assert (found.start, found.end) == ((0, 2), (1, 7)) and names(found)[0] == "rain"


@pytest.mark.parametrize(
    ("word", "before", "replaced", "after", "expected"),
    [
        ("light", "the ", "", "", "light"),
        ("light", "the", "", "", " light"),
        ("light", "the (", "", "", "light"),
        ("light", "the ", "", "now", "light "),
        ("light", "", "Night", " is", "Light"),
        ("light", "the ", "NIGHT", "", "LIGHT"),
        ("light", "我", "", "你", "light"),
        ("月光", "我的 heart", "", "and", "月光"),
    ],
)
def test_a_word_goes_in_with_spaces_and_capitals(word, before, replaced, after, expected):
    assert put_in(word, before, replaced, after) == expected


def word(text, kind="perfect", syllables=1, agreeing=1, reading=""):
    return FoundWord(text, kind, syllables, agreeing, 1.0, True, reading)


def test_groups_are_by_kind_and_length():
    found = [word("light"), word("delight", syllables=2), word("side", "near"), word("kite")]
    shown = [(g.title, [w.text for w in g.words]) for g in grouped(found)]
    assert shown == [
        ("perfect · 1 syllable", ["light", "kite"]),
        ("perfect · 2 syllables", ["delight"]),
        ("near · 1 syllable", ["side"]),
    ]


def test_fit_and_frequency_rank_together():
    found = [word("light"), word("bright"), word("kite"), word("wight")]
    scores = {"light": -3.0, "bright": -2.9, "kite": -1.0, "wight": -8.0}
    (group,) = grouped(found, scores=scores)
    assert [w.text for w in group.words] == ["kite", "light", "bright", "wight"]


def test_a_filter_takes_letters_pinyin_and_lengths():
    found = [
        word("月光", "multisyllabic", 2, 2, "yuè guāng"),
        word("女王", "perfect", 2, 1, "nǚ wáng"),
        word("上", reading="shàng"),
    ]

    def kept(wanted):
        return [w.text for group in grouped(found, wanted) for w in group.words]

    assert kept("yueg") == ["月光"] and kept("nvw") == ["女王"] and kept("光") == ["月光"]
    assert kept("1") == ["上"] and kept(" 2 ") == ["月光", "女王"] and kept("zzz") == []


def test_a_group_is_no_longer_than_can_be_looked_at():
    found = [word(f"word{number}") for number in range(100)]
    (group,) = grouped(found)
    assert len(group.words) == MOST_OF_A_GROUP


def test_names_that_nobody_sings_are_left_out_where_there_are_words():
    source = place("the memory\n", (1, 0)).sources[0]
    near = {w.text for w in words_of_kind(source, "near", RULES, "")}
    assert "every" in near and "mcgregory" not in near


def test_own_lines_that_rhyme_best_come_first_without_repetitions():
    lines = [
        "by candlelight",
        "the same night",
        "on my side",
        "a tree",
        "[Night]",
        "by candlelight",
    ]
    found = lines_that_rhyme(lines, sung_line("in the night").ending, RULES)
    assert found == ("by candlelight", "on my side")
    chinese = lines_that_rhyme(["走在路上", "吹过", "看月亮"], sung_line("等月亮").ending, RULES)
    assert chinese == ("走在路上",)
