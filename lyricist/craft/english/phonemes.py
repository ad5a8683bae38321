"""The phonemes of English in ARPAbet, and how close two of them sound.

Vowels carry a stress digit in a transcription (1 primary, 2 secondary, 0 none), consonants none.
Families are those of family rhyme (Pattison 1991): plosives, fricatives and nasals each stand in
for one another; liquids and glides have no family.
"""

from __future__ import annotations

_VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
VOWELS = frozenset(_VOWELS.split())

# Manner, place and voicing; affricates count with the fricatives they end in.
_FEATURES = {
    "P": ("plosive", "labial", False),
    "B": ("plosive", "labial", True),
    "T": ("plosive", "alveolar", False),
    "D": ("plosive", "alveolar", True),
    "K": ("plosive", "velar", False),
    "G": ("plosive", "velar", True),
    "F": ("fricative", "labial", False),
    "V": ("fricative", "labial", True),
    "TH": ("fricative", "dental", False),
    "DH": ("fricative", "dental", True),
    "S": ("fricative", "alveolar", False),
    "Z": ("fricative", "alveolar", True),
    "SH": ("fricative", "palatal", False),
    "ZH": ("fricative", "palatal", True),
    "CH": ("fricative", "affricate", False),
    "JH": ("fricative", "affricate", True),
    "M": ("nasal", "labial", True),
    "N": ("nasal", "alveolar", True),
    "NG": ("nasal", "velar", True),
    "L": ("lateral", "alveolar", True),
    "R": ("rhotic", "alveolar", True),
    "W": ("glide", "labial", True),
    "Y": ("glide", "palatal", True),
    "HH": ("aspirate", "glottal", False),
}
CONSONANTS = frozenset(_FEATURES)
_FAMILIES = frozenset({"plosive", "fricative", "nasal"})

_SAME_VOICING, _PARTNERS, _SAME_FAMILY, _STRANGERS = 0.2, 0.25, 0.4, 1.0

# Low back vowels are one in about half of North America (cot = caught); before a nasal, the
# vowels of "pen" and "pin" are one in the South.
_LOW_BACK, _PEN_PIN = 0.15, 0.5

# Before R these pairs are one in most accents that keep the R.
_BEFORE_R = {"IY": "IH", "UW": "UH", "AE": "EH"}
_WEAK = frozenset({"AH", "IH", "EH", "UH"})


def is_vowel(phoneme: str) -> bool:
    """Whether an ARPAbet phoneme, with or without its stress digit, is a vowel."""
    return phoneme.rstrip("012") in VOWELS


def stress_of(phoneme: str) -> int:
    """Return 1 for primary stress, 2 for secondary, 0 for none and for consonants."""
    return int(phoneme[-1]) if phoneme[-1].isdigit() else 0


def without_stress(phoneme: str) -> str:
    """Return the phoneme without its stress digit."""
    return phoneme.rstrip("012")


def family(consonant: str) -> str:
    """Return the family of a consonant: a manner that has one, otherwise its own symbol."""
    manner = _FEATURES[consonant][0]
    return manner if manner in _FAMILIES else consonant


def is_voiced(consonant: str) -> bool:
    """Whether the vocal cords sound."""
    return _FEATURES[consonant][2]


def before_r(vowel: str) -> str:
    """Return the vowel that one is before an R, without stress: "here" has that of "mirror"."""
    return _BEFORE_R.get(vowel, vowel)


def reduced(vowel: str) -> str:
    """Return what a vowel becomes without stress: most short ones are a schwa, written AH."""
    return "AH" if vowel in _WEAK else vowel


def consonant_distance(a: str, b: str) -> float:
    """Return 0 for the same consonant, up to 0.4 within a family, 1 otherwise."""
    if a == b:
        return 0.0
    if family(a) != family(b):
        return _STRANGERS
    if is_voiced(a) == is_voiced(b):
        return _SAME_VOICING
    return _PARTNERS if _FEATURES[a][1] == _FEATURES[b][1] else _SAME_FAMILY


def vowel_distance(a: str, b: str, before: str = "") -> float:
    """Return how far apart two stressed vowels are: 0 the same, 1 not to be rhymed.

    Args:
        a: A vowel without stress.
        b: Another.
        before: The consonant that follows them, if any: R and the nasals change them.
    """
    if a == b:
        return 0.0
    pair = {a, b}
    if pair == {"AA", "AO"} and before != "R":
        return _LOW_BACK
    if pair == {"EH", "IH"} and before in ("M", "N"):
        return _PEN_PIN
    return 1.0
