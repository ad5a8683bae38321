"""What is proposed differs, does not go round in circles, and says how sure it is."""

import math

from lyricist.suggest.choosing import choose, is_loop
from lyricist.suggest.line_drawing import DrawnLine


def line(text: str, mean: float) -> DrawnLine:
    return DrawnLine(text, [mean] * len(text), [(0.5, 0.0, 0.5)] * len(text), True)


def chosen(lines, count=3, song=""):
    drawn = [line(text, mean) for text, mean in lines]
    return choose(drawn, count, song=song)


def test_a_line_that_says_the_same_gives_way_to_one_that_does_not():
    found = chosen(
        [("在雨里等你回来", -1.0), ("在雨里等你回去", -1.1), ("我把灯留给夜晚", -1.5)], count=2
    )
    assert [candidate.text for candidate in found] == ["在雨里等你回来", "我把灯留给夜晚"]


def test_the_likeliest_comes_first_and_none_twice():
    found = chosen([("a b", -2.0), ("c d", -1.0), ("c d ", -0.5), ("  ", -0.1)])
    assert [candidate.text for candidate in found] == ["c d", "a b"]


def test_loops_are_left_out_unless_the_song_has_them():
    assert is_loop("天天天天") and is_loop("la la la la la") and not is_loop("天天向上")
    assert is_loop("e the light on fore the light", "I keep the light on for")
    assert is_loop("我还在等着你 我还在等着你") and not is_loop("我还在等 我还在等")
    assert not is_loop(" the light on", "I turn") and not is_loop(
        "gonna let you down", "Never gonna, never "
    )
    lines = [("天天天天", -0.5), ("我走了", -2.0)]
    assert [candidate.text for candidate in chosen(lines)] == ["我走了"]
    assert chosen(lines, song="天天天天\n")[0].text == "天天天天"


def test_confidence_is_the_probability_of_the_first_word():
    [candidate] = chosen([("hello there", math.log(0.5))])
    assert candidate.confidence == 0.5**5
    assert (candidate.sources.network, candidate.sources.song) == (0.5, 0.5)
