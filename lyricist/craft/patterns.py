"""平仄 and stresses of a line as signs that every terminal draws in one cell."""

from __future__ import annotations

from lyricist.craft.english.words import stress_pattern
from lyricist.craft.line import SungLine
from lyricist.craft.mandarin.rhyme import tonal_pattern

LEVEL, OBLIQUE, NEUTRAL = "-", "|", ":"
STRESSED, UNSTRESSED = "/", "."
UNKNOWN = "?"

_TONES = {"平": LEVEL, "仄": OBLIQUE, "・": NEUTRAL, "?": UNKNOWN}
_STRESSES = {"0": UNSTRESSED}


def sound_pattern(line: SungLine) -> str:
    """Return a sign for each syllable, ad-libs apart: `-` 平, `|` 仄, `:` a neutral tone, `/` a
    stressed and `.` an unstressed syllable, `?` what is not known."""
    signs = ""
    for unit in line.counted:
        if unit.language == "zh":
            own = [reading for reading in unit.readings if reading.is_syllable]
            signs += "".join(_TONES.get(tone, UNKNOWN) for tone in tonal_pattern(own))
        elif unit.language == "en":
            stresses = stress_pattern(unit.text)
            signs += "".join(_STRESSES.get(stress, STRESSED) for stress in stresses)
        else:
            signs += UNKNOWN
    return signs
