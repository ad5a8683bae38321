"""`lyricist edit [FILE]`: the editor."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="Open the editor (also: `lyricist FILE`).")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--model", metavar="MODEL", help="A model in the library, or its folder.")
def edit(file: Path | None, model: str | None) -> None:
    """Open FILE in the editor, or the draft that was left.

    \b
    lyricist
    lyricist song.txt --model zh
    """
    from lyricist.app.app import run_app

    sys.exit(run_app(file, model))
