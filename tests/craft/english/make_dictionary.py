"""Make the pronouncing dictionary that the program ships.

    python tests/craft/english/make_dictionary.py CMUDICT.dict LYRICS...

CMUDICT.dict is the data of the CMU Pronouncing Dictionary; LYRICS are texts (or folders of them)
whose words are counted. Forms of our own come from `assets/pronunciation/sung-forms.tsv`. The
result is `assets/pronunciation/en.dict.xz`, a line a word, sorted: the word, its frequency (a
hexadecimal digit, see `lyricist.craft.english.dictionary`) and its aligned transcriptions.
"""

from __future__ import annotations

import lzma
import math
import re
import sys
from collections import Counter
from pathlib import Path

from letter_alignment import Costs, align, first_costs, improved

from lyricist.craft.english.transcription import JOINED, SILENT, UNALIGNED, encoded

_ASSETS = Path(__file__).resolve().parents[3] / "assets" / "pronunciation"
_ROUNDS = 5
_LEAST_COUNT = 3
# A reading as letters, where the word is meant.
_WRONG = {("am", "EY1 EH1 M")}
_WORD = re.compile(r"'?[a-z]+(?:'[a-z]+)*'?")


def cmudict(path: Path) -> dict[str, list[tuple[str, ...]]]:
    """Return every pronunciation of every word of the dictionary's file, in its order."""
    words: dict[str, list[tuple[str, ...]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phonemes = line.partition(" #")[0].split()
        word = re.sub(r"\(\d+\)$", "", word)
        if (word, " ".join(phonemes)) not in _WRONG:
            words.setdefault(word, []).append(levelled(phonemes))
    return words


def levelled(phonemes: list[str]) -> tuple[str, ...]:
    """Return the phonemes without the secondary stress that the dictionary gives the last vowel of
    "shadow" and "ability", but not that of "yellow" and "city": it would make them rhyme alone."""
    before = phonemes[-3:]
    is_shadow = before[-1:] == ["OW2"] and before[1:2] in (["D"], ["L"], ["R"])
    is_ability = before[1:] == ["T", "IY2"] and before[0] in ("AH0", "IH0")
    if is_ability or (is_shadow and before[0].endswith("1")):
        return (*phonemes[:-1], phonemes[-1][:-1] + "0")
    return tuple(phonemes)


def with_sung_forms(words: dict[str, list[tuple[str, ...]]]) -> dict[str, list[tuple[str, ...]]]:
    """Return the words with ours first, where we have any."""
    own: dict[str, list[tuple[str, ...]]] = {}
    for line in (_ASSETS / "sung-forms.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, phonemes = line.split("\t")
            own.setdefault(word, []).append(tuple(phonemes.split()))
    return words | {w: list(dict.fromkeys(own[w] + words.get(w, []))) for w in own}


def frequencies(sources: list[Path]) -> Counter[str]:
    """Count the words of texts."""
    counts: Counter[str] = Counter()
    for source in sources:
        for path in sorted(source.rglob("*.txt")) if source.is_dir() else [source]:
            text = path.read_text(encoding="utf-8").casefold().replace("’", "'")
            for word in _WORD.findall(text):
                counts[word] += 1
    return counts


def aligned(word: str, phonemes: tuple[str, ...], costs: Costs) -> str:
    """Return the transcription as the dictionary writes it."""
    parts = align(word, phonemes, costs)
    if parts is None:
        return UNALIGNED + encoded(phonemes)
    return "".join(JOINED.join(encoded(part)) if part else SILENT for part in parts)


def main() -> None:
    """Write the dictionary."""
    words = with_sung_forms(cmudict(Path(sys.argv[1])))
    counts = frequencies([Path(argument) for argument in sys.argv[2:]])
    pairs = [(word, phonemes) for word, all_of_it in words.items() for phonemes in all_of_it]
    costs = first_costs(pairs[::6])
    for _ in range(_ROUNDS):
        costs = improved(pairs[::6], costs)
    lines = []
    for word in sorted(words):
        count = counts[word]
        digit = f"{min(15, int(math.log2(count))):x}" if count >= _LEAST_COUNT else "0"
        lines.append(" ".join([word, digit, *(aligned(word, p, costs) for p in words[word])]))
    text = "\n".join(["", *lines, ""])
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0}]
    packed = lzma.compress(text.encode("latin-1"), filters=filters)
    (_ASSETS / "en.dict.xz").write_bytes(packed)
    print(f"{len(words)} words, {len(pairs)} pronunciations, {len(packed)} bytes")


if __name__ == "__main__":
    main()
