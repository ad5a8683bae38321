"""Going on from a base model with the writer's songs, so that the result is never worse.

Before the run: what the base is worth on these songs, which songs it knows. After it: the best of
the base as it is, the models between it and the tuned one, and perhaps a new network.
"""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lyricist.library.models import find_model, model_for_text
from lyricist.network.card import ModelCard
from lyricist.network.checkpoint import load_model
from lyricist.network.model import CharRNN
from lyricist.text.spelling import novelty
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.candidates import (
    FORGETTING_LIMIT,
    Candidate,
    Yardstick,
    best_of,
    first_songs,
)
from lyricist.training.interpolation import ALPHAS, interpolated
from lyricist.training.known_songs import known_songs
from lyricist.training.unigram import unigram_perplexity
from lyricist.training.vocabulary_growth import grow_vocabulary

# A writer who cancels waits for a few evaluations only.
_HURRIED_ALPHAS = (0.5, 1.0)
# Half a dozen models are measured; more songs would tell little more.
_MAX_MEASURED_CHARACTERS = 60_000
_MANY_NEW = 0.05
_FOREIGN = 0.3


@dataclass(frozen=True)
class Base:
    """A model to start from, as it is in the library."""

    name: str
    network: CharRNN
    vocabulary: Vocabulary
    card: ModelCard


def load_base(name: str, device: torch.device) -> Base:
    """Load the model of this name.

    Raises:
        ModelError: If there is none, or it is damaged.
    """
    return Base(name, *load_model(find_model(name), device))


class FineTuning:
    """One fine-tuning, before and after the training loop.

    Args:
        base: What it starts from.
        training: Texts of the writer's songs.
        held_out: Texts to measure on, may be empty.
        replay: Paths of songs that the base knows; without them the shipped ones of its language.
        may_forget: Whether the result may forget what the base knows.

    Attributes:
        characters: Of all songs, the held-out ones included.
        known: Songs that the base knows.
        as_is: The base, measured.
        unigram: Perplexity on the held-out songs by counting characters, None without any.
        novelty: Of the tuned model.
    """

    def __init__(
        self,
        base: Base,
        training: Sequence[str],
        held_out: Sequence[str],
        replay: Sequence[str] = (),
        may_forget: bool = False,
    ) -> None:
        self.base = base
        self.training = training
        self.held_out = held_out
        self.characters = sum(map(len, [*training, *held_out]))
        self._limit = math.inf if may_forget else FORGETTING_LIMIT
        self.known = known_songs(
            base.vocabulary, base.card.language, [*training, *held_out], replay
        )
        measured = first_songs(held_out, _MAX_MEASURED_CHARACTERS)
        self._yardstick = Yardstick(measured, self.known.held_out)
        self.as_is = self.measured("base", base.network, base.vocabulary, base.card.novelty)
        self.unigram = unigram_perplexity(training, measured) if measured else None
        counts = Counter(character for text in training for character in text)
        self.novelty = novelty(counts, base.vocabulary.characters)
        unknown = sum(n for character, n in counts.items() if character not in base.vocabulary)
        self.new_share = unknown / max(counts.total(), 1)

    def vocabulary(self, min_count: int = 1) -> Vocabulary:
        """Return the base's characters and the new ones."""
        return self.base.vocabulary.extended(self.training, min_count)

    def learner(self, min_count: int = 1) -> tuple[CharRNN, Vocabulary]:
        """Return a copy of the base with rows for new characters, to be trained."""
        vocabulary = self.vocabulary(min_count)
        return grow_vocabulary(copy.deepcopy(self.base.network), vocabulary), vocabulary

    @property
    def is_foreign(self) -> bool:
        """Whether counting characters tells more of these songs than the base does."""
        if self.unigram is None or self.as_is.held_out_perplexity is None:
            return self.new_share > _FOREIGN
        return self.as_is.held_out_perplexity > self.unigram

    def warnings(self) -> list[str]:
        """Return one-line remarks for the writer on how songs and base go together."""
        name = self.base.name
        remarks = []
        if self.is_foreign:
            fitting = model_for_text("".join(self.training))
            is_it = fitting in (name, self.base.card.name, self.base.card.language)
            mend = "train from scratch" if is_it else f"start from {fitting}"
            remarks.append(
                f"{name} reads these songs no better than one that counts characters: {mend}?"
            )
        if self.new_share > _MANY_NEW:
            remarks.append(f"{self.new_share:.0%} of the characters are new to {name}")
        if self.as_is.held_out_perplexity is None:
            remarks.append(
                f"without held-out songs nothing can tell whether the model gets better than {name}"
            )
        return remarks

    def measured(
        self,
        kind: str,
        network: CharRNN,
        vocabulary: Vocabulary,
        novelty: float,
        alpha: float | None = None,
    ) -> Candidate:
        """Measure a model on the held-out and the known songs."""
        boundary = self.base.card.has_boundaries
        return self._yardstick.measured(kind, network, vocabulary, novelty, boundary, alpha)

    def choose(
        self,
        vocabulary: Vocabulary,
        start: Mapping[str, Tensor],
        tuned: Mapping[str, Tensor],
        learner: CharRNN,
        new_network: Candidate | None = None,
        in_a_hurry: bool = False,
    ) -> Candidate:
        """Return the model to keep.

        Args:
            vocabulary: Of the tuned model.
            start: The learner's weights before training.
            tuned: The best after it.
            learner: The network that was trained.
            new_network: One trained from scratch, to compare with.
            in_a_hurry: The writer waits: try fewer models.
        """
        alphas = list(_HURRIED_ALPHAS if in_a_hurry else ALPHAS)
        if len(vocabulary) == len(self.base.vocabulary) and 0.0 in alphas:
            alphas.remove(0.0)
        candidates = [
            self.measured(
                "tuned" if alpha else "base",
                interpolated(learner, start, tuned, alpha),
                vocabulary,
                self.novelty,
                alpha,
            )
            for alpha in alphas
        ]
        if new_network is not None:
            candidates.append(new_network)
        return best_of(self.as_is, candidates, self._limit)

    def remark(self, kept: Candidate) -> str:
        """Return one line for the writer on what is kept and why."""
        base, name = self.as_is, self.base.name
        if kept.held_out_perplexity is None or base.held_out_perplexity is None:
            if kept.kind == "base":
                return f"{name} is kept as it is: whatever was learnt made it forget too much"
            return f"nobody can tell whether this is better than {name}: no songs were held out"
        ours, theirs = kept.held_out_perplexity, base.held_out_perplexity
        if kept.kind == "base":
            return (
                f"{name} is kept: it reads your held-out songs at {ours:,.2f}, and nothing learnt "
                "from the others did better; more songs would help"
            )
        if kept.kind == "scratch":
            return (
                f"a new network is kept, which knows your songs only: it reads the held-out ones "
                f"at {ours:,.2f}, {name} at {theirs:,.2f}"
            )
        forgotten = kept.forgets(base)
        known = f"; songs {name} knows: {forgotten:+.1%}" if kept.known_perplexity else ""
        return (
            f"the tuned model is kept: held-out songs at {ours:,.2f}, {name} {theirs:,.2f}{known}"
        )
