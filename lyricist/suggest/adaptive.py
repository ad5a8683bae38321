"""The network mixed with what this song and this writer repeat, learned while it is written.

For each next character three experts are chained: the network; what followed the same contexts in
the writer's other songs (`SuffixIndex`); what followed them in this song (`NgramCounts`). Each
longer context takes its share of the probability by a weight that is learned online (see
`mixing_weights`). A guard then mixes the chain with the bare network by how well either did of
late, which bounds what a song without repetitions can lose (fixed share: Herbster & Warmuth 1998).

Everything that is learned from the text before a place can be taken back, so that an edit leaves
what reading the edited song afresh would have left.

See also: the cache of Kuhn & De Mori 1990 and Grave, Joulin & Usunier 2017; context mixing as in
Mahoney 2005.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lyricist.suggest.mixing_weights import Change, Evidence, MixingWeights, Prior, evidence
from lyricist.suggest.ngram_counts import LONGEST, Contexts, Counts, NgramCounts
from lyricist.suggest.prefix_states import common_prefix

WRITER, SONG = "writer", "song"
# Share of the trust that goes back to both alike after each character.
_SHARE = 0.03
_EVEN = 0.5
# A song begins where a line does, and after a blank one.
BEGINNING = "\n\n"
# A text that begins with so many characters read before is a later part of the same song.
_HEAD, _MOST_GONE = 64, 30_000
# A shorter one is all there is before the cursor: what stood before it has been deleted.
_SHORTEST_WINDOW = 1536
# Contexts this long say that a passage is being repeated.
_PASSAGE = 3


class Level(NamedTuple):
    """One context's say. share: of the whole probability, 0 to 1."""

    source: str
    counts: Counts
    share: float


class Mixture(NamedTuple):
    """What comes after one history, but for the network's own probabilities.

    network: share of the network, 0 to 1. levels: the rest.
    favourite: the likeliest character of the longest context, if it is long enough to count.
    """

    network: float
    levels: Sequence[Level] = ()
    favourite: str = ""

    def probability(self, character: str, network: float) -> float:
        """Return the mixed probability where the network gives `network`."""
        return math.fsum(self.parts(character, network))

    def parts(self, character: str, network: float) -> tuple[float, float, float]:
        """Return what a character's probability is made of: network, writer, song."""
        writer = song = 0.0
        for source, counts, share in self.levels:
            if character in counts:
                part = share * counts[character] / counts.total
                if source == SONG:
                    song += part
                else:
                    writer += part
        return self.network * network, writer, song


class Reading(NamedTuple):
    """Where the mixing stands after a text. trust: in the chain rather than the bare network, 0 to
    1. run: how many characters in a row the longest context got right."""

    trust: float = _EVEN
    run: int = 0


@dataclass
class _Step:
    """One character read, with what has to be put back to unread it."""

    reading: Reading
    changes: list[Change] = field(default_factory=list)


class AdaptiveModel:
    """Mixes, and learns from the text before the cursor.

    Args:
        writer: The writer's other songs.
        prior: What the weights know to begin with; what is shipped where not given.
        weights: Weights that have learned already, to go on with.
    """

    def __init__(
        self,
        writer: Contexts | None = None,
        prior: Prior | None = None,
        weights: MixingWeights | None = None,
    ) -> None:
        self._prior = prior
        self._writer = writer
        self.weights = weights or MixingWeights(prior)
        self._song = NgramCounts()
        self._after = NgramCounts()
        self._text = ""
        self._text_after = ""
        self._steps: list[_Step] = []
        self._reading = Reading()
        # Where the first character stands that was read without its probability.
        self._unlearned: int | None = None

    def __len__(self) -> int:
        return len(self._text)

    @property
    def text(self) -> str:
        """The text that was read, normalized by the caller."""
        return self._text

    @property
    def reading(self) -> Reading:
        """Where the mixing stands after it."""
        return self._reading

    @property
    def is_exact(self) -> bool:
        """Whether the weights have learned from every character."""
        return self._unlearned is None

    # --- what comes next

    def mixture(self, drawn: str = "", reading: Reading | None = None) -> Mixture:
        """Return what comes after the text.

        Args:
            drawn: Characters that follow the text in a candidate.
            reading: Where the mixing stands after them; after the text where not given.
        """
        reading = reading or self._reading
        levels, favourite = self._chain(self._history(drawn), reading.run, with_after=True)
        shares, network = [], reading.trust
        for kind, counts in reversed(levels):
            share = network * self.weights.weight(kind)
            shares.append(Level(kind[0], counts, share))
            network -= share
        return Mixture(network + 1 - reading.trust, shares, favourite)

    # --- reading

    def read(self, character: str, network: float | None) -> float | None:
        """Read one more character and learn from it.

        Args:
            character: One code point.
            network: The probability that the network gives it; None if that is not known yet, and
                then only the counts learn.

        Returns:
            The probability that it had before it was read, None where `network` is.
        """
        history = self._history()
        step = _Step(self._reading)
        probability = None
        if network is None:
            if self._unlearned is None:
                self._unlearned = len(self._text)
        else:
            probability = self._learn(step, history, character, network)
        self._song.add(history, character)
        self._text += character
        self._steps.append(step)
        return probability

    def unread(self) -> None:
        """Take the last character back, with all that was learned from it."""
        step = self._steps.pop()
        character, self._text = self._text[-1], self._text[:-1]
        self._song.remove(self._history(), character)
        for change in reversed(step.changes):
            self.weights.undo(change)
        self._reading = step.reading
        if self._unlearned is not None and self._unlearned >= len(self._text):
            self._unlearned = None

    def move_to(self, text: str, network: Callable[[int], float | None]) -> None:
        """Make the text that was read `text`, unreading and reading as little as that takes.

        Args:
            text: The text before the cursor.
            network: The probability under the network of the character at a position of the text,
                None where it is not known.
        """
        gone = self._gone(text)
        text = self._text[:gone] + text
        shared = common_prefix(self._text, text)
        if self._unlearned is not None and self._unlearned < shared:
            place = self._unlearned - gone
            if place >= 0 and network(place) is not None:
                shared = self._unlearned
        if shared < len(self._text) // 2:
            self._forget()
            shared = 0
        while len(self._text) > shared:
            self.unread()
        for position in range(shared, len(text)):
            self.read(text[position], network(position - gone))

    def _gone(self, text: str) -> int:
        """How much of what was read stands before `text`, where its beginning has moved on; it
        goes on being remembered up to a limit."""
        head = text[:_HEAD]
        if len(text) < _SHORTEST_WINDOW or self._text.startswith(head):
            return 0
        found = self._text.find(head, 0, _MOST_GONE)
        return max(found, 0)

    def set_after(self, text: str) -> None:
        """Tell what stands after the cursor: part of the song, though not what leads here."""
        if text == self._text_after:
            return
        self._after = NgramCounts()
        for position, character in enumerate(text):
            self._after.add((BEGINNING + text[:position])[-LONGEST:], character)
        self._text_after = text

    def _forget(self) -> None:
        self._song = NgramCounts()
        self.weights = MixingWeights(self._prior)
        self._text, self._steps, self._reading = "", [], Reading()
        self._unlearned = None

    def _history(self, drawn: str = "") -> str:
        """The end of what comes before the next character."""
        missing = LONGEST - len(drawn)
        before = self._text[-missing:] if missing > 0 else ""
        if len(before) + len(drawn) < LONGEST:
            before = BEGINNING + before
        return (before + drawn)[-LONGEST:]

    def _chain(
        self, history: str, run: int, with_after: bool
    ) -> tuple[list[tuple[Evidence, Counts]], str]:
        """The contexts that have a say, the weakest first, and the favourite of the longest."""
        levels: list[tuple[Evidence, Counts]] = []
        longest: tuple[int, Counts] | None = None
        song: Iterator[tuple[int, Counts]] = self._song.following(history)
        if with_after and self._text_after:
            song = _together(song, self._after.following(history))
        sources = [(SONG, song)]
        if self._writer is not None:
            sources.insert(0, (WRITER, self._writer.following(history)))
        for source, found in sources:
            for order, counts in found:
                levels.append((evidence(source, order, counts, run), counts))
                if order >= _PASSAGE and (longest is None or order >= longest[0]):
                    longest = order, counts
        favourite = max(longest[1], key=longest[1].__getitem__) if longest else ""
        return levels, favourite

    def _learn(self, step: _Step, history: str, character: str, network: float) -> float:
        levels, favourite = self._chain(history, self._reading.run, with_after=False)
        chained = network
        for kind, counts in levels:
            weight = self.weights.weight(kind)
            own = weight * counts.get(character, 0) / counts.total
            total = own + (1 - weight) * chained
            step.changes.append(self.weights.learn(kind, own / total if total > 0 else 0.0))
            chained = total
        trust = self._reading.trust
        mixed = trust * chained + (1 - trust) * network
        self._reading = followed(self._reading, mixed, network, character == favourite)
        return mixed


def followed(reading: Reading, mixed: float, network: float, right: bool) -> Reading:
    """Return where the mixing stands after one more character.

    Args:
        reading: Where it stood.
        mixed: The probability that the character had.
        network: The one that the network gave it.
        right: Whether it was the favourite of the longest context.
    """
    trust = reading.trust
    posterior = 1 - (1 - trust) * network / mixed if mixed > 0 else trust
    shared = (1 - _SHARE) * posterior + _SHARE * _EVEN
    return Reading(min(max(shared, 0.0), 1.0), reading.run + 1 if right else 0)


def _together(
    first: Iterator[tuple[int, Counts]], second: Iterator[tuple[int, Counts]]
) -> Iterator[tuple[int, Counts]]:
    """Add up the counts of two texts, order by order."""
    other = dict(second)
    for order, counts in first:
        more = other.pop(order, None)
        if more is not None:
            added = Counts()
            for part in (counts, more):
                for character, count in part.items():
                    added.count(character, count)
            yield order, added
        else:
            yield order, counts
    yield from other.items()
