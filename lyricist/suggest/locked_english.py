"""English lines of exactly so many syllables whose last word rhymes.

Lines are drawn letter by letter, side by side, and their syllables counted at every word's end.
Where the words that rhyme could end a line, some rows go on within a tree of those words alone, so
that the rhyme is exact and the network picks the word. A line may end wherever it fits; what it is
worth is how likely it is with its line feed.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lyricist.craft.line import Unit, sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyming import RhymingWord, syllables_of_word, words_that_rhyme
from lyricist.network.decoder import mask_specials
from lyricist.network.sampler import log_softmax
from lyricist.suggest.locked_lines import LockedLine, Pen, Place, lengths, wanted_line
from lyricist.suggest.protocol import Lock
from lyricist.suggest.word_trie import WordTrie
from lyricist.text.vocabulary import Vocabulary

_ROWS, _MOST_ROWS = 28, 64
# Rows that go on within the rhyming words, by how many syllables are left for them.
_FORKS = {1: 3, 2: 2, 3: 1}
_LONGEST_WORD = 14
_MOST_STEPS = 160
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PARTIAL = re.compile(r"[A-Za-z']*\Z")


@dataclass
class _Row:
    """A line as far as it is drawn.

    syllables: of its whole words, those before the cursor included. word: the letters since.
    target: of the whole line. node: where it stands in the tree of rhyming words, if it does.
    """

    text: str
    syllables: int
    word: str
    target: int
    log_probs: list[float] = field(default_factory=list)
    node: WordTrie | None = None

    @property
    def left(self) -> int:
        """Syllables that are left for the word in hand and those behind it."""
        return self.target - self.syllables

    def copy(self, node: WordTrie) -> _Row:
        """Return the same line, to go on within rhyming words."""
        return replace(self, log_probs=list(self.log_probs), node=node)

    def add(self, character: str, log_prob: float) -> None:
        """Go on by a character."""
        self.text += character
        self.log_probs.append(log_prob)
        if self.node is not None:
            self.node = self.node.children.get(character.lower())
        if character.isalpha() or character == "'":
            self.word += character.lower()
        elif self.word:
            self.syllables += syllables_of_word(self.word) or 0
            self.word = ""


@dataclass(frozen=True)
class _Endings:
    """The words that may end a line, and as trees by their syllables; none where any may."""

    words: frozenset[RhymingWord] = frozenset()
    tries: dict[int, WordTrie] = field(default_factory=dict)


@functools.lru_cache(maxsize=32)
def _endings(ending: tuple[Unit, ...], rules: RhymeRules, repeat: bool) -> _Endings:
    words = words_that_rhyme(ending, rules, repeat)
    tries = {
        count: WordTrie(word.text for word in words if word.syllables == count)
        for count in {word.syllables for word in words}
    }
    return _Endings(frozenset(words), tries)


def draw_english(place: Place, lock: Lock, pen: Pen) -> list[LockedLine] | None:
    """Draw lines that go on from `place`; None as soon as they are not wanted any more."""
    partial = _PARTIAL.search(place.line)
    word = partial[0] if partial else ""
    before = sung_line(place.line[: len(place.line) - len(word)])
    endings = _Endings()
    if lock.rhyme:
        rules = RhymeRules(lock.system, lock.loose)
        endings = _endings(wanted_line(lock).ending, rules, lock.repeat)
        if not endings.words:
            return []
    targets = lengths(place, lock, "en", _ROWS).tolist()
    rows = [
        _Row("", before.syllables, word.lower(), target)
        for target in targets
        if target > before.syllables
    ]
    return _Drawing(place, pen, endings).draw(rows) if rows else []


class _Drawing:
    """The rows of one drawing, and the lines that were found."""

    def __init__(self, place: Place, pen: Pen, endings: _Endings) -> None:
        self._place, self._pen = place, pen
        self._rhyming, self._tries = endings.words, endings.tries
        self._indices = _Indices(pen.vocabulary)
        self._found: list[LockedLine] = []

    def draw(self, rows: list[_Row]) -> list[LockedLine] | None:
        """Go on with all rows until each has ended or outgrown its length."""
        pen = self._pen
        state = np.repeat(self._place.state, len(rows), axis=2)
        log_probs = log_softmax(np.repeat(self._place.logits, len(rows), axis=0))
        # A word that was begun may turn out to be one that rhymes.
        rows, kept = self._forked(rows)
        state, log_probs = state[:, :, kept], log_probs[kept]
        for _ in range(_MOST_STEPS):
            if pen.is_stale():
                return None
            self._end(rows, log_probs)
            masked = self._masked(rows, log_probs)
            going = np.flatnonzero(np.isfinite(masked.max(axis=1)))
            if not len(going):
                break
            rows = [rows[n] for n in going]
            state, log_probs, masked = state[:, :, going], log_probs[going], masked[going]
            drawn = pen.draw(masked)
            picked = log_probs[np.arange(len(rows)), drawn].tolist()
            for row, index, score in zip(rows, drawn.tolist(), picked, strict=True):
                row.add(self._indices.character(index), score)
            state, logits = pen.decoder.advance(drawn, state)
            log_probs = log_softmax(mask_specials(logits))
            rows, kept = self._forked(rows)
            state, log_probs = state[:, :, kept], log_probs[kept]
        return self._found

    def _forked(self, rows: list[_Row]) -> tuple[list[_Row], NDArray[np.int64]]:
        """Let rows at a word's beginning go on within the rhyming words.

        Returns:
            The rows, and the number of the old row that each comes from.
        """
        if not self._tries:
            return rows, np.arange(len(rows))
        after: list[_Row] = []
        origins: list[int] = []
        room = _MOST_ROWS - len(rows)
        for number, row in enumerate(rows):
            trie = self._tries.get(row.left) if self._at_beginning(row) else None
            node = trie.after(row.word) if trie is not None else None
            if node is not None:
                forks = min(_FORKS.get(row.left, 1), room)
                # The last syllable has to rhyme: no other way to go on is left.
                forks = max(forks, 1) if row.left == 1 and not row.word else forks
                after += [row.copy(node) for _ in range(forks)]
                origins += [number] * forks
                room -= forks
            if row.node is not None or node is None or row.left > 1 or row.word:
                after.append(row)
                origins.append(number)
        return after, np.array(origins, np.int64)

    def _at_beginning(self, row: _Row) -> bool:
        """Whether a row may turn to the rhyming words here: between words, or at the cursor."""
        if row.node is not None or row.text.endswith(","):
            return False
        return not row.word or not row.text

    def _end(self, rows: list[_Row], log_probs: NDArray[np.float32]) -> None:
        """Note the lines that could end here."""
        ends = log_probs[:, self._indices.newline].tolist()
        for row, end in zip(rows, ends, strict=True):
            if row.text and row.word and self._fits(row):
                self._found.append(LockedLine(row.text, (*row.log_probs, end)))

    def _fits(self, row: _Row) -> bool:
        if row.node is not None:
            return row.node.is_word
        if syllables_of_word(row.word) != row.left:
            return False
        return not self._tries or RhymingWord(row.word, row.left) in self._rhyming

    def _masked(self, rows: list[_Row], log_probs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-probabilities of the characters that each row may go on with."""
        masked = np.full_like(log_probs, -np.inf)
        for number, row in enumerate(rows):
            allowed = self._allowed(row)
            masked[number, allowed] = log_probs[number, allowed]
        return masked

    def _allowed(self, row: _Row) -> NDArray[np.int64]:
        indices = self._indices
        if row.node is not None:
            return indices.of(row.node.children, capital=not row.word and not row.text)
        if row.text.endswith(","):
            return indices.space
        if not row.word:
            return indices.beginning
        if len(row.word) >= _LONGEST_WORD:
            return indices.none
        syllables = syllables_of_word(row.word)
        if syllables is None:
            return indices.within
        if syllables > row.left:
            return indices.none
        return indices.any if syllables < row.left else indices.within


class _Indices:
    """Groups of characters by their indices."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.newline = vocabulary.newline_index
        self.none = np.array([], np.int64)
        self.space = self._group(" ")
        self.beginning = self._group(_LETTERS + _LETTERS.upper())
        self.within = self._group(_LETTERS + "'")
        self.any = self._group(_LETTERS + "' ,")
        self._sets: dict[tuple[int, bool], NDArray[np.int64]] = {}

    def character(self, index: int) -> str:
        """Return the character of an index."""
        return self._vocabulary.decode([index])

    def of(self, letters: dict[str, WordTrie], capital: bool) -> NDArray[np.int64]:
        """Return the indices of some letters, kept while the tree is."""
        key = id(letters), capital
        if key not in self._sets:
            wanted = "".join(letters)
            self._sets[key] = self._group(wanted + (wanted.upper() if capital else ""))
        return self._sets[key]

    def _group(self, characters: str) -> NDArray[np.int64]:
        found = (self._vocabulary.index(character) for character in characters)
        return np.array([index for index in found if index is not None], np.int64)
