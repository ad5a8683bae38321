"""Forms that follow from a known word by rule: plurals, tenses, clitics and the sung -in'."""

from __future__ import annotations

from collections.abc import Iterator

from lyricist.craft.english.phonemes import is_voiced, is_vowel

_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_CLITICS = {
    "'ll": ("AH0", "L"),
    "'ve": ("AH0", "V"),
    "'re": ("ER0",),
    "'m": ("AH0", "M"),
    "n't": ("AH0", "N", "T"),
    "'em": ("AH0", "M"),
}


def stems(word: str) -> Iterator[tuple[str, str]]:
    """Yield the words that `word` may be a form of, each with the ending to pronounce.

    The endings are those of `inflected`; the likeliest stem comes first.
    """
    for clitic in _CLITICS:
        if word.endswith(clitic):
            yield word[: -len(clitic)], clitic
    if word.endswith("'d"):
        yield word[:-2], "d"
    if word.endswith("'s"):
        yield word[:-2], "s"
    if word.endswith("s'"):
        yield word[:-1], ""
    for ending, spoken in (("in'", "in"), ("in", "in"), ("ing", "ing"), ("ed", "d"), ("er", "er")):
        if word.endswith(ending):
            yield from ((stem, spoken) for stem in _stems_before_vowel(word[: -len(ending)]))
    if word.endswith("s") and not word.endswith(("ss", "'s")):
        yield word[:-1], "s"
        if word.endswith("ies"):
            yield word[:-3] + "y", "s"
        elif word.endswith("es"):
            yield word[:-2], "s"
    if word.endswith("'"):
        yield word[:-1], ""
    if word.startswith("'"):
        yield word[1:], ""


def inflected(phonemes: tuple[str, ...], ending: str) -> tuple[str, ...]:
    """Return a stem's phonemes with one of the endings that `stems` yields."""
    if ending in _CLITICS:
        return phonemes + _CLITICS[ending]
    if ending == "in":
        return (*phonemes, "IH0", "N")
    if ending == "ing":
        return (*phonemes, "IH0", "NG")
    if ending == "er":
        return (*phonemes, "ER0")
    last = phonemes[-1]
    voiced = is_vowel(last) or is_voiced(last)
    if ending == "s":
        if last in _SIBILANTS:
            return (*phonemes, "IH0", "Z")
        return (*phonemes, "Z" if voiced else "S")
    if ending == "d":
        if last in ("T", "D"):
            return (*phonemes, "IH0", "D")
        return (*phonemes, "D" if voiced else "T")
    return phonemes


def _stems_before_vowel(stem: str) -> Iterator[str]:
    """Undo what spelling does before a vowel: "lov", "runn", "tri" for love, run, try."""
    if len(stem) < 2:
        return
    if stem[-1] == stem[-2] and stem[-1] not in "aeiou":
        yield stem[:-1]
    yield stem
    yield stem + "e"
    if stem.endswith("i"):
        yield stem[:-1] + "y"
