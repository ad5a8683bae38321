"""`lyricist corpus`: what songs hold, before anything is trained on them."""

from __future__ import annotations

import json
from typing import Any

import click

from lyricist.errors import UsageError
from lyricist.network.config import DEVICES
from lyricist.text.script import SCRIPTS


@click.command(short_help="Look at songs before training.")
@click.argument("corpus", nargs=-1, required=True)
@click.option("--base", metavar="MODEL", help="Compare with what this model knows.")
@click.option("--recipe", type=click.Choice(["tutorial", "scratch", "finetune"]), help="To time.")
@click.option("--clean", is_flag=True, help="Leave out credits, links, times and chords.")
@click.option("--script", type=click.Choice(SCRIPTS), default="keep", help="Convert Chinese.")
@click.option("--device", type=click.Choice(DEVICES), default="auto")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
def corpus(
    corpus: tuple[str, ...],
    base: str | None,
    recipe: str | None,
    clean: bool,
    script: str,
    device: str,
    as_json: bool,
) -> None:
    """Report on CORPUS (files, folders or .zip archives of songs) without training: duplicates,
    lines that are no lyrics, scripts, characters new to a base model, and the time that training
    would take. The files are only read.

    \b
    lyricist corpus my-songs/ --base zh
    lyricist corpus my-songs/ --clean --script simplified --json
    """
    from lyricist.cli.root import say
    from lyricist.library.models import find_model
    from lyricist.network.card import read_card
    from lyricist.text.cleaning import Cleaning
    from lyricist.text.corpus import read_corpus
    from lyricist.text.vocabulary import Vocabulary
    from lyricist.training.forecast import forecast

    recipe = recipe or ("finetune" if base else "scratch")
    if (recipe == "finetune") != (base is not None):
        raise UsageError("only the recipe finetune has a base", "give both or neither")
    card = read_card(find_model(base)) if base else None
    known = Vocabulary(card.characters) if card else None
    report = read_corpus(corpus, known, Cleaning(clean, script)).report
    time = forecast(report, recipe, card, device)
    warnings = [*report.warnings, *time.advice()]
    if as_json:
        fields: dict[str, Any] = {
            **report.as_dict(),
            "warnings": warnings,
            "recipe": recipe,
            "passes": time.passes,
            "seconds": round(time.seconds),
        }
        click.echo(json.dumps(fields))
        return
    from lyricist.text.report_lines import report_lines

    for line in report_lines(report, base):
        say(line)
    say(time.sentence())
    for warning in warnings:
        say(f"note: {warning}")
