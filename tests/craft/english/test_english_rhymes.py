"""Rhymes agree with an ear: hand-judged pairs, both ways round, and what an index finds."""

from pathlib import Path

import pytest

from lyricist.craft.english.pronunciation import pronunciations
from lyricist.craft.english.rhyme import near_keys, rhyme, rhyme_key, rhyming_words

PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
AGREEMENT = 0.98


def kind(a, b):
    found = rhyme(a, b)
    return found.kind if found else "none"


def test_hand_judged_pairs_agree():
    assert len(PAIRS) >= 330
    wrong = [
        f"{a} / {b}: {kind(a, b)}, not {k} ({why})" for a, b, k, why in PAIRS if kind(a, b) != k
    ]
    share = 1 - len(wrong) / len(PAIRS)
    print(f"{share:.1%} of {len(PAIRS)} pairs agree", *wrong, sep="\n")
    assert share >= AGREEMENT, "\n".join(wrong)


def test_rhyme_does_not_depend_on_the_order():
    assert all(rhyme(a, b) == rhyme(b, a) for a, b, _, _ in PAIRS)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("more", "car"),
        ("love", "move"),
        ("cough", "though"),
        ("though", "tough"),
        ("word", "lord"),
        ("good", "food"),
        ("go", "see"),
        ("day", "die"),
        ("happy", "pretty"),
        ("free", "need"),
    ],
)
def test_what_only_looks_alike_is_no_rhyme(a, b):
    assert rhyme(a, b) is None


@pytest.mark.parametrize(
    ("word", "partners"),
    [
        ("wind", ("kind", "pinned")),
        ("tear", ("bear", "fear")),
        ("live", ("give", "drive")),
        ("read", ("need", "bed")),
        ("again", ("rain", "then")),
        ("the", ("knee",)),
    ],
)
def test_every_way_to_say_a_word_is_tried(word, partners):
    assert all(rhyme(word, partner).kind == "perfect" for partner in partners)


def test_syllables_count_from_the_stressed_vowel():
    assert rhyme("light", "tonight").syllables == 1
    assert rhyme("nation", "station").syllables == 2
    assert rhyme("glorious", "victorious").syllables == 3
    assert rhyme("made of", "afraid of").syllables == 2


def test_perfect_is_stronger_than_near_and_repeating_is_weak():
    perfect, close, far = rhyme("love", "dove"), rhyme("time", "mine"), rhyme("mind", "time")
    assert perfect.strength == 1.0 > close.strength > far.strength > 0
    assert rhyme("I miss you", "we need you").strength < far.strength


def test_a_rhyme_on_a_guess_is_not_sure():
    assert rhyme("skribble", "dribble") is not None
    assert not rhyme("skribble", "dribble").is_sure and rhyme("love", "dove").is_sure


def test_only_the_end_of_a_line_rhymes():
    assert rhyme("love me in the morning", "dove in the winter") is None
    assert rhyme("a very long line " * 500 + "tonight", "light").kind == "perfect"


@pytest.mark.parametrize("text", ["", "   ", "你好", "...", "привет", "'", "-"])
def test_what_is_not_english_rhymes_with_nothing(text):
    assert rhyme(text, "day") is None and rhyme(text, text) is None
    assert rhyming_words(text) == ()


def test_perfect_rhymes_share_their_key_and_near_ones_a_near_key():
    def keys(word):
        return {rhyme_key(way) for way in pronunciations(word)}

    def near(word):
        return {key for way in pronunciations(word) for key in near_keys(way)}

    for a, b, expected, why in PAIRS:
        # Promoted ends and mosaics are rhymes of lines, not of the words' own rhyming parts.
        if " " in a + b or "verse" in why or expected == "none" or not rhyme(a, b):
            continue
        if rhyme(a, b).kind == "near":
            assert near(a) & near(b), (a, b)
        elif rhyme(a, b).kind == "perfect":
            assert keys(a) & keys(b), (a, b)


def test_common_words_come_first():
    found = [w.word for w in rhyming_words("love", 4, ("perfect",))]
    assert {"above", "dove", "glove"} < set(found)


def test_rhyming_words_rhyme_and_carry_their_syllables():
    found = rhyming_words("nation", 60)
    assert len(found) == 60 and len({w.word for w in found}) == 60
    for word in found:
        assert rhyme("nation", word.word).kind in ("perfect", "near")
        assert word.syllables in {way.syllables for way in pronunciations(word.word)}


def test_kinds_of_rhyming_words():
    assert {w.rhyme.kind for w in rhyming_words("time", 50, ("near",))} == {"near"}
    assert {w.rhyme.kind for w in rhyming_words("time", 50, ("perfect",))} == {"perfect"}
    assert rhyming_words("time", 50, ("multisyllabic",)) == ()
    assert all(w.rhyme.syllables > 1 for w in rhyming_words("lonely", 50, ("multisyllabic",)))


def test_a_callers_frequency_ranks():
    found = rhyming_words("day", 5, ("perfect",), frequency=lambda word: word == "ballet")
    assert found[0].word == "ballet"


def test_no_word_rhymes_with_itself_and_no_limit_is_passed():
    assert "day" not in {w.word for w in rhyming_words("Day", 500)}
    assert len(rhyming_words("day", 3)) == 3 and rhyming_words("day", 0) == ()
