"""A whole training run: corpus -> recipe -> model -> trainer -> the best model in the library."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import torch

from lyricist.errors import TrainingError
from lyricist.library.models import model_for_text, name_to_replace, safe_name
from lyricist.library.paths import paths, private_folder
from lyricist.network.card import ModelCard
from lyricist.network.checkpoint import save_model
from lyricist.network.device import choose_device, prepare_torch
from lyricist.network.model import CharRNN
from lyricist.training.acceptance import check_written
from lyricist.training.evaluation import MeasuredSongs
from lyricist.training.events import Cancelled, Event, Finished, Started
from lyricist.training.memory import keep_freed_memory
from lyricist.training.memory_need import memory_errors_told
from lyricist.training.precision import choose_precision
from lyricist.training.reporter import Reporter
from lyricist.training.run_options import RunOptions
from lyricist.training.run_plan import RunPlan, plan_run
from lyricist.training.run_state import forget_run, load_run
from lyricist.training.seen_texts import seen_texts
from lyricist.training.settling import Outcome, settle
from lyricist.training.trainer import Trainer


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
    plan = plan_run(options, device, checkpoint)
    with memory_errors_told(plan.shape, plan.recipe, device):
        trainer = _trainer(plan, on_event, should_stop)
        remark = load_run(checkpoint, trainer, plan.identity) if options.resume else ""
        on_event(_started(plan, trainer, name, remark))
        reason, failure = _learn(plan, trainer, checkpoint, on_event, should_stop)
        cancelled = reason == "cancelled"
        if cancelled and is_abandoned() and plan.tuning is not None:
            # To find the best of several models would take longer than anybody grants us.
            abandoned = Cancelled(None, None, {}, _seconds_since(began))
            on_event(abandoned)
            return abandoned
        outcome = _outcome(plan, trainer, cancelled, on_event, should_stop)
        folder = _save(plan, outcome, trainer, name)
    if failure is not None:
        forget_run(checkpoint)
        raise _keeping(failure, name)
    best = {key: value for key, value in outcome.numbers.items() if key != "novelty"}
    event: Finished | Cancelled
    if outcome.cancelled:
        event = Cancelled(name, str(folder), best, _seconds_since(began))
    else:
        forget_run(checkpoint)
        event = Finished(name, str(folder), best, _seconds_since(began), reason, outcome.remark)
    on_event(event)
    return event


def _trainer(
    plan: RunPlan, on_event: Callable[[Event], None], should_stop: Callable[[], bool]
) -> Trainer:
    """The network with its first weights, and all that trains it."""
    options, recipe, tuning = plan.options, plan.recipe, plan.tuning
    vocabulary, texts = plan.vocabulary, plan.material.held_out_texts
    torch.manual_seed(options.seed)
    if tuning is None:
        model = CharRNN(plan.shape).to(plan.device)
    else:
        model = tuning.learner(recipe.min_count)[0]
    model.config = plan.shape
    boundaries = recipe.song_boundaries
    return Trainer(
        model,
        [vocabulary.encode(text) for text in plan.material.training_texts],
        MeasuredSongs.of(texts, vocabulary, plan.novelty, boundaries) if texts else None,
        recipe,
        seed=options.seed,
        on_event=on_event,
        should_stop=should_stop,
        time_budget=plan.time_budget,
        precision=choose_precision(options.precision, recipe, plan.device),
        replay=[vocabulary.encode(text) for text in tuning.known.training] if tuning else (),
    )


def _started(plan: RunPlan, trainer: Trainer, name: str, remark: str) -> Started:
    """What is told before the first batch; `remark` is on the run that this one goes on with."""
    warnings = plan.material.warnings
    return Started(
        name=name,
        recipe=plan.recipe.name,
        device=plan.device.type,
        parameters=plan.shape.parameters,
        vocabulary_size=len(plan.vocabulary),
        total_epochs=plan.recipe.epochs,
        tokens_per_epoch=trainer.tokens_per_epoch,
        corpus=plan.material.report,
        base=plan.options.base,
        warnings=(*warnings, remark) if remark else warnings,
    )


def _learn(
    plan: RunPlan,
    trainer: Trainer,
    checkpoint: Path,
    on_event: Callable[[Event], None],
    should_stop: Callable[[], bool],
) -> tuple[str, TrainingError | None]:
    """Train; return why that ended, and the error that ended it with something worth keeping.

    Raises:
        TrainingError: If there is nothing to keep.
    """
    options = plan.options
    reporter = Reporter(
        trainer,
        plan.vocabulary,
        options.prefixes,
        options.sample_every,
        checkpoint,
        plan.identity,
        on_event,
        should_stop,
    )
    try:
        return trainer.run(reporter.evaluated, reporter.batch_done, reporter.ended), None
    except TrainingError as error:
        if not trainer.best.weights:
            forget_run(checkpoint)
            raise
        trainer.model.load_state_dict(trainer.best.weights)
        return "cancelled", error


def _outcome(
    plan: RunPlan,
    trainer: Trainer,
    cancelled: bool,
    on_event: Callable[[Event], None],
    should_stop: Callable[[], bool],
) -> Outcome:
    """What of all that was trained is kept."""
    if plan.tuning is not None and plan.beside is not None:
        vocabulary, start, beside = plan.vocabulary, trainer.start, plan.beside
        return settle(
            plan.tuning, trainer, vocabulary, start, cancelled, beside, on_event, should_stop
        )
    numbers = {**trainer.best.as_dict(), "novelty": plan.novelty}
    return Outcome(trainer.model, plan.vocabulary, plan.recipe, numbers, cancelled=cancelled)


def _save(plan: RunPlan, outcome: Outcome, trainer: Trainer, name: str) -> Path:
    """Put the outcome into the library, if it reads songs there as it does here.

    Raises:
        ModelError: If it does not, or cannot be written.
    """
    folder = private_folder(paths().models) / name
    training, held_out = plan.material.training_texts, plan.material.held_out_texts
    save_model(
        folder,
        outcome.network,
        outcome.vocabulary,
        _card(plan, outcome, trainer, name),
        check=lambda written: check_written(
            written,
            outcome.network,
            outcome.vocabulary,
            outcome.numbers["novelty"],
            held_out or training,
            in_a_hurry=outcome.cancelled,
        ),
        index=seen_texts(training, plan.tuning, outcome.numbers.get("kept", "tuned")),
    )
    return folder


def _keeping(failure: TrainingError, name: str) -> TrainingError:
    """The error that ended a run, with what is left of it."""
    error = TrainingError(failure.cause, f"{failure.mend}; the best before is kept as model {name}")
    error.kept_model = name
    return error


def _seconds_since(began: float) -> float:
    return round(time.perf_counter() - began, 2)


def _card(plan: RunPlan, outcome: Outcome, trainer: Trainer, name: str) -> ModelCard:
    options, material = plan.options, plan.material
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
