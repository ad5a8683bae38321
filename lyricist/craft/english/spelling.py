"""Spellings: what a writer types, brought to the forms that a dictionary has."""

from __future__ import annotations

import itertools
import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´＇"), "'")
_LETTERS = {
    ord("ß"): "ss",
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("ø"): "o",
    ord("đ"): "d",
    ord("ð"): "th",
    ord("þ"): "th",
    ord("ł"): "l",
    ord("ı"): "i",
}
_FOREIGN_EDGES = re.compile(r"^[^a-z0-9']+|[^a-z0-9']+$")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_LONG_RUN_OR_LAST = re.compile(r"(.)\1{2,}|([a-z])\2+$")
_MAX_RUNS = 4

# No word of English is longer; what is cut off a longer one could not be sung either.
MAX_LETTERS = 60


def normalized(word: str) -> str:
    """Return a word in lower case with straight apostrophes and plain letters: "Café" is "cafe".

    Signs around it are dropped. Empty where it holds neither a Latin letter nor a digit, and where
    letters of another script are mixed in. A run of one letter is cut to three, and the word to
    its last `MAX_LETTERS`.
    """
    # Compatibility forms can be many times as long as what they are written for.
    text = unicodedata.normalize("NFKC", word[: 200 * MAX_LETTERS]).casefold()
    text = text.translate(_APOSTROPHES).translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = _FOREIGN_EDGES.sub("", text) if text.isascii() else text
    if not text.isascii() or not any(c.isalnum() for c in text):
        return ""
    return _LONG_RUN.sub(r"\1\1\1", text)[-MAX_LETTERS:]


def shortened(word: str) -> tuple[str, ...]:
    """Return the spellings that a drawn-out one may stand for: "looove" for "love" and "loove".

    Every run of three letters, and of two at the end, is tried single and double.
    """
    runs = list(_LONG_RUN_OR_LAST.finditer(word))
    if not runs or len(runs) > _MAX_RUNS:
        return ()
    spellings = []
    for lengths in itertools.product((1, 2), repeat=len(runs)):
        pieces, end = [], 0
        for run, length in zip(runs, lengths, strict=True):
            pieces += [word[end : run.start()], run[0][0] * length]
            end = run.end()
        spellings.append("".join([*pieces, word[end:]]))
    return tuple(s for s in spellings if s != word)
