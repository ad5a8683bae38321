"""`lyricist complete`: predict from a prefix."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from lyricist.cli.continuations import continuations
from lyricist.cli.locked_line import LockOptions, completed_line
from lyricist.cli.rhyme_options import rhyme_options
from lyricist.cli.root import default_model, read_text_argument, say
from lyricist.craft.modes import MOST_SYLLABLES, System
from lyricist.errors import UsageError
from lyricist.library.settings import COPIES, load_settings
from lyricist.network.config import DEVICES
from lyricist.suggest.protocol import SamplingSettings

if TYPE_CHECKING:
    from lyricist.suggest.protocol import Candidate

_NOT_FOR_A_LINE = ("greedy", "length")


@click.command(short_help="Continue a text.")
@click.argument("text", default="-")
@click.option("--model", metavar="MODEL", help="A model in the library, or its folder.")
@click.option("--length", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--count", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option("--greedy", is_flag=True, help="Always the likeliest character.")
@click.option("--temperature", type=float, default=0.8, show_default=True)
@click.option("--top-k", type=int, default=0, show_default=True, help="0 is all.")
@click.option("--top-p", type=float, default=0.9, show_default=True)
@click.option("--seed", type=click.IntRange(0), help="Makes the output reproducible.")
@click.option("--device", type=click.Choice(DEVICES), default="cpu")
@click.option(
    "--syllables",
    type=click.IntRange(1, MOST_SYLLABLES),
    help="Complete the line at the end of TEXT to so many.",
)
@click.option("--rhyme", metavar="RHYME", help="Complete it so that it rhymes with this text.")
@rhyme_options
@click.option("--repeat", is_flag=True, help="Let it end on the very word that it rhymes with.")
@click.option(
    "--copies",
    type=click.Choice(COPIES),
    help="Mark, withhold or allow what runs as in the training text. Default: the settings'.",
)
@click.option("--json", "as_json", is_flag=True, help="One object a line: text, log_prob.")
@click.pass_context
def complete(
    context: click.Context,
    text: str,
    model: str | None,
    length: int,
    count: int,
    greedy: bool,
    temperature: float,
    top_k: int,
    top_p: float,
    seed: int | None,
    device: str,
    syllables: int | None,
    rhyme: str | None,
    system: System,
    loose: bool,
    repeat: bool,
    copies: str | None,
    as_json: bool,
) -> None:
    """Continue TEXT (or standard input) by LENGTH characters.

    With --syllables or --rhyme, complete the line at its end instead, in up to COUNT ways, none
    longer or shorter, and none without the rhyme.

    What runs word for word as in the training text, TEXT included, for 12 characters or 6 words
    (settings copy_characters and copy_words) is marked on standard error, and with --json by
    `copied` (characters, words); --copies withhold draws others instead.

    \b
    lyricist complete 分开 --greedy --length 50
    lyricist complete "the last train" --count 3 --seed 1 --json
    lyricist complete 我们 --syllables 9 --rhyme 月光 --count 3
    lyricist complete "i will wait" --syllables 8 --rhyme "another night"
    """
    lock = LockOptions(syllables, rhyme, system, loose, repeat).lock()
    if lock is not None:
        for name in _NOT_FOR_A_LINE:
            if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
                raise UsageError(
                    f"--{name} does not go with --syllables or --rhyme", f"leave --{name} out"
                )
    prefix = read_text_argument(text)
    from lyricist.library.models import find_model
    from lyricist.suggest.copy_rules import copy_rules

    settings, _ = load_settings()
    rules = copy_rules(replace(settings, copies=copies or settings.copies))
    if lock is not None:
        folder = find_model(model or default_model(prefix if prefix.strip() else lock.rhyme))
        sampling = SamplingSettings(count, temperature, top_k, top_p, seed=seed)
        found: Iterable[Candidate] = completed_line(folder, device, prefix, sampling, lock, rules)
    else:
        folder = find_model(model or default_model(prefix))
        temperature = 0.0 if greedy else temperature
        sampling = SamplingSettings(count, temperature, top_k, top_p, length, seed)
        found = continuations(folder, device, prefix, sampling, rules)
    _print(prefix, found, as_json)


def _print(prefix: str, found: Iterable[Candidate], as_json: bool) -> None:
    for number, one in enumerate(found, 1):
        if as_json:
            copied = {} if one.copied is None else {"copied": one.copied._asdict()}
            click.echo(json.dumps({"text": one.text, "log_prob": one.log_prob, **copied}))
            continue
        say(prefix + one.text)
        if one.copied is not None:
            click.echo(f"lyricist: {number}: {one.copied} as in the training text", err=True)
