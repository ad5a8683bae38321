"""`lyricist train`: train a model on songs."""

from __future__ import annotations

import os
import re
import shlex
import sys
import time
from typing import Any, NoReturn

import click

from lyricist.cli.root import say
from lyricist.cli.train_process import CancelledEarly, Report, StopFlag
from lyricist.errors import LyricistError, UsageError
from lyricist.network.config import DEVICES
from lyricist.text.cleaning import Cleaning
from lyricist.text.display import visible
from lyricist.text.report_lines import on_cleaning
from lyricist.text.script import SCRIPTS
from lyricist.training.events import (
    PARENT_VARIABLE,
    Cancelled,
    Checkpoint,
    Epoch,
    Event,
    Failed,
    Finished,
    Remark,
    Sample,
    Started,
    Stopping,
    to_line,
)

_UNITS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}


@click.command(short_help="Train a model on your songs.")
@click.argument("corpus", nargs=-1, required=True)
@click.option("--name", help="Name in the library; an existing model of that name is replaced.")
@click.option("--base", metavar="MODEL", help="Fine-tune this model instead of a new one.")
@click.option("--replay", multiple=True, metavar="CORPUS", help="Songs that --base knows.")
@click.option("--replay-share", "replay_share", type=click.FloatRange(0, 1, max_open=True))
@click.option("--forget", is_flag=True, help="The songs that --base knows need not be remembered.")
@click.option(
    "--compare-scratch/--no-compare-scratch",
    default=None,
    help="Train a new network beside --base. Default: where it could be better.",
)
@click.option("--from-scratch", is_flag=True, help="Start with fresh weights (the default).")
@click.option(
    "--recipe",
    type=click.Choice(["tutorial", "scratch", "finetune"]),
    help="Named settings. Default: finetune with --base, else scratch.",
)
@click.option("--cell", type=click.Choice(["rnn", "gru", "lstm"]))
@click.option("--activation", type=click.Choice(["tanh", "relu"]), help="Of --cell rnn.")
@click.option("--sampling", type=click.Choice(["random", "consecutive"]))
@click.option("--clean", is_flag=True, help="Leave out credits, links, times and chords.")
@click.option("--script", type=click.Choice(SCRIPTS), default="keep", help="Convert Chinese.")
@click.option("--epochs", type=click.IntRange(1), help="At most so many passes over the corpus.")
@click.option("--time-budget", metavar="TIME", help="Stop after e.g. 90s, 5m or 1h.")
@click.option("--embedding-size", type=click.IntRange(0), help="0 is one-hot input.")
@click.option("--hidden-size", type=click.IntRange(1))
@click.option("--num-layers", type=click.IntRange(1))
@click.option("--num-steps", type=click.IntRange(1), help="Characters of backpropagation in time.")
@click.option("--batch-size", type=click.IntRange(1))
@click.option("--dropout", type=click.FloatRange(0, 1, max_open=True), help="On the output side.")
@click.option("--dropout-in", type=click.FloatRange(0, 1, max_open=True), help="On the input side.")
@click.option(
    "--dropout-hidden", type=click.FloatRange(0, 1, max_open=True), help="Between layers."
)
@click.option("--weight-drop", type=click.FloatRange(0, 1, max_open=True), help="Of W_hh.")
@click.option("--optimizer", type=click.Choice(["sgd", "adamw"]))
@click.option("--lr", type=float, help="Learning rate.")
@click.option("--weight-decay", type=click.FloatRange(0))
@click.option("--anchor", type=click.FloatRange(0), help="Decay towards the weights of --base.")
@click.option("--ema", type=click.FloatRange(0, 1, max_open=True), help="Average the weights.")
@click.option("--schedule", type=click.Choice(["constant", "plateau", "one-cycle"]))
@click.option("--clip", type=float, help="Gradient clipping norm θ; 0 is off.")
@click.option("--patience", type=click.IntRange(0), help="Evaluations without gain; 0 is endless.")
@click.option("--min-count", type=click.IntRange(1), help="Rarer characters become unknown.")
@click.option("--held-out", metavar="FILE|FRACTION", help="Songs to evaluate on. Default: 0.05.")
@click.option("--prefix", "prefixes", multiple=True, metavar="TEXT", help="Sample from this text.")
@click.option("--sample-every", type=click.IntRange(1), default=1, help="Epochs between samples.")
@click.option("--device", type=click.Choice(DEVICES), default="auto")
@click.option("--precision", type=click.Choice(["auto", "fp32", "bf16"]), default="auto")
@click.option("--threads", type=click.IntRange(1), help="CPU threads. Default: all.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--resume", is_flag=True, help="Go on with an unfinished run of the same options.")
@click.option("--licence", default="", help="Of the model, for its card.")
@click.option("--notes", default="", help="Remarks for the card: sources, how the base was made.")
@click.option("--json", "as_json", is_flag=True, help="One event a line on standard output.")
def train(**options: Any) -> None:
    """Train a model on CORPUS: files, folders or .zip archives of songs.

    \b
    lyricist train my-songs/                              a new network, stops by itself
    lyricist train my-songs/ --base zh --prefix 夜里      fine-tune the shipped Chinese model
    lyricist train poem.txt --recipe tutorial             the classic tutorial's settings
    """
    as_json = options["as_json"]
    began = time.monotonic()
    stop = StopFlag()
    report = Report(_print_json if as_json else _Narrator().tell, stop)
    try:
        stop.listen()
        if as_json and PARENT_VARIABLE in os.environ:
            report.show_life()
        _run(options, report, stop)
    except CancelledEarly:
        report(Cancelled(None, None, {}, round(time.monotonic() - began, 2)))
        _leave()


def _run(options: dict[str, Any], report: Report, stop: StopFlag) -> None:
    try:
        from lyricist.training.run import train as run
        from lyricist.training.worker import is_work_left_alone

        run(_run_options(options), report, stop.is_set, lambda: stop.is_abandoned)
    except LyricistError as error:
        if options["as_json"]:
            report(Failed(str(error), getattr(error, "kept_model", None)))
        raise
    if is_work_left_alone() or PARENT_VARIABLE in os.environ:
        _leave()


def _leave() -> NoReturn:
    """End at once: nothing is left to keep, and nobody waits for what is still being computed."""
    sys.stdout.flush()
    os._exit(0)


def _run_options(options: dict[str, Any]) -> Any:
    from lyricist.training.run_options import RunOptions

    if options["base"] and options["from_scratch"]:
        raise UsageError("--base and --from-scratch exclude each other", "give one of them")
    recipe = options["recipe"] or ("finetune" if options["base"] else "scratch")
    fields = [
        "cell",
        "activation",
        "sampling",
        "epochs",
        "embedding_size",
        "hidden_size",
        "num_layers",
        "num_steps",
        "batch_size",
        "optimizer",
        "lr",
        "weight_decay",
        "weight_drop",
        "dropout_in",
        "dropout_hidden",
        "schedule",
        "clip",
        "patience",
        "min_count",
        "anchor",
        "ema",
    ]
    overrides = {key: options[key] for key in fields if options[key] is not None}
    if options["dropout"] is not None:
        overrides["dropout_out"] = options["dropout"]
    if options["replay_share"] is not None:
        overrides["replay"] = options["replay_share"]
    fraction, held_out_file = _held_out(options["held_out"])
    if fraction is not None:
        overrides["held_out"] = fraction
    spawned = PARENT_VARIABLE in os.environ
    cores = os.cpu_count() or 1
    return RunOptions(
        corpus=options["corpus"],
        cleaning=Cleaning(options["clean"], options["script"]),
        name=options["name"],
        base=options["base"],
        replay=options["replay"],
        may_forget=options["forget"],
        compare_scratch=options["compare_scratch"],
        recipe=recipe,
        overrides=overrides,
        held_out_file=held_out_file,
        prefixes=[prefix.replace("\\n", "\n") for prefix in options["prefixes"]],
        sample_every=options["sample_every"],
        device=options["device"],
        precision=options["precision"],
        # Beside the editor, one core stays free for suggestions.
        num_threads=options["threads"] or (max(1, cores - 1) if spawned else cores),
        time_budget=parse_time(options["time_budget"]) if options["time_budget"] else None,
        seed=options["seed"],
        resume=options["resume"],
        licence=options["licence"],
        notes=options["notes"],
        command="lyricist " + shlex.join(sys.argv[1:]),
    )


def parse_time(text: str) -> float:
    """Return seconds for `90`, `90s`, `5m`, `1.5h`.

    Raises:
        UsageError: If the text is no duration above zero.
    """
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(s|m|min|h)?\s*", text.lower())
    seconds = float(match[1]) * _UNITS[match[2] or ""] if match else 0.0
    if seconds <= 0:
        raise UsageError(f"{text!r} is not a duration", "write e.g. 90s, 5m or 1h")
    return seconds


def _held_out(value: str | None) -> tuple[float | None, str | None]:
    """Tell a fraction from a file."""
    if value is None:
        return None, None
    try:
        return float(value), None
    except ValueError:
        return None, value


def _print_json(event: Event) -> None:
    sys.stdout.write(to_line(event))
    sys.stdout.flush()


class _Narrator:
    """Events as lines for a person."""

    def tell(self, event: Event) -> None:
        """Print one event."""
        line = self._line(event)
        if line:
            say(line)

    def _line(self, event: Event) -> str:
        if isinstance(event, Started):
            corpus = event.corpus
            new = f", {corpus['unknowns']:,} new to {visible(event.base)}" if event.base else ""
            remarks = "".join(f"\n  {line}" for line in on_cleaning(corpus.get("cleaning", {})))
            remarks += "".join(f"\n  note: {visible(warning)}" for warning in event.warnings)
            return (
                f"{visible(event.name)}: {corpus['songs']:,} songs, {corpus['characters']:,} "
                f"characters, {corpus['distinct_characters']:,} distinct{new}; {event.recipe} on "
                f"{event.device}, {event.parameters:,} weights{remarks}"
            )
        if isinstance(event, Epoch):
            held_out = event.held_out_perplexity
            shown = "" if held_out is None else f"  held-out {held_out:8.2f}"
            mark = " *" if event.best else ""
            return (
                f"epoch {event.epoch:6.2f}  training {event.train_perplexity:8.2f}{shown}  "
                f"{event.tokens_per_second:9,.0f} characters/s  {event.seconds:6.1f} s{mark}"
            )
        if isinstance(event, Sample):
            return f"  {visible(event.prefix)}│{visible(event.text)}"
        if isinstance(event, Checkpoint | Failed):
            return ""
        if isinstance(event, Stopping):
            return "stopping; the best so far is kept"
        if isinstance(event, Remark):
            return f"  note: {visible(event.message)}"
        if isinstance(event, Cancelled):
            if event.model is None:
                return "cancelled before there was anything to keep"
            return f"cancelled; the best so far is model {visible(event.model)}"
        if isinstance(event, Finished):
            return (
                f"model {visible(event.model)} is ready ({event.reason}, {event.seconds:.0f} s): "
                f"{visible(event.path)}" + (f"\n{visible(event.remark)}" if event.remark else "")
            )
        return ""
