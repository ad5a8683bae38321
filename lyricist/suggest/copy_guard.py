"""Which candidates run word for word as in what the model was trained on.

What stands before the cursor counts as a part of the run, so that a known line which the writer has
begun is found out by its end. What the song being written says elsewhere is no copy.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from lyricist.errors import ModelError
from lyricist.network.card import ModelCard
from lyricist.network.passage_hashes import hash_of, hashes_of
from lyricist.network.training_index import TrainingIndex, load_index
from lyricist.network.verbatim import Limits, is_telling, verbatim_runs
from lyricist.suggest.protocol import CopyRules
from lyricist.text.passages import Length, length_of, pieces, sign

# Characters before the cursor: those that mostly decide whether a run counts, and more, to tell how
# long it is.
_NEAR, _FAR_BACK = 64, 400


class CopyGuard:
    """Compares candidates with the index of one model.

    Args:
        index: What the model was trained on.
    """

    def __init__(self, index: TrainingIndex) -> None:
        self._index = index
        self._song: tuple[str, str] | None = None
        self._of_song: Collection[int] = ()

    def copied(
        self, prefix: str, suffix: str, texts: Sequence[str], rules: CopyRules
    ) -> dict[str, Length]:
        """Return those of `texts` that run as in the training text, and how long the run is.

        Args:
            prefix: The song before the cursor.
            suffix: The song behind it.
            texts: Continuations of `prefix`.
            rules: From which length on a run counts.
        """
        limits = Limits(rules.characters, rules.words)
        near = _Before(prefix, _NEAR, limits)
        if not near.is_enough:
            near = _Before(prefix, _FAR_BACK, limits)
        suspects = [text for text in texts if self._longest(near, text, limits)]
        if not suspects:
            return {}
        far, song = _Before(prefix, _FAR_BACK), self._song_passages(prefix, suffix)
        lengths = {text: self._longest(far, text, limits, song) for text in suspects}
        return {text: length for text, length in lengths.items() if length is not None}

    def _longest(
        self, before: _Before, text: str, limits: Limits, song: Collection[int] = ()
    ) -> Length | None:
        """The longest run that `text` has a part in, None if none counts; what `text` has from the
        song's own passages is none."""
        # A word may go on behind the cursor.
        fresh = pieces(before.open + text)
        row = before.pieces + fresh
        signs = before.signs + [sign(piece) for piece in fresh]
        own = len(before.pieces) + (fresh[:1] == [before.last])

        def is_seen(start: int, end: int) -> bool:
            passage = signs[start:end]
            if not (self._index.has_one(passage) and is_telling(passage)):
                return False
            return end <= own or not song or hash_of(passage) not in song

        longest: Length | None = None
        for start, end in verbatim_runs(signs, limits, is_seen):
            length = length_of(row[start:end])
            if end > own and length.reaches(limits.characters, limits.words):
                longest = max(longest or length, length, key=sum)
        return longest

    def _song_passages(self, prefix: str, suffix: str) -> Collection[int]:
        """The passages of the song's other lines; made when a copy is first found in a line."""
        song = prefix[: prefix.rfind("\n") + 1], suffix
        if song != self._song:
            self._song = song
            self._of_song = frozenset(hashes_of(song).tolist())
        return self._of_song


def guard_of(folder: Path, card: ModelCard) -> tuple[CopyGuard | None, str]:
    """Return the guard of a model folder, and in a few words why there is none or it is not whole.

    A model whose index is damaged can still be used: the writer is told.
    """
    try:
        index = load_index(folder, card.originality)
    except ModelError as error:
        return None, f"copies cannot be told: {error.cause}"
    if index is None:
        return None, "copies cannot be told: the model has no index of what it was trained on"
    whole = "" if index.complete else "copies of what its base was trained on cannot be told"
    return CopyGuard(index), whole


class _Before:
    """The last pieces of what stands before the cursor.

    Args:
        prefix: All of it.
        reach: How many of its characters to look at.
        limits: Keep only as many pieces as decide whether a run counts.

    Attributes:
        pieces, signs: All but the last one.
        last: The last one, empty without any; it may go on behind the cursor.
        open: The text from there to the cursor.
        is_enough: Nothing further back would be kept.
    """

    def __init__(self, prefix: str, reach: int, limits: Limits | None = None) -> None:
        text = prefix[-reach:]
        found = pieces(text)
        if len(prefix) > reach:
            # It may be the end of a longer word.
            found = found[1:]
        kept = found if limits is None else _deciding(found, limits)
        self.is_enough = len(kept) < len(found) or len(prefix) <= reach
        self.last = kept[-1] if kept else ""
        self.open = text[text.rfind(self.last) :] if kept else ""
        self.pieces = kept[:-1]
        self.signs = [sign(piece) for piece in self.pieces]


def _deciding(found: list[str], limits: Limits) -> list[str]:
    """As many of the last pieces as a run needs that just counts."""
    words = found[-limits.words :]
    return words if all(sign(piece) & 1 for piece in words) else found[-limits.characters :]
