"""Pronunciation by analogy: an unknown word sounds as the known words it shares letters with.

After Dedina & Nusbaum (1991) and Marchand & Damper (2000): every stretch of letters that a
dictionary word shares with the new one brings the phonemes it has there; stretches are joined
where they agree on the letter they share, as few as possible, and the more words vote for one the
better. Here only stretches that no longer one contains are asked, and only so many of their words.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lyricist.craft.english import dictionary
from lyricist.craft.english.phonemes import is_vowel, without_stress
from lyricist.craft.english.transcription import by_letter, decoded, spoken

# A word's edges are written as this sign, so that beginnings and ends match only each other.
_EDGE = "\n"
_MAX_LETTERS = 40
_MAX_WORDS, _PARTS = 320, 20
_MAX_VOTED = 6
_LONGEST = 14

Letters = tuple[str, ...]
"""What each letter of a stretch stands for, as `transcription.by_letter` writes it."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    letters: Letters
    votes: float


@dataclass(frozen=True, slots=True)
class _Path:
    """stretches: how many; votes: summed logarithms; letters: of the whole word up to here."""

    stretches: int
    votes: float
    letters: Letters


def guess(word: str, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the phonemes of a word that the dictionary need not have.

    Args:
        word: In lower case, of the letters a to z; other characters are skipped. Only the last 40
            letters count.
        without: Words that may not vote, for measuring.

    Returns:
        ARPAbet with stress, () only where `word` has no letter.
    """
    letters = "".join(c for c in word if "a" <= c <= "z")[-_MAX_LETTERS:]
    if not letters:
        return ()
    spelled = _EDGE + letters + _EDGE
    path = _shortest_path(spelled, _stretches(spelled, without))
    codes = spoken("".join(path.letters)).replace(_EDGE, "")
    return _with_one_primary_stress(decoded(codes))


def _stretches(spelled: str, without: frozenset[str]) -> list[_Stretch]:
    """Return the voted stretches, but none within a longer one that enough words share."""
    found: list[_Stretch] = []
    covered: list[tuple[int, int]] = []
    for length in range(min(len(spelled), _LONGEST), 1, -1):
        for start in range(len(spelled) - length + 1):
            end = start + length
            if any(a <= start and end <= b for a, b in covered):
                continue
            votes = _votes(spelled[start:end], without)
            if votes.total() >= 2 or (votes and length >= 5):
                covered.append((start, end))
            for letters, count in votes.most_common(_MAX_VOTED):
                # Its ends too, so that it can follow one that it overlaps by several letters.
                for cut in range(length - 1):
                    found.append(_Stretch(start + cut, end, letters[cut:], math.log1p(count)))
    found += [_Stretch(at, at + 1, (_letter(c),), 0.0) for at, c in enumerate(spelled)]
    return found


@functools.lru_cache(maxsize=4096)
def _votes(stretch: str, without: frozenset[str]) -> Counter[Letters]:
    """Count how the dictionary's words pronounce a stretch of letters."""
    votes: Counter[Letters] = Counter()
    words = _words()
    for at in _places(stretch, words):
        line = words.rfind(_EDGE, 0, at + 1)
        word = words[line + 1 : words.find(_EDGE, line + 1)]
        found = dictionary.entry(word) if word not in without else None
        letters = by_letter(found.transcriptions[0]) if found else None
        if found and letters:
            whole = (_EDGE, *letters, _EDGE)
            # The dictionary is full of surnames from everywhere; words that are sung say more.
            votes[whole[at - line : at - line + len(stretch)]] += 1 + found.frequency
    return votes


def _places(stretch: str, words: str) -> Iterator[int]:
    """Yield where a stretch is, at most so often in each part, so that A does not outvote Z."""
    part = len(words) // _PARTS + 1
    for first in range(0, len(words), part):
        at, last = first - 1, min(first + part + len(stretch) - 1, len(words))
        for _ in range(_MAX_WORDS // _PARTS):
            at = words.find(stretch, at + 1, last)
            if at < 0:
                break
            yield at


@functools.cache
def _words() -> str:
    """Return all words spelled with letters alone, an edge around each."""
    spelled = (line.partition(" ")[0] for line in dictionary.lines())
    return _EDGE + _EDGE.join(word for word in spelled if word.isalpha()) + _EDGE


@functools.cache
def _letter(letter: str) -> str:
    """Return what a letter stands for most often where it begins a word."""
    if letter == _EDGE:
        return _EDGE
    votes = _votes(_EDGE + letter, frozenset())
    return max(votes, key=lambda letters: votes[letters])[1]


def _shortest_path(spelled: str, stretches: list[_Stretch]) -> _Path:
    """Join stretches from edge to edge: overlapping by one letter on which both agree, or, at the
    price of one more stretch, side by side."""
    starting: dict[int, list[_Stretch]] = {}
    for stretch in stretches:
        starting.setdefault(stretch.start, []).append(stretch)
    best: list[dict[str, _Path]] = [{} for _ in range(len(spelled) + 1)]
    best[0] = {"": _Path(0, 0.0, ())}
    for end in range(len(spelled) + 1):
        for last, path in list(best[end].items()):
            for stretch in starting.get(end - 1, []) if end else []:
                if stretch.letters[0] == last and stretch.end > end:
                    _keep(best, _joined(path, stretch, overlap=1, price=1), stretch.end)
            for stretch in starting.get(end, []):
                _keep(best, _joined(path, stretch, overlap=0, price=2), stretch.end)
    return min(best[-1].values(), key=_cost)


def _joined(path: _Path, stretch: _Stretch, overlap: int, price: int) -> _Path:
    return _Path(
        path.stretches + price, path.votes + stretch.votes, path.letters + stretch.letters[overlap:]
    )


def _keep(best: list[dict[str, _Path]], path: _Path, end: int) -> None:
    last = path.letters[-1]
    if last not in best[end] or _cost(path) < _cost(best[end][last]):
        best[end][last] = path


def _cost(path: _Path) -> tuple[int, float]:
    return path.stretches, -path.votes


def _with_one_primary_stress(phonemes: tuple[str, ...]) -> tuple[str, ...]:
    """Stretches of different words can bring no primary stress or several; the last one stays."""
    vowels = [at for at, phoneme in enumerate(phonemes) if is_vowel(phoneme)]
    primary = [at for at in vowels if phonemes[at].endswith("1")]
    if not vowels:
        return phonemes
    if not primary:
        secondary = [at for at in vowels if phonemes[at].endswith("2")]
        primary = (secondary or vowels)[:1]
    changed = list(phonemes)
    for at in primary:
        changed[at] = without_stress(changed[at]) + ("1" if at == primary[-1] else "2")
    return tuple(changed)
