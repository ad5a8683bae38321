"""Characters to indices and back, with an unknown character and a song boundary."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

UNKNOWN_INDEX = 0
BOUNDARY_INDEX = 1
NUM_SPECIAL = 2


def normalize(text: str) -> str:
    """Return `text` in Unicode NFC with LF line ends, the form every model reads."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


class Vocabulary:
    """A fixed, ordered set of characters (code points).

    Index 0 is the unknown character, index 1 the boundary between songs; the characters follow
    from index 2. The line feed is always a member, since a lyric is made of lines.

    Args:
        characters: Distinct code points in index order.

    Raises:
        ValueError: If a character occurs twice.
    """

    def __init__(self, characters: str) -> None:
        if len(set(characters)) != len(characters):
            raise ValueError("a vocabulary cannot hold a character twice")
        if "\n" not in characters:
            characters = "\n" + characters
        self.characters = characters
        self._index = {character: i for i, character in enumerate(characters, NUM_SPECIAL)}

    @classmethod
    def from_texts(cls, texts: Iterable[str], min_count: int = 1) -> Vocabulary:
        """Collect the characters seen at least `min_count` times, the most frequent first."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(normalize(text))
        # U+FFFD stands for what some decoder could not read; it is not to be proposed.
        kept = [c for c, n in counts.items() if n >= min_count and c not in "\n\ufffd"]
        kept.sort(key=lambda c: (-counts[c], c))
        return cls("\n" + "".join(kept))

    def __len__(self) -> int:
        return len(self.characters) + NUM_SPECIAL

    def __contains__(self, character: str) -> bool:
        return character in self._index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and other.characters == self.characters

    def __hash__(self) -> int:
        return hash(self.characters)

    @property
    def newline_index(self) -> int:
        """Index of the line feed."""
        return self._index["\n"]

    def index(self, character: str) -> int:
        """Return the index of a character, 0 for an unknown one."""
        return self._index.get(character, UNKNOWN_INDEX)

    def encode(self, text: str) -> list[int]:
        """Return one index per code point of the normalized text, unknown ones as index 0."""
        return self.encode_normalized(normalize(text))

    def encode_normalized(self, text: str) -> list[int]:
        """Return one index per code point of a text that is normalized already."""
        get = self._index.get
        return [get(character, UNKNOWN_INDEX) for character in text]

    def decode(self, indices: Sequence[int]) -> str:
        """Return the characters of `indices`; unknown and boundary yield nothing."""
        return "".join(self.characters[i - NUM_SPECIAL] for i in indices if i >= NUM_SPECIAL)

    def extended(self, texts: Iterable[str], min_count: int = 1) -> Vocabulary:
        """Return this vocabulary with the new characters of `texts` appended; old indices hold."""
        new = Vocabulary.from_texts(texts, min_count)
        return Vocabulary(self.characters + "".join(c for c in new.characters if c not in self))
