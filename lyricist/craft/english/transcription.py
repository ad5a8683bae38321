"""Transcriptions as short strings: one character a phoneme, lined up with the letters.

The dictionary keeps, for each letter of a word, the phonemes it stands for: none (`-`), one, or
two, which `=` joins (the x of "box" is K=S). Without these two signs the string is the
pronunciation alone. A word spelled by letter names has no such alignment and begins with `~`.
"""

from __future__ import annotations

import re

from lyricist.craft.english.phonemes import CONSONANTS, VOWELS

SILENT, JOINED, UNALIGNED = "-", "=", "~"

PHONEMES = (
    *sorted(CONSONANTS),
    *(vowel + stress for stress in "012" for vowel in sorted(VOWELS)),
)
_CODES = "bcdfghjklmnpqrstvwxyzBCD" + "0123456789!#$%&AEIOUaeiou'()*+FGHJKLMNPQRSTVW"
CODE_OF = dict(zip(PHONEMES, _CODES, strict=True))
PHONEME_OF = {code: phoneme for phoneme, code in CODE_OF.items()}
STRESSED_CODES = "".join(code for p, code in CODE_OF.items() if p[-1] in "12")
VOWEL_CODES = "".join(code for p, code in CODE_OF.items() if p[-1].isdigit())

_NOT_SPOKEN = str.maketrans("", "", SILENT + JOINED + UNALIGNED)
_LETTER = re.compile(r"[^=](?:=[^=])?")


def encoded(phonemes: tuple[str, ...]) -> str:
    """Return one character a phoneme."""
    return "".join(CODE_OF[phoneme] for phoneme in phonemes)


def decoded(codes: str) -> tuple[str, ...]:
    """Return the phonemes of a string of codes."""
    return tuple(PHONEME_OF[code] for code in codes)


def spoken(aligned: str) -> str:
    """Return the codes of an aligned transcription that are spoken."""
    return aligned.translate(_NOT_SPOKEN)


def by_letter(aligned: str) -> list[str] | None:
    """Return what each letter stands for (`-`, `x` or `x=y`), None where that is not known."""
    return None if aligned.startswith(UNALIGNED) else _LETTER.findall(aligned)
