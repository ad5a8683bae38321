"""What a run trains, on what and how, before a weight of it is allocated."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from lyricist.errors import UsageError
from lyricist.network.config import DROPOUTS, ModelConfig
from lyricist.network.prediction import check_prefix
from lyricist.text.corpus import Corpus, read_corpus
from lyricist.text.spelling import novelty
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.finetuning import FineTuning, load_base
from lyricist.training.material import Material, material_of
from lyricist.training.memory_need import check_memory
from lyricist.training.recipes import LONG_SECONDS, Recipe, recipe_for
from lyricist.training.run_options import RunOptions
from lyricist.training.run_state import stored_recipe
from lyricist.training.settling import Beside, plan_beside
from lyricist.training.time_limit import seconds_for


@dataclass(frozen=True)
class RunPlan:
    """A run that can begin.

    recipe, vocabulary, shape: of the network that is trained. novelty: of its model, see
    `text.spelling`. tuning, beside: None without a base.
    """

    options: RunOptions
    device: torch.device
    material: Material
    recipe: Recipe
    vocabulary: Vocabulary
    shape: ModelConfig
    novelty: float
    tuning: FineTuning | None
    beside: Beside | None

    @property
    def identity(self) -> dict[str, Any]:
        """What another run has to agree with to go on from this one's checkpoint."""
        return {
            "corpus": self.material.report["sha256"],
            "recipe": asdict(self.recipe),
            "base": self.options.base,
            "seed": self.options.seed,
        }

    @property
    def time_budget(self) -> float | None:
        """Seconds for the training loop, None for no limit."""
        return self.beside.tuning_seconds if self.beside else self.options.time_budget


def plan_run(options: RunOptions, device: torch.device, checkpoint: Path) -> RunPlan:
    """Read the songs and the base, and decide what is trained.

    Args:
        options: What the writer asks for.
        device: Where it is trained.
        checkpoint: File of the run's state, for a run that is resumed.

    Raises:
        LyricistError: Corpus, model, device, memory and option errors.
    """
    base = load_base(options.base, device) if options.base else None
    corpus = read_corpus(list(options.corpus), base.vocabulary if base else None, options.cleaning)
    material = material_of(corpus, _recipe(options, corpus), options)
    recipe = _recipe_to_run(options, corpus, bool(material.held_out), checkpoint)
    tuning = beside = None
    if base is not None:
        texts = material.training_texts, material.held_out_texts
        tuning = FineTuning(base, *texts, options.replay, options.may_forget)
        beside = plan_beside(tuning, options.compare_scratch, _seconds(options, tuning))
        material = replace(material, warnings=(*material.warnings, *tuning.warnings()))
    vocabulary, shape, recipe = _shape(tuning, material, recipe)
    for prefix in options.prefixes:
        check_prefix(prefix, vocabulary)
    check_memory(shape, recipe, device)
    new = tuning.novelty if tuning else _novelty(material)
    return RunPlan(
        options, device, material, recipe, vocabulary, shape, new, tuning=tuning, beside=beside
    )


def _recipe(options: RunOptions, corpus: Corpus, has_held_out: bool = True) -> Recipe:
    report = corpus.report
    chosen = recipe_for(
        options.recipe,
        report.characters,
        report.distinct_characters,
        has_held_out,
        options.time_budget,
    )
    return replace(chosen, **options.overrides)


def _recipe_to_run(
    options: RunOptions, corpus: Corpus, has_held_out: bool, checkpoint: Path
) -> Recipe:
    """The recipe of these options; on resuming the one that the run began with, even if another
    time limit would lead to another recipe now."""
    chosen = _recipe(options, corpus, has_held_out)
    begun = stored_recipe(checkpoint) if options.resume else None
    for budget in (None, 2 * LONG_SECONDS):
        other = _recipe(replace(options, time_budget=budget), corpus, has_held_out)
        if begun == asdict(other):
            return other
    return chosen


def _shape(
    tuning: FineTuning | None, material: Material, recipe: Recipe
) -> tuple[Vocabulary, ModelConfig, Recipe]:
    """What is trained, before a weight is allocated."""
    if tuning is None:
        if recipe.name == "finetune":
            raise UsageError("the recipe finetune needs a base model", "give --base MODEL")
        vocabulary = Vocabulary.from_texts(material.training_texts, recipe.min_count)
        return vocabulary, recipe.model_config(len(vocabulary)), recipe
    vocabulary = tuning.vocabulary(recipe.min_count)
    # The base decides the shape; the recipe keeps its own rates of dropout.
    rates = {name: getattr(recipe, name) for name in DROPOUTS}
    shape = replace(tuning.base.network.config, vocabulary_size=len(vocabulary), **rates)
    fields = {key: value for key, value in asdict(shape).items() if key in asdict(recipe)}
    boundaries = tuning.base.card.has_boundaries
    return vocabulary, shape, replace(recipe, **fields, song_boundaries=boundaries)


def _novelty(material: Material) -> float:
    return novelty(Counter(character for text in material.training_texts for character in text))


def _seconds(options: RunOptions, tuning: FineTuning) -> float | None:
    """A fine-tuning has a limit even where the writer sets none."""
    if options.time_budget or "epochs" in options.overrides:
        return options.time_budget
    return seconds_for(tuning.characters)
