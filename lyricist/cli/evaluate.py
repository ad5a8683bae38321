"""`lyricist evaluate`: perplexity of songs under a model."""

from __future__ import annotations

import json

import click

from lyricist.cli.root import default_model
from lyricist.errors import CorpusError
from lyricist.network.config import DEVICES


@click.command(short_help="Measure perplexity on songs.")
@click.argument("file")
@click.option("--model", metavar="MODEL", help="A model in the library, or its folder.")
@click.option("--device", type=click.Choice(DEVICES), default="auto")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
def evaluate(file: str, model: str | None, device: str, as_json: bool) -> None:
    """Read the songs in FILE with a model and report perplexity per known character.

    Each song starts with a fresh hidden state. Characters outside the model's vocabulary are
    counted as unknown and not scored.

    \b
    lyricist evaluate songs.txt --model zh --json
    """
    from lyricist.library.models import find_model
    from lyricist.network.checkpoint import load_model
    from lyricist.network.device import choose_device, prepare_torch
    from lyricist.text.corpus import read_corpus
    from lyricist.training.evaluation import evaluate_songs

    prepare_torch()
    corpus = read_corpus([file])
    folder = find_model(model or default_model("".join(s.text for s in corpus.songs[:50])))
    network, vocabulary, card = load_model(folder, choose_device(device))
    result = evaluate_songs(
        network,
        [vocabulary.encode(song.text) for song in corpus.songs],
        start_with_boundary=card.has_boundaries,
    )
    if not result.characters:
        raise CorpusError(
            f"the model knows none of the {result.unknown} characters", "choose another --model"
        )
    if as_json:
        fields = {
            "characters": result.characters,
            "unknown": result.unknown,
            "perplexity": result.perplexity,
            "bits_per_character": result.bits_per_character,
        }
        click.echo(json.dumps(fields))
        return
    click.echo(f"characters          {result.characters:,}")
    click.echo(f"unknown             {result.unknown:,}")
    click.echo(f"perplexity          {result.perplexity:.3f}")
    click.echo(f"bits per character  {result.bits_per_character:.4f}")
