"""`lyricist models`: list, show, rename, import, export, remove, index."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from lyricist.cli.root import say
from lyricist.library import models as library
from lyricist.network.card import read_card
from lyricist.text.display import visible


@click.group(short_help="List, show, import, export, rename, remove models.")
def models() -> None:
    """The model library: your own models and the shipped ones.

    \b
    lyricist models list
    lyricist models export my-songs my-songs.zip
    """


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One object a model.")
def list_(as_json: bool) -> None:
    """List all models, your own first."""
    for entry in library.list_models():
        perplexity = entry.card.held_out_perplexity if entry.card else None
        if as_json:
            fields = {
                "name": entry.name,
                "path": str(entry.path),
                "language": entry.card.language if entry.card else None,
                "held_out_perplexity": perplexity,
                "shipped": entry.shipped,
                "problem": entry.problem,
            }
            click.echo(json.dumps(fields))
            continue
        kind = "shipped" if entry.shipped else "own"
        shown = "" if perplexity is None else f"held-out perplexity {perplexity:.2f}"
        say(f"{visible(entry.name):24} {kind:8} {entry.problem or shown}")


@models.command()
@click.argument("model")
@click.option("--json", "as_json", is_flag=True, help="The card as one object.")
def show(model: str, as_json: bool) -> None:
    """Show a model's card: where it comes from and how good it is."""
    card = read_card(library.find_model(model))
    fields = asdict(card)
    if as_json:
        click.echo(json.dumps(fields))
        return
    fields["characters"] = f"{len(card.characters):,} characters"
    for key, value in fields.items():
        if isinstance(value, dict):
            value = ", ".join(f"{k} {v}" for k, v in value.items())
        elif isinstance(value, list):
            value = "; ".join(", ".join(f"{k} {v}" for k, v in item.items()) for item in value)
        if value not in (None, ""):
            say(f"{key:16} {visible(str(value))}")


@models.command()
@click.argument("model")
@click.argument("corpus", nargs=-1, required=True)
@click.option(
    "--bytes",
    "size",
    type=click.IntRange(1_000, 15_000_000),
    help="How large the index becomes. Default: 16 bits a passage.",
)
def index(model: str, corpus: tuple[str, ...], size: int | None) -> None:
    """Give MODEL an index of what it was trained on, the songs in CORPUS.

    New models get one in training; this is for those without. MODEL is one of your own or a folder.
    It states how often the index is wrong: a smaller one is more often.

    \b
    lyricist models index old-songs songs/
    lyricist models index models/zh corpora/zh.train.txt --bytes 2300000
    """
    from lyricist.cli.index_model import index_model

    stated = index_model(model, corpus, size)
    say(f"indexed {model}: {stated['passages']:,} passages in {stated['bytes']:,} bytes")
    say(f"taken for seen by mistake: {stated['false_positive_rate']:.3g} of all passages")


@models.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--name", help="Name in the library; default: the model's own.")
def import_(source: Path, name: str | None) -> None:
    """Take a model folder or .zip into the library."""
    entry = library.import_model(source, name)
    say(f"imported {visible(entry.name)}: {visible(str(entry.path))}")


@models.command()
@click.argument("name")
@click.argument("target", type=click.Path(path_type=Path))
def export(name: str, target: Path) -> None:
    """Copy a model to a folder, or into an archive if TARGET ends in .zip."""
    say(f"exported {visible(name)}: {visible(str(library.export_model(name, target)))}")


@models.command()
@click.argument("name")
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Rename one of your own models."""
    say(f"renamed {visible(name)}: {visible(str(library.rename_model(name, new_name)))}")


@models.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete one of your own models."""
    if not yes:
        click.confirm(f"Delete model {visible(name)}?", abort=True)
    library.remove_model(name)
    say(f"removed {visible(name)}")
