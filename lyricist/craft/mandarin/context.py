"""Readings of the commonest function words by their neighbours, where no word has decided.

得 地 着 了 还 为 子 are read by their place in the phrase more than by the word they stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lyricist.text.lines import is_han

_PRONOUNS = frozenset("我你您他她它们咱谁")
_ADVERBS_BEFORE_MUST = frozenset("就都还也总必该可又才")
_BENEFITED = frozenset("我你您他她它们咱谁爱情梦这那自此何了今明所一")
_PARTICLES = frozenset("了的吗吧呢啊")
_FULL_ZI_AFTER = frozenset("女男王公才游浪赤电原棋瓜君孔弟孝太天骄母父学西仙量光质中离")


@dataclass(frozen=True, slots=True)
class Guess:
    """A reading by context: pinyin with its number, and whether it is beyond doubt."""

    pinyin: str
    is_sure: bool


def guess(text: str, position: int) -> Guess | None:
    """Return how the character at `position` is read by its neighbours, None if they do not tell.

    Args:
        text: A line in simplified Chinese.
        position: A code point of it that no word decides.
    """
    rule = _RULES.get(text[position])
    if rule is None:
        return None
    return rule(text[:position][-3:], text[position + 1 : position + 2])


def _de_or_must(before: str, after: str) -> Guess:
    """得: dé as a verb, děi for must, else the particle de behind a verb or an adjective."""
    last = before[-1:]
    if not _is_chinese(last):
        return Guess("de2", False)
    if _is_chinese(after) and (last in _PRONOUNS or last in _ADVERBS_BEFORE_MUST):
        return Guess("dei3", last in _PRONOUNS)
    return Guess("de5", True)


def _adverbial_or_earth(before: str, after: str) -> Guess:
    """地: the particle de behind a doubled syllable, else the earth, or in doubt."""
    if len(before) > 1 and before[-1] == before[-2] and _is_chinese(before[-1]):
        return Guess("de5", True)
    joins = len(before) > 1 and _is_chinese(before[-1]) and _is_chinese(before[-2])
    if joins and _is_chinese(after):
        return Guess("de5", False)
    return Guess("di4", not _is_chinese(before[-1:]))


def _aspect_or_touch(before: str, after: str) -> Guess:
    """着: the particle zhe behind a verb; zháo where one fails or manages to reach something."""
    if before[-1:] in ("不", "得") and len(before) > 1:
        return Guess("zhao2", True)
    return Guess("zhe5", _is_chinese(before[-1:]))


def _done_or_can(before: str, after: str) -> Guess:
    """了: liǎo in 受不了 and 受得了, else the particle le."""
    if len(before) > 1 and before[-1] in "不得" and _is_chinese(before[-2]):
        return Guess("liao3", True)
    return Guess("le5", True)


def _for_or_be(before: str, after: str) -> Guess:
    """为: wèi before whom or what one does it for, else in doubt."""
    return Guess("wei4", after in _BENEFITED and bool(after))


def _still_or_return(before: str, after: str) -> Guess:
    """还: the adverb hái before what it speaks of; at the end of a phrase more often huán."""
    if _is_chinese(after) and after not in _PARTICLES:
        return Guess("hai2", True)
    return Guess("huan2", False)


def _suffix_or_child(before: str, after: str) -> Guess:
    """子: a suffix in the neutral tone behind most syllables, else a full one."""
    last = before[-1:]
    return Guess("zi5" if _is_chinese(last) and last not in _FULL_ZI_AFTER else "zi3", True)


def _is_chinese(character: str) -> bool:
    return bool(character) and is_han(character)


_RULES: Mapping[str, Callable[[str, str], Guess]] = {
    "得": _de_or_must,
    "地": _adverbial_or_earth,
    "着": _aspect_or_touch,
    "著": _aspect_or_touch,
    "了": _done_or_can,
    "还": _still_or_return,
    "为": _for_or_be,
    "子": _suffix_or_child,
}
