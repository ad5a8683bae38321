"""One syllable of Hanyu Pinyin taken apart (声母, 韵母, 声调) and put together again.

Spelling rules: 《汉语拼音方案》 (1958) and ISO 7098.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from lyricist.craft.mandarin.finals import FINALS

_TONE_MARKS = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
_MARK_OF_TONE = {tone: mark for mark, tone in _TONE_MARKS.items()}
NEUTRAL = 5
_INITIAL = re.compile(r"[zcs]h|[bpmfdtnlgkhjqxzcsr]|")
# Syllables without a consonant: y and w only begin the word for the eye.
_ZERO_INITIAL = (("yu", "ü"), ("yi", "i"), ("y", "i"), ("wu", "u"), ("w", "u"))
_SHORTENED = {"iu": "iou", "ui": "uei", "un": "uen"}
_RETROFLEX = frozenset(("zh", "ch", "sh", "r"))
_SIBILANT = frozenset(("z", "c", "s"))
_PALATAL = frozenset("jqx")
# 嗯 and 哼 as bare nasals; sung, they have the vowel of en.
_NASALS = {"m", "n", "ng", "hm", "hng"}


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable: initial (empty where there is none), final in our notation, tone 1-4, 5 轻声."""

    initial: str
    final: str
    tone: int


@functools.lru_cache(maxsize=4096)
def parsed(pinyin: str) -> Syllable:
    """Take one pinyin syllable apart.

    Args:
        pinyin: With a tone mark (`chóng`), a number behind (`chong2`), or neither (neutral tone);
            `v` and `u:` are read as `ü`.

    Raises:
        ValueError: If it is no syllable of Mandarin.
    """
    letters, tone = _without_tone(pinyin.strip().lower())
    if letters in _NASALS:
        return Syllable("h" if letters[0] == "h" else "", "en", tone)
    initial, rest = _split(letters)
    if initial in _PALATAL and rest.startswith("u"):
        rest = "ü" + rest[1:]
    final = _SHORTENED.get(rest, rest)
    if final == "i" and initial in _RETROFLEX:
        final = "ir"
    elif final == "i" and initial in _SIBILANT:
        final = "iz"
    if final not in FINALS:
        raise ValueError(f"{pinyin!r} is no syllable of Mandarin")
    return Syllable(initial, final, tone)


def spelled(syllable: Syllable) -> str:
    """Write a syllable in pinyin with its tone mark, e.g. `chóng`; none for the neutral tone."""
    letters = _letters(syllable)
    mark = _MARK_OF_TONE.get(syllable.tone)
    if mark is None:
        return letters
    at = _marked_vowel(letters) + 1
    return unicodedata.normalize("NFC", letters[:at] + mark + letters[at:])


def typed_letters(pinyin: str) -> str:
    """Return the keys pressed for pinyin: without tones and spaces, ü as v."""
    parts = unicodedata.normalize("NFD", pinyin).replace("u\u0308", "v")
    return "".join(c for c in parts if not unicodedata.combining(c)).replace(" ", "")


def _without_tone(pinyin: str) -> tuple[str, int]:
    tone = NEUTRAL
    if pinyin[-1:] in tuple("012345"):
        tone = int(pinyin[-1]) or NEUTRAL
        pinyin = pinyin[:-1]
    letters = []
    for character in unicodedata.normalize("NFD", pinyin):
        if character in _TONE_MARKS:
            tone = _TONE_MARKS[character]
        else:
            letters.append(character)
    plain = unicodedata.normalize("NFC", "".join(letters))
    return plain.replace("u:", "ü").replace("v", "ü"), tone


def _split(letters: str) -> tuple[str, str]:
    for written, sound in _ZERO_INITIAL:
        if letters.startswith(written):
            return "", sound + letters[len(written) :]
    match = _INITIAL.match(letters)
    initial = match[0] if match else ""
    return initial, letters[len(initial) :]


def _letters(syllable: Syllable) -> str:
    final = syllable.final
    if final in ("ir", "iz"):
        return syllable.initial + "i"
    if not syllable.initial:
        return _with_zero_initial(final)
    if syllable.initial in _PALATAL:
        final = final.replace("ü", "u")
    short = {full: shortened for shortened, full in _SHORTENED.items()}
    return syllable.initial + short.get(final, final)


def _with_zero_initial(final: str) -> str:
    if final.startswith("ü"):
        return "yu" + final[1:]
    if final in ("i", "in", "ing"):
        return "y" + final
    if final == "u":
        return "wu"
    return {"i": "y", "u": "w"}.get(final[0], final[0]) + final[1:]


def _marked_vowel(letters: str) -> int:
    """Where the tone mark goes: on a or e, on the o of ou, else on the last vowel."""
    for vowels in ("a", "e", "ê", "ou"):
        if vowels in letters:
            return letters.index(vowels)
    return max(i for i, letter in enumerate(letters) if letter in "iouü")
