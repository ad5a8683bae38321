"""What lines drawn under a lock are made of, whatever their language.

All are drawn from the network alone: what a song repeats word for word seldom fits a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lyricist.craft.line import SungLine, sung_line
from lyricist.craft.modes import MOST_SYLLABLES, RhymeRules
from lyricist.craft.rhyme import line_rhyme
from lyricist.network.decoder import Decoder, Logits, State
from lyricist.network.sampler import draw
from lyricist.suggest.line_drawing import DrawnLine
from lyricist.suggest.protocol import Lock, SamplingSettings
from lyricist.text.lines import is_han
from lyricist.text.vocabulary import Vocabulary

# Lines drawn side by side: enough that a few end well.
ROWS = 48
# How long lines are where neither lock nor song says it, in syllables.
_USUAL = {"zh": (7, 8, 9, 10), "en": (7, 8, 9, 10)}
_RECENT = 8
_TEMPERATURE = SamplingSettings().temperature
# To choose candidates from.
_ENOUGH = 16


class Place(NamedTuple):
    """Where the line stands: the song before it and what there is of it, and the network's state
    (num_layers, parts, 1, hidden) and logits (1, vocabulary) behind that."""

    song: Sequence[str]
    line: str
    state: State
    logits: Logits


@dataclass(frozen=True)
class LockedLine:
    """A line that obeys. text: what comes behind the cursor. log_probs: in nats, of its characters
    and of the line feed."""

    text: str
    log_probs: tuple[float, ...]

    @property
    def log_prob(self) -> float:
        """Mean per character, line feed included, in nats."""
        return sum(self.log_probs) / max(len(self.log_probs), 1)

    def drawn(self) -> DrawnLine:
        """Return it as other lines are, to be chosen from."""
        parts = [(1.0, 0.0, 0.0)] * len(self.text)
        return DrawnLine(self.text, list(self.log_probs), parts, ended=True)


class Pen(NamedTuple):
    """What draws with."""

    decoder: Decoder
    vocabulary: Vocabulary
    sampling: SamplingSettings
    random: np.random.Generator
    is_stale: Callable[[], bool]

    def draw(self, log_probs: NDArray[np.float32]) -> NDArray[np.int64]:
        """Draw an index for each row; greedily drawn, all lines would be the same."""
        sampling = self.sampling
        temperature = sampling.temperature or _TEMPERATURE
        return draw(log_probs, temperature, sampling.top_k, sampling.top_p, self.random)[0]


def wanted_line(lock: Lock) -> SungLine:
    """Return the line that a lock wants a rhyme with, as the writer reads it."""
    places = [place for place, character in enumerate(lock.rhyme) if is_han(character)]
    if not lock.reading or not places:
        return sung_line(lock.rhyme)
    return sung_line(lock.rhyme, {places[-1]: lock.reading})


def obeys(line: str, lock: Lock) -> bool:
    """Whether a whole line, as a reader would read it, has the length and the rhyme."""
    sung = sung_line(line)
    if lock.syllables and not (sung.is_sure and sung.syllables == lock.syllables):
        return False
    return not lock.rhyme or rhymes(sung, wanted_line(lock), lock)


def rhymes(line: SungLine, other: SungLine, lock: Lock) -> bool:
    """Whether a line rhymes as a lock wants it."""
    found = line_rhyme(other, line, RhymeRules(lock.system, lock.loose))
    if found is None or not found.is_sure:
        return False
    if found.grade == "same":
        return lock.repeat
    # Across languages there is no better rhyme.
    crosses = line.ending[-1].language != other.ending[-1].language
    return crosses or found.grade != "near" or lock.loose or other.ending[-1].language == "en"


def lengths(place: Place, lock: Lock, language: str, count: int) -> NDArray[np.int64]:
    """Return how many syllables each of `count` lines is to have, those there are included."""
    if lock.syllables:
        return np.full(count, lock.syllables)
    own = [
        sung.syllables
        for line in place.song[-4 * _RECENT :]
        if (sung := sung_line(line)).kind == "lyric"
        and sung.is_known
        and sung.ending
        and sung.ending[-1].language == language
    ][-_RECENT:]
    so_far = sung_line(place.line).syllables
    fitting = [n for n in own or _USUAL[language] if so_far < n <= MOST_SYLLABLES]
    fitting = fitting or [so_far + more for more in (2, 3, 4, 5)]
    return np.resize(np.array(sorted(set(fitting))), count)


def best_first(lines: Sequence[LockedLine], place: Place, lock: Lock) -> list[LockedLine]:
    """Return those that really obey, each text once, the likeliest first."""
    found: dict[str, LockedLine] = {}
    known = set(place.song)
    for line in sorted(lines, key=lambda line: -line.log_prob):
        whole = place.line + line.text
        if line.text in found or whole in known or not obeys(whole, lock):
            continue
        found[line.text] = line
        if len(found) == _ENOUGH:
            break
    return list(found.values())
