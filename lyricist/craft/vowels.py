"""How a line end sounds to the ear of a sing-along, in either language: its last vowel and nasal.

English and Mandarin hardly share a sound exactly, but pop rhymes 爱 with *sky* and 走 with *go*.
The key is coarse: plosives and fricatives at an English word's end are barely sung, and left out.
"""

from __future__ import annotations

from collections.abc import Sequence

# Vowel of ARPAbet to the sound, before no nasal.
_ENGLISH = {
    "AA": "a", "AH": "a", "AE": "a", "AO": "o", "AY": "ai", "AW": "ao", "EH": "e", "EY": "ei",
    "ER": "er", "IH": "i", "IY": "i", "OW": "ou", "OY": "oi", "UH": "u", "UW": "u",
}  # fmt: skip
_ENGLISH_NASAL = {
    "AA": "an", "AH": "en", "AE": "an", "AO": "ang", "AY": "an", "AW": "ang", "EH": "en",
    "EY": "en", "ER": "en", "IH": "in", "IY": "in", "OW": "ong", "OY": "ong", "UH": "ong",
    "UW": "ong",
}  # fmt: skip
_MANDARIN = {
    "a": "a", "ia": "a", "ua": "a", "o": "o", "uo": "o", "e": "e", "ie": "e", "üe": "e",
    "ai": "ai", "uai": "ai", "ei": "ei", "uei": "ei", "ao": "ao", "iao": "ao", "ou": "ou",
    "iou": "ou", "an": "an", "ian": "en", "uan": "an", "üan": "en", "en": "en", "uen": "en",
    "in": "in", "ün": "in", "ang": "ang", "iang": "ang", "uang": "ang", "eng": "en", "ueng": "ong",
    "ing": "in", "ong": "ong", "iong": "ong", "i": "i", "ü": "i", "ir": "er", "iz": "er",
    "er": "er", "u": "u",
}  # fmt: skip
_NASALS = {"M", "N", "NG"}

SOUNDS = tuple(dict.fromkeys([*_MANDARIN.values(), *_ENGLISH.values()]))
"""All sounds; the place of one in it is its colour."""


def sound_of_final(final: str) -> str:
    """Return the sound of a Mandarin final in the notation of `mandarin.finals`."""
    return _MANDARIN.get(final, "")


def sound_of_phonemes(phonemes: Sequence[str]) -> str:
    """Return the sound of the last vowel of ARPAbet phonemes, empty where there is none."""
    vowels = [place for place, phoneme in enumerate(phonemes) if phoneme[-1].isdigit()]
    if not vowels:
        return ""
    vowel = phonemes[vowels[-1]][:-1]
    after = phonemes[vowels[-1] + 1 :]
    if after and after[0] in _NASALS:
        return _ENGLISH_NASAL.get(vowel, "")
    # more, car: the vowel before R is long and open.
    return _ENGLISH.get(vowel, "")
