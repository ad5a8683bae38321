"""Bytes to text in the encodings that lyrics come in."""

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.library.paths import songbook
from lyricist.text.decoding import BYTE_ORDER_MARKS, decode

SIMPLIFIED = "昨夜雨疏风骤\n浓睡不消残酒\n试问卷帘人\n却道海棠依旧\n知否 知否\n应是绿肥红瘦"
TRADITIONAL = "這個世界來過\n為了你 我學會等待\n風雲散去的時候\n燈火還在說愛"
WESTERN = "Où es-tu, ma chérie ?\nJe t’attends près du café\n« là-bas » — été, forêt"

chinese_songs = st.lists(
    st.sampled_from("我们在人群中相爱的时候下着雨风吹过窗台灯火还没有熄灭你说不要走，。 \n"),
    min_size=12,
).map("".join)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_is_read_as_it_is(text):
    decoded = decode(text.encode("utf-8"))
    if not text.startswith("\ufeff"):
        assert (decoded.text, decoded.encoding, decoded.bom) == (text, "utf-8", False)
        assert not decoded.guessed


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(list(BYTE_ORDER_MARKS)))
def test_a_byte_order_mark_decides(text, encoding):
    # UTF-16 that begins with NUL reads as UTF-32: no text does.
    text = text.lstrip("\0")
    decoded = decode(BYTE_ORDER_MARKS[encoding] + text.encode(encoding))
    assert decoded.text == text
    assert decoded.encoding == encoding
    assert decoded.bom
    assert not decoded.guessed


@given(chinese_songs, st.sampled_from(["gb18030", "utf-16-le", "utf-16-be"]))
def test_chinese_without_a_mark_is_recognised_and_called_a_guess(text, encoding):
    decoded = decode(("歌在人群中\n" + text).encode(encoding))
    assert decoded.text == "歌在人群中\n" + text
    assert decoded.encoding == encoding
    assert decoded.guessed


@given(st.permutations(TRADITIONAL.split("\n")))
def test_traditional_chinese_in_big5_is_recognised(lines):
    text = "\n".join(lines)
    decoded = decode(text.encode("big5"))
    assert decoded.text == text
    assert decoded.guessed


@pytest.mark.parametrize("line", SIMPLIFIED.split("\n"))
def test_one_line_of_gbk_is_enough(line):
    assert decode(line.encode("gbk")).text == line


@pytest.mark.parametrize("text", [WESTERN, "naïve déjà vu", "Straße", "mañana", "été"])
def test_western_text_is_not_taken_for_chinese(text):
    decoded = decode(text.encode("cp1252"))
    assert decoded.text == text
    assert decoded.encoding == "cp1252"
    assert decoded.guessed


def test_other_alphabets_go_to_the_detector():
    text = "Привет, мир, как дела сегодня, мой дорогой далёкий друг"
    assert decode(text.encode("cp1251")).text == text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be", "utf-8", "utf-16"])
def test_songbook_songs_survive_every_chinese_encoding(encoding):
    songs = sorted((songbook() / "zh").glob("*.txt"))
    for path in random.Random(7).sample(songs, min(20, len(songs))):
        text = path.read_text(encoding="utf-8")
        assert decode(text.encode(encoding)).text == text


def test_emoji_in_a_short_lyric_stay():
    assert decode("love 👩‍👩‍👧 you".encode()).text == "love 👩‍👩‍👧 you"


def test_utf8_cut_inside_a_character_is_still_utf8_but_said_to_be_a_guess():
    decoded = decode(SIMPLIFIED.encode()[:-1])
    assert decoded.encoding == "utf-8"
    assert decoded.guessed
    assert decoded.text.startswith(SIMPLIFIED[:-1])


@pytest.mark.parametrize("text", ["a\0b", "ab\0c", "x\x0c\x0b\u2028y", ""])
def test_a_few_odd_characters_do_not_make_a_text_binary(text):
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + b"x" * 50,
        b"%PDF-1.7 text",
        b"PK\x03\x04rest",
        b"{\\rtf1 hello}",
        b"\0" * 64,
        bytes(range(256)) * 8,
        random.Random(3).randbytes(4000),
        b"\x01\x02\x03\x04\x05\x06",
        codecs.BOM_UTF8 + b"\xff\xff",
    ],
)
def test_binary_data_is_refused_with_a_reason(data):
    with pytest.raises(ValueError, match=r"it is|its byte-order mark"):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_end_in_text_or_in_a_value_error(data):
    try:
        decoded = decode(data)
    except ValueError:
        return
    assert isinstance(decoded.text, str)
    codecs.lookup(decoded.encoding)
