"""`lyricist complete`: predict from a prefix."""

from __future__ import annotations

import json

import click

from lyricist.cli.root import default_model, read_text_argument, say
from lyricist.network.config import DEVICES


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
@click.option("--json", "as_json", is_flag=True, help="One object a line: text, log_prob.")
def complete(
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
    as_json: bool,
) -> None:
    """Continue TEXT (or standard input) by LENGTH characters.

    \b
    lyricist complete 分开 --greedy --length 50
    lyricist complete "the last train" --count 3 --seed 1 --json
    """
    prefix = read_text_argument(text)
    from lyricist.library.models import find_model
    from lyricist.network.decoder import load_decoder
    from lyricist.network.prediction import predict

    decoder, stored = load_decoder(find_model(model or default_model(prefix)), device)
    predictions = predict(
        decoder,
        stored.vocabulary,
        prefix,
        length=length,
        count=count,
        temperature=0.0 if greedy else temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
        start_with_boundary=stored.card.has_boundaries,
    )
    for prediction in predictions:
        if as_json:
            click.echo(json.dumps({"text": prediction.text, "log_prob": prediction.log_prob}))
        else:
            say(prefix + prediction.text)
