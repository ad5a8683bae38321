"""lyricist rhyme: words, comparisons, and texts that end on nothing."""

import io
import json
import sys

import pytest

FIELDS = {
    "text", "kind", "syllables", "agreeing", "strength", "is_sure", "reading", "classes",
}  # fmt: skip


def rows_of(out, kind):
    """The words under a heading, by number of syllables."""
    rows, here = {}, False
    for line in out.splitlines()[1:]:
        if line.endswith(":"):
            here = line == f"{kind}:"
        elif here:
            number, *words = line.split()
            rows[int(number)] = words
    return rows


def test_english_rhymes_are_listed_by_syllables(lyricist):
    result = lyricist("rhyme", "hold me tonight", "--limit", "5")
    assert result.status == 0, result.err
    assert result.out.startswith("tonight  AY1 T\n")
    perfect = rows_of(result.out, "perfect")
    assert "light" in perfect[1] and "delight" in perfect[2]
    assert all(len(words) <= 5 for words in perfect.values())
    assert "tonight" not in result.out.split("\n", 1)[1].split()


def test_chinese_rhymes_show_reading_and_class_and_double_rhymes(lyricist):
    result = lyricist("rhyme", "月光", "--limit", "30")
    assert result.out.startswith("月光  yuè guāng  江阳 / 唐\n")
    perfect = rows_of(result.out, "perfect")
    assert set(perfect) == {1, 2, 3, 4}
    assert all(len(word) == length for length, words in perfect.items() for word in words)
    # A repeated character is no rhyme, and 月亮 stands in no list but the songbook's.
    assert not any(word.endswith("光") for words in perfect.values() for word in words)
    assert "月亮" in rows_of(result.out, "multisyllabic")[2]
    assert "near:" not in result.out


def test_near_rhymes_in_chinese_are_loose_ones(lyricist):
    command = ("rhyme", "人生", "--limit", "8", "--json")
    near = lyricist(*command, "--kind", "near").objects
    assert {o["kind"] for o in near} == {"near"}
    assert {o["classes"] for o in near} == {"人辰"}
    assert "near" in {o["kind"] for o in lyricist(*command, "--loose").objects}


def test_json_has_the_documented_fields(lyricist):
    for text in ("emotion", "天空"):
        found = lyricist("rhyme", text, "--limit", "3", "--json").objects
        assert found
        for word in found:
            assert set(word) == FIELDS
            assert 0 < word["strength"] <= 1
    double = [o for o in found if o["kind"] == "multisyllabic"]
    assert all(o["agreeing"] >= 2 and o["classes"] == "言前 中东" for o in double)


def test_the_system_decides_the_class(lyricist):
    old = lyricist("rhyme", "衣", "--json", "--limit", "300", "--kind", "perfect").objects
    new = lyricist(
        "rhyme", "衣", "--json", "--limit", "300", "--kind", "perfect", "--system", "new"
    ).objects
    assert {o["classes"] for o in old} == {"一七"} and {o["classes"] for o in new} == {"齐"}
    assert "诗" in {o["text"] for o in old} - {o["text"] for o in new}


def test_multisyllabic_english_rhymes_agree_in_two_syllables(lyricist):
    found = lyricist("rhyme", "emotion", "--kind", "multisyllabic", "--json").objects
    assert {"devotion", "ocean"} <= {o["text"] for o in found}
    assert all(o["agreeing"] >= 2 for o in found)


def test_mixed_lines_rhyme_by_their_last_word(lyricist):
    assert lyricist("rhyme", "我们的 love", "--limit", "3").out.startswith("love  AH1 V")
    assert lyricist("rhyme", "I love 你", "--limit", "3").out.startswith("你  nǐ  一七 / 齐")
    assert lyricist("rhyme", "今年2024", "--limit", "3").out.startswith("今年2024  jīn nián èr")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("night", "light", "a perfect rhyme: 1 syllable, strength 1"),
        ("月光", "雪亮", "a perfect rhyme: 2 syllables, strength 1"),
        ("orange", "door", "do not rhyme"),
        ("我爱", "time goes by", "a rhyme across languages"),
        ("月光", "时光", "the same word, which repeats"),
        ("the line", "some time", "a near rhyme"),
    ],
)
def test_two_texts_are_compared(lyricist, first, second, said):
    result = lyricist("rhyme", first, "--with", second)
    assert result.status == 0
    assert result.out.splitlines()[-1].startswith(said)


def test_comparisons_as_json(lyricist):
    fields = lyricist("rhyme", "人生", "--with", "这一身", "--loose", "--json").objects[0]
    assert fields == {
        "text": "人生", "with": "这一身", "rhyme": "near", "strength": 0.6, "syllables": 1,
        "is_sure": True,
    }  # fmt: skip
    strict = lyricist("rhyme", "人生", "--with", "这一身", "--json").objects[0]
    assert strict["rhyme"] is None and strict["syllables"] == 0 and strict["is_sure"]


def test_a_doubtful_reading_is_said_to_be_one(lyricist):
    assert "not sure: 长 is also" in lyricist("rhyme", "长", "--limit", "2").out
    assert "a guess" in lyricist("rhyme", "blorvnight", "--limit", "2").out


def test_standard_input_is_rhymed_by_its_last_line(lyricist, monkeypatch):
    data = io.TextIOWrapper(io.BytesIO("月光\r\n\r\nmy love\r\n".encode()))
    monkeypatch.setattr(sys, "stdin", data)
    assert lyricist("rhyme", "-", "--limit", "2").out.startswith("love")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("",), 2),
        (("  ",), 2),
        (("😀",), 1),
        (("привет",), 1),
        (("[Chorus]",), 1),
        (("我爱 привет",), 1),
        (("night", "--with", ""), 2),
        (("night", "--with", "☃"), 1),
        (("night", "--with", "light", "--limit", "3"), 2),
        (("night", "--with", "light", "--kind", "near"), 2),
        (("night", "--kind", "nonsense"), 2),
        (("night", "--limit", "0"), 2),
        (("light", "--kind", "multisyllabic"), 1),
        (("\x1b]0;owned\x07", "--with", "\x1b[!"), 1),
    ],
)  # fmt: skip
def test_what_cannot_be_rhymed_is_one_line(lyricist, arguments, status):
    result = lyricist("rhyme", *arguments)
    assert result.status == status, result.err
    assert result.out == "" and result.err.count("\n") == 1
    assert "Traceback" not in result.err and "\x1b" not in result.err


def test_long_lines_and_escapes_do_no_harm(lyricist):
    long = lyricist("rhyme", "我爱你" * 3334, "--with", "love " * 2000, "--json")
    assert long.status == 0 and json.loads(long.out)["rhyme"] is None
    escaped = lyricist("rhyme", "\x1b[31mred", "--limit", "1")
    assert escaped.status == 0 and "\x1b" not in escaped.out
