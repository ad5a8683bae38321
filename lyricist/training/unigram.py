"""Counting characters: the simplest model of a corpus, which any network should beat on it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from lyricist.text.score import perplexity
from lyricist.text.spelling import Spelling, novelty, spelling_nats


def unigram_perplexity(training: Iterable[str], held_out: Sequence[str]) -> float:
    """Return the perplexity per character of `held_out` when a character is as likely as it is
    frequent in `training`, whatever stands before it; infinite without characters."""
    counts = Counter(character for text in training for character in text)
    total = counts.total()
    spelling = Spelling(novelty(counts))
    nats, characters = 0.0, 0
    for character, number in Counter(c for text in held_out for c in text).items():
        if character in counts:
            cost = -spelling.known(math.log(counts[character] / total))
        else:
            cost = spelling_nats(character) - math.log(spelling.novelty)
        nats += number * cost
        characters += number
    return perplexity(nats, characters)
