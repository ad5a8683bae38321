"""Simplified and traditional Chinese characters: telling them apart, and converting with OpenCC.

No list of ours: OpenCC says which characters it would change, and the two national character sets
which of these the other script writes as well (后, 里 and 云 are found in both).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lyricist.errors import CorpusError
from lyricist.text.lines import is_han

SCRIPTS = ("keep", "simplified", "traditional")
# Traditional as it is written in Taiwan (裡, 為), where OpenCC's own standard has 裏 and 爲.
_CONFIGURATIONS = {"simplified": "t2s", "traditional": "s2tw"}
_MIXED_SHARE = 0.02
_MIXED_CHARACTERS = 10


@dataclass(frozen=True)
class ScriptMix:
    """Occurrences of characters that exist in only one of the scripts."""

    simplified: int = 0
    traditional: int = 0

    @property
    def is_mixed(self) -> bool:
        """Whether the rarer script is more than a slip or a quotation."""
        rarer = min(self.simplified, self.traditional)
        share = _MIXED_SHARE * (self.simplified + self.traditional)
        return rarer >= _MIXED_CHARACTERS and rarer >= share

    @property
    def prevailing(self) -> str:
        """`simplified` or `traditional`, whichever there is more of; empty where there is none."""
        if not self.simplified and not self.traditional:
            return ""
        return "simplified" if self.simplified >= self.traditional else "traditional"


def script_mix(counts: Mapping[str, int]) -> ScriptMix:
    """Tell how much of a text is in which script.

    Args:
        counts: Occurrences of each character.

    Raises:
        CorpusError: If OpenCC cannot be loaded.
    """
    han = [character for character in counts if is_han(character)]
    if not han:
        return ScriptMix()
    simplified = _changed(han, "traditional", "big5")
    traditional = _changed(han, "simplified", "gb2312")
    return ScriptMix(sum(counts[c] for c in simplified), sum(counts[c] for c in traditional))


def converted(text: str, to: str) -> str:
    """Return `text` with its Chinese in another script, word by word, not only by character.

    Args:
        text: What to convert.
        to: `simplified` or `traditional`; `keep` changes nothing.

    Raises:
        CorpusError: If OpenCC cannot be loaded.
    """
    return text if to == "keep" else str(_converter(_CONFIGURATIONS[to]).convert(text))


def _changed(characters: list[str], to: str, other_set: str) -> list[str]:
    """Those of `characters` that conversion changes and that the other script does not have."""
    # A line each, so that no two of them are taken for a word.
    results = converted("\n".join(characters), to).split("\n")
    pairs = zip(characters, results, strict=True)
    return [old for old, new in pairs if old != new and not _is_in(old, other_set)]


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


# One at a time: the way to traditional characters takes 44 MB, and a tenth of a second to load.
@functools.lru_cache(maxsize=1)
def _converter(configuration: str) -> Any:
    # Loaded at the first use: the editor's first frame needs no dictionaries.
    try:
        import opencc

        return opencc.OpenCC(configuration)
    except (ImportError, OSError, RuntimeError) as error:
        raise CorpusError(
            f"OpenCC, which knows both Chinese scripts, cannot be loaded ({error})",
            "install it with `pip install --force-reinstall opencc`",
        ) from error
