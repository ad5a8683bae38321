"""What a text costs to type, and what suggestions then save."""

import pytest

from lyricist.evaluation.keystrokes import simulate
from lyricist.evaluation.typists import KeyACharacter, PinyinTypist, keys_for
from lyricist.suggest.protocol import Answer, Candidate


def test_chinese_costs_its_pinyin_and_a_space_a_phrase():
    typist = PinyinTypist()
    # wo men + space; zou + space.
    assert typist.next("我们走", 0) == (2, len("women") + 1)
    assert typist.next("我们走", 2) == (1, len("zou") + 1)
    assert keys_for(typist, "我们走") == 6 + 4
    assert keys_for(typist, "绿") == len("lv") + 1
    assert keys_for(typist, "长大") == len("zhangda") + 1


def test_what_is_not_chinese_costs_a_key_a_character():
    assert keys_for(PinyinTypist(), "a b\n，🎵") == 6
    assert keys_for(PinyinTypist(), "好 a") == len("hao") + 1 + 2
    assert keys_for(KeyACharacter(), "我们 go") == 5
    assert keys_for(PinyinTypist(), "") == 0


def test_traditional_and_rare_characters_can_be_typed():
    assert keys_for(PinyinTypist(), "長大") == keys_for(PinyinTypist(), "长大")
    assert keys_for(PinyinTypist(), "𠮷") >= 2


@pytest.mark.parametrize("typist", [KeyACharacter(), PinyinTypist()])
def test_without_suggestions_nothing_is_saved(typist):
    text = "夜里的灯 the light\n我们走"
    [found] = simulate(lambda request: None, [text], typist=typist)
    assert found.saved == 0 and found.keys == found.unaided == keys_for(typist, text)
    assert found.shown_rate == found.retained_rate == 0


def test_one_chinese_character_is_worth_a_key_where_it_costs_more():
    def answer(request):
        return Answer(1, (Candidate("走", -1.0, 1.0),), (), None, 0, 0.0)

    by_key, by_pinyin = (
        next(simulate(answer, ["别走"], typist=typist))
        for typist in (KeyACharacter(), PinyinTypist())
    )
    assert by_key.accepted == 0 and by_key.saved == 0
    # A phrase is typed whole, so what stands inside it is never proposed.
    assert by_pinyin.accepted == 0
    [after] = simulate(answer, ["别\n走"], typist=PinyinTypist())
    assert after.accepted == 1 and after.keys == len("bie") + 1 + 1 + 1


def test_the_word_of_another_candidate_costs_the_keys_to_go_to_it():
    def answer(request):
        words = ("no", "sun rises", "morning breaks", "xy z", "ab cd")
        candidates = tuple(Candidate(word, -1.0, 0.5) for word in words)
        return Answer(1, candidates, (), None, 0, 0.0) if not request.prefix else None

    [found] = simulate(answer, ["morning"])
    # Alt+] twice, then the word: three keys for seven.
    assert (found.keys, found.inserted) == (3, 7)
    [short] = simulate(answer, ["ab xy"])
    assert (short.keys, short.accepted) == (5, 0), "Alt+[ and Ctrl+→ for two letters are no gain"
    [hidden] = simulate(answer, ["morning"], is_shown=lambda candidate: False)
    assert hidden.accepted == 0, "nothing to go through where no ghost text stands"
