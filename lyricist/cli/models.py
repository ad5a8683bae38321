"""`lyricist models`: list, show, rename, import, export, remove."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from lyricist.cli.root import say
from lyricist.library import models as library
from lyricist.network.card import read_card


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
        say(f"{entry.name:24} {kind:8} {entry.problem or shown}")


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
            say(f"{key:16} {value}")


@models.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--name", help="Name in the library; default: the model's own.")
def import_(source: Path, name: str | None) -> None:
    """Take a model folder or .zip into the library."""
    entry = library.import_model(source, name)
    say(f"imported {entry.name}: {entry.path}")


@models.command()
@click.argument("name")
@click.argument("target", type=click.Path(path_type=Path))
def export(name: str, target: Path) -> None:
    """Copy a model to a folder, or into an archive if TARGET ends in .zip."""
    say(f"exported {name}: {library.export_model(name, target)}")


@models.command()
@click.argument("name")
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Rename one of your own models."""
    say(f"renamed {name}: {library.rename_model(name, new_name)}")


@models.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete one of your own models."""
    if not yes:
        click.confirm(f"Delete model {name}?", abort=True)
    library.remove_model(name)
    say(f"removed {name}")
