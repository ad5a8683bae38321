"""Which language a text or a vocabulary is in, as far as its letters tell."""

from __future__ import annotations

from collections.abc import Mapping

from lyricist.text.common_characters import WESTERN_LETTERS
from lyricist.text.lines import is_han

LANGUAGES = {"zh": "Chinese", "en": "English", "zh+en": "Chinese and English", "other": "other"}
# As much of one language makes a text bilingual.
_SHARE = 0.1
# English borrows fewer accents (café); German, French and Spanish write more.
_ENGLISH_ACCENTS = 0.008
# Letters that tell which language a line is in, and characters that do where it has fewer.
_TELLING_LETTERS = 4
_SAMPLE = 40


def language_of(counts: Mapping[str, int]) -> str:
    """Return `zh`, `en`, `zh+en`, `other`, or nothing where there are no letters.

    Latin letters with few accents count as English: letters tell no more than that.

    Args:
        counts: Occurrences of each character.
    """
    letters = {character: n for character, n in counts.items() if character.isalpha()}
    total = sum(letters.values())
    if not total:
        return ""
    han = sum(n for character, n in letters.items() if is_han(character))
    plain = sum(n for character, n in letters.items() if character.isascii())
    accented = sum(n for character, n in letters.items() if character in WESTERN_LETTERS)
    if total - han - plain - accented > _SHARE * total:
        return "other"
    if han >= _SHARE * total:
        return "zh+en" if plain >= _SHARE * total else "zh"
    return "other" if accented > _ENGLISH_ACCENTS * total else "en"


def language_of_vocabulary(characters: str) -> str:
    """Return `zh` for a model that knows mostly Chinese characters, else `en` if it knows the
    Latin alphabet, else `other`."""
    letters = [character for character in characters if character.isalpha()]
    if sum(map(is_han, letters)) * 2 > len(letters):
        return "zh"
    return "en" if set("abcdefghijklmnopqrstuvwxyz") <= set(letters) else "other"


def language_sample(text: str) -> str:
    """Return what tells the language to go on in: the line at the end of a text, since a song may
    change with each, or, as long as there is little of it, what was written last."""
    line = text[text.rfind("\n") + 1 :]
    if sum(character.isalpha() for character in line) >= _TELLING_LETTERS:
        return line
    return text[-_SAMPLE:]
