"""The price of characters outside a vocabulary."""

import math
from collections import Counter

import pytest

from lyricist.text.spelling import Spelling, novelty, spelling_nats


def test_all_code_points_together_have_probability_one():
    total = sum(math.exp(-spelling_nats(chr(point))) for point in range(0x110000))
    assert total == pytest.approx(1.0)


def test_a_chinese_character_is_cheaper_than_a_rare_one():
    assert spelling_nats("燚") < spelling_nats("𠮷") and spelling_nats("e") < spelling_nats("燚")


def test_novelty_is_the_share_of_what_was_seen_once():
    assert novelty(Counter("aabbc" * 1 + "d")) == pytest.approx(2 / 7)
    assert novelty(Counter("aabbcd"), known="c") == pytest.approx(1 / 7)
    assert 0 < novelty(Counter("aaaa")) < 1 and novelty(Counter()) == 0.5
    assert novelty(Counter("abcdefgh")) <= 0.5


def test_known_and_unknown_share_the_whole_probability():
    spelling = Spelling(0.03)
    model = {"a": 0.7, "b": 0.2, None: 0.1}
    known = sum(math.exp(spelling.known(math.log(model[c]))) for c in "ab")
    spelled = math.exp(spelling.unknown(math.log(model[None]), "燚") + spelling_nats("燚"))
    assert known + spelled == pytest.approx(1.0)
