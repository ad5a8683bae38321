"""`lyricist edit [FILE]`: the editor."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

_FRAMES_PER_SECOND = "500"


@click.command(short_help="Open the editor (also: `lyricist FILE`).")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--model", metavar="MODEL", help="A model in the library, or its folder.")
def edit(file: Path | None, model: str | None) -> None:
    """Open FILE in the editor, or the draft that was left.

    \b
    lyricist
    lyricist song.txt --model zh
    """
    # Read by Textual when it is imported. A frame costs a few milliseconds and is painted only
    # where something has changed; with the usual 60 a second a key may wait 16 ms for its own.
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES_PER_SECOND)
    from lyricist.app.garbage import collection_put_off

    with collection_put_off():
        from lyricist.app.app import run_app

        status = run_app(file, model)
    sys.exit(status)
