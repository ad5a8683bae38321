"""儿化: whether a 儿 only curls the syllable before it or is a syllable of its own."""

from __future__ import annotations

from lyricist.text.lines import is_han

# Words in which 儿 means a child or a man and keeps its sound, by what stands before or behind it.
_CHILD_AFTER = frozenset("女婴少孤幼男宠健胎弃骄痴娇妻吾孩孙生养病患育托侄小")
_CHILD_AFTER_TWO = ("混血", "幸运", "流浪")
_CHILD_BEFORE = frozenset("子女童时歌孙媳戏科郎")
# Behind these it is a noun: 我的儿, 为儿, 和儿.
_NOUN_AFTER = frozenset("的为和与是我你他她了在把被让给不")
# Always curled, whatever follows: 这儿时常, 一会儿子时.
_CURLED_AFTER = frozenset("这那哪会点块")
_CURLED = "小孩"


def is_erhua(text: str, position: int) -> bool:
    """Whether the 儿 at `position` is no syllable of its own (儿化音).

    Singers may give it a beat for the tune's sake; the writer then chooses `er2` for it.

    Args:
        text: A line in simplified Chinese.
        position: Where 儿 stands.
    """
    before = text[max(0, position - 2) : position]
    last = before[-1:]
    if not last or not is_han(last) or last in _NOUN_AFTER:
        return False
    if last in _CURLED_AFTER or before == _CURLED:
        return True
    is_child = last in _CHILD_AFTER or before in _CHILD_AFTER_TWO
    return not is_child and text[position + 1 : position + 2] not in _CHILD_BEFORE
