"""A whole training run: corpus -> recipe -> model -> trainer -> the best model in the library."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from lyricist.errors import CorpusError, DeviceError, TrainingError, UsageError
from lyricist.library.models import model_for_text, name_to_replace, safe_name
from lyricist.library.paths import paths, private_folder
from lyricist.network.card import ModelCard
from lyricist.network.checkpoint import save_model
from lyricist.network.config import DROPOUTS, ModelConfig
from lyricist.network.device import choose_device, prepare_torch
from lyricist.network.model import CharRNN
from lyricist.network.prediction import check_prefix
from lyricist.text.cleaning import AS_IT_IS, Cleaning
from lyricist.text.corpus import Corpus, Song, read_corpus
from lyricist.text.spelling import novelty
from lyricist.text.split import split_by_song
from lyricist.text.vocabulary import Vocabulary
from lyricist.training.acceptance import check_written
from lyricist.training.evaluation import MeasuredSongs
from lyricist.training.events import Cancelled, Event, Finished, Started
from lyricist.training.finetuning import FineTuning, load_base, seconds_for
from lyricist.training.memory import keep_freed_memory
from lyricist.training.memory_need import check_memory, memory_errors_told
from lyricist.training.recipes import LONG_SECONDS, Recipe, recipe_for
from lyricist.training.reporter import Reporter
from lyricist.training.run_state import forget_run, load_run, stored_recipe
from lyricist.training.seen_texts import seen_texts
from lyricist.training.settling import Outcome, plan_beside, settle
from lyricist.training.trainer import Trainer


@dataclass(frozen=True)
class RunOptions:
    """What the writer asked for.

    overrides: fields of `Recipe` given on the command line. replay: paths of songs that the base
    knows, in place of the shipped ones. may_forget: the base's own songs need not be remembered.
    compare_scratch: whether a new network is trained beside a fine-tuned one; None where it could
    win.
    """

    corpus: Sequence[str]
    cleaning: Cleaning = AS_IT_IS
    name: str | None = None
    base: str | None = None
    replay: Sequence[str] = ()
    may_forget: bool = False
    compare_scratch: bool | None = None
    recipe: str = "scratch"
    overrides: dict[str, Any] = field(default_factory=dict)
    held_out_file: str | None = None
    prefixes: Sequence[str] = ()
    sample_every: int = 1
    device: str = "auto"
    precision: str = "auto"
    num_threads: int | None = None
    time_budget: float | None = None
    seed: int = 0
    resume: bool = False
    command: str = ""
    licence: str = ""
    notes: str = ""


@dataclass(frozen=True)
class _Material:
    """Songs as text, split, with what is reported about them."""

    training: list[Song]
    held_out: list[Song]
    report: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def training_texts(self) -> list[str]:
        """What is learnt from."""
        return [song.text for song in self.training]

    @property
    def held_out_texts(self) -> list[str]:
        """What is measured on."""
        return [song.text for song in self.held_out]


def train(
    options: RunOptions,
    on_event: Callable[[Event], None],
    should_stop: Callable[[], bool] = lambda: False,
    is_abandoned: Callable[[], bool] = lambda: False,
) -> Finished | Cancelled:
    """Run `options` to its end; the last event is returned and was passed to `on_event` too.

    Args:
        options: What the writer asks for.
        on_event: Told of everything.
        should_stop: Asked all the time; True cancels.
        is_abandoned: Nobody waits for the result of a cancelled run any more.

    Raises:
        LyricistError: Corpus, model, device, memory, option and disk errors, each with cause and
            mend.
    """
    began = time.perf_counter()
    prepare_torch(options.num_threads)
    device = choose_device(options.device)
    if device.type == "cpu":
        keep_freed_memory()
    name = name_to_replace(options.name) if options.name else _free_name(options)
    checkpoint = paths().training / name / "run.safetensors"
    base = load_base(options.base, device) if options.base else None
    corpus = read_corpus(list(options.corpus), base.vocabulary if base else None, options.cleaning)
    recipe = _recipe(options, corpus)
    material = _material(corpus, recipe, options)
    recipe = _recipe_to_run(options, corpus, bool(material.held_out), checkpoint)
    tuning = beside = None
    if base is not None:
        texts = material.training_texts, material.held_out_texts
        tuning = FineTuning(base, *texts, options.replay, options.may_forget)
        beside = plan_beside(tuning, options.compare_scratch, _seconds(options, tuning))
        material = replace(material, warnings=(*material.warnings, *tuning.warnings()))
    torch.manual_seed(options.seed)
    vocabulary, shape, recipe = _shape(tuning, material, recipe)
    for prefix in options.prefixes:
        check_prefix(prefix, vocabulary)
    check_memory(shape, recipe, device)
    new = tuning.novelty if tuning else _novelty(material)
    identity = {
        "corpus": corpus.report.sha256,
        "recipe": asdict(recipe),
        "base": options.base,
        "seed": options.seed,
    }
    with memory_errors_told(shape, recipe, device):
        model = tuning.learner(recipe.min_count)[0] if tuning else CharRNN(shape).to(device)
        model.config = shape
        trainer = Trainer(
            model,
            [vocabulary.encode(text) for text in material.training_texts],
            _measured(material, vocabulary, new, recipe),
            recipe,
            seed=options.seed,
            on_event=on_event,
            should_stop=should_stop,
            time_budget=beside.tuning_seconds if beside else options.time_budget,
            precision=choose_precision(options.precision, recipe, device),
            replay=[vocabulary.encode(text) for text in tuning.known.training] if tuning else (),
        )
        if options.resume:
            remark = load_run(checkpoint, trainer, identity)
            if remark:
                material = replace(material, warnings=(*material.warnings, remark))
        on_event(
            Started(
                name=name,
                recipe=recipe.name,
                device=device.type,
                parameters=shape.parameters,
                vocabulary_size=len(vocabulary),
                total_epochs=recipe.epochs,
                tokens_per_epoch=trainer.tokens_per_epoch,
                corpus=material.report,
                base=options.base,
                warnings=material.warnings,
            )
        )
        reporter = Reporter(
            trainer,
            vocabulary,
            options.prefixes,
            options.sample_every,
            checkpoint,
            identity,
            on_event,
            should_stop,
        )
        failure = None
        try:
            reason = trainer.run(reporter.evaluated, reporter.batch_done, reporter.ended)
        except TrainingError as error:
            if not trainer.best.weights:
                forget_run(checkpoint)
                raise
            failure, reason = error, "cancelled"
            model.load_state_dict(trainer.best.weights)
        cancelled = reason == "cancelled"
        if cancelled and is_abandoned() and tuning is not None:
            # To find the best of several models would take longer than anybody grants us.
            event: Finished | Cancelled = Cancelled(None, None, {}, _seconds_since(began))
            on_event(event)
            return event
        if tuning is not None and beside is not None:
            start = trainer.start
            outcome = settle(
                tuning, trainer, vocabulary, start, cancelled, beside, on_event, should_stop
            )
        else:
            numbers = {**trainer.best.as_dict(), "novelty": new}
            outcome = Outcome(model, vocabulary, recipe, numbers, cancelled=cancelled)
        folder = private_folder(paths().models) / name
        save_model(
            folder,
            outcome.network,
            outcome.vocabulary,
            _card(options, outcome, trainer, material, name),
            check=lambda written: check_written(
                written,
                outcome.network,
                outcome.vocabulary,
                outcome.numbers["novelty"],
                material.held_out_texts or material.training_texts,
                in_a_hurry=outcome.cancelled,
            ),
            index=seen_texts(material.training_texts, tuning, outcome.numbers.get("kept", "tuned")),
        )
    if failure is not None:
        forget_run(checkpoint)
        raise _keeping(failure, name)
    best = {key: value for key, value in outcome.numbers.items() if key != "novelty"}
    if outcome.cancelled:
        event = Cancelled(name, str(folder), best, _seconds_since(began))
    else:
        forget_run(checkpoint)
        event = Finished(name, str(folder), best, _seconds_since(began), reason, outcome.remark)
    on_event(event)
    return event


def _keeping(failure: TrainingError, name: str) -> TrainingError:
    """The error that ended a run, with what is left of it."""
    error = TrainingError(failure.cause, f"{failure.mend}; the best before is kept as model {name}")
    error.kept_model = name
    return error


def _seconds_since(began: float) -> float:
    return round(time.perf_counter() - began, 2)


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


def _material(corpus: Corpus, recipe: Recipe, options: RunOptions) -> _Material:
    songs = list(corpus.songs)
    warnings = list(corpus.report.warnings)
    if recipe.max_characters:
        text = "\n".join(song.text for song in songs)[: recipe.max_characters]
        if recipe.newline_as_space:
            text = text.replace("\n", " ")
        songs = [Song(text=text, source=songs[0].source)]
    if options.held_out_file is not None:
        training = songs
        held_out = list(read_corpus([options.held_out_file], None, options.cleaning).songs)
    else:
        training, held_out = split_by_song(songs, recipe.held_out)
        if recipe.held_out and not held_out:
            warnings.append(
                "only one song: nothing could be held out, so nothing stops overfitting"
            )
    repeated = corpus.report.duplicate_songs
    if repeated >= corpus.report.songs:
        warnings.append(f"{repeated:,} songs repeat others and count only once")
    if len({character for song in training for character in song.text}) < 2:
        raise CorpusError("the corpus has only one distinct character", "add real text")
    report = {
        **corpus.report.as_dict(),
        "training_songs": len(training),
        "held_out_songs": len(held_out),
    }
    return _Material(training, held_out, report, tuple(warnings))


def _shape(
    tuning: FineTuning | None, material: _Material, recipe: Recipe
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


def _novelty(material: _Material) -> float:
    return novelty(Counter(character for text in material.training_texts for character in text))


def _measured(
    material: _Material, vocabulary: Vocabulary, new: float, recipe: Recipe
) -> MeasuredSongs | None:
    texts = material.held_out_texts
    return MeasuredSongs.of(texts, vocabulary, new, recipe.song_boundaries) if texts else None


def _seconds(options: RunOptions, tuning: FineTuning) -> float | None:
    """A fine-tuning has a limit even where the writer sets none."""
    if options.time_budget or "epochs" in options.overrides:
        return options.time_budget
    return seconds_for(tuning.characters)


def choose_precision(name: str, recipe: Recipe, device: torch.device) -> str:
    """`auto` takes bf16 where the hardware multiplies in it, except for the tutorial recipe.

    Raises:
        UsageError: If there is no such precision.
        DeviceError: If the CPU cannot train in bf16.
    """
    if name not in ("auto", "fp32", "bf16"):
        raise UsageError(f"precision {name!r} is unknown", "use auto, fp32 or bf16")
    if name == "bf16" and device.type == "cpu" and not _trains_in_bf16():
        raise DeviceError("this CPU does not train in bf16", "leave --precision at auto")
    if name != "auto":
        return name
    if recipe.name == "tutorial":
        return "fp32"
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    if device.type == "cpu":
        capabilities = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
        if any(getattr(torch.cpu, check, bool)() for check in capabilities):
            return "bf16"
    return "fp32"


def _trains_in_bf16() -> bool:
    """Whether an LSTM takes a step in bf16: where products can, its cell may still be unable."""
    try:
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            torch.nn.LSTM(1, 1)(torch.zeros(1, 1, 1))
    except RuntimeError:
        return False
    return True


def _card(
    options: RunOptions, outcome: Outcome, trainer: Trainer, material: _Material, name: str
) -> ModelCard:
    corpora = [{"name": os.path.basename(path.rstrip("/"))} for path in options.corpus]
    report = material.report
    kept = ("songs", "characters", "distinct_characters", "sha256", "training_songs")
    corpora.append({key: report[key] for key in (*kept, "held_out_songs")})
    numbers = {key: value for key, value in outcome.numbers.items() if value is not None}
    return ModelCard(
        name=name,
        architecture={},
        characters="",
        language=model_for_text("".join(song.text for song in material.training[:200])),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=options.command,
        licence=options.licence,
        notes=options.notes,
        base=options.base,
        recipe=asdict(outcome.recipe),
        corpora=corpora,
        training={
            **numbers,
            "tokens": trainer.position.tokens,
            "seconds": round(trainer.position.seconds, 1),
        },
    )


def _free_name(options: RunOptions) -> str:
    """A name from the corpus that replaces no model; a resumed run keeps the one it had."""
    first = options.corpus[0]
    name = safe_name("stdin" if first == "-" else Path(first.rstrip("/")).stem or "corpus")
    taken = private_folder(paths().models)
    number, free = 1, name
    while (taken / free).exists() and not (paths().training / free).exists():
        number += 1
        free = f"{name}-{number}"
    return free
