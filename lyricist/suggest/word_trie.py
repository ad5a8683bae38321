"""The words that may end a line, as a tree of their letters."""

from __future__ import annotations

from collections.abc import Iterable


class WordTrie:
    """A node: what may come after the letters that led here.

    children: by the next letter. is_word: whether the letters are a word by themselves.
    """

    __slots__ = ("children", "is_word")

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.children: dict[str, WordTrie] = {}
        self.is_word = False
        for word in words:
            node = self
            for letter in word:
                node = node.children.setdefault(letter, WordTrie())
            node.is_word = True

    def after(self, letters: str) -> WordTrie | None:
        """Return the node after some letters, None if no word begins so."""
        node: WordTrie | None = self
        for letter in letters:
            if node is None:
                return None
            node = node.children.get(letter)
        return node
