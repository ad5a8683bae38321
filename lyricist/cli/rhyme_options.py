"""Options of all commands that judge rhymes, and texts read to their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from lyricist.craft.modes import SYSTEMS
from lyricist.errors import LyricistError, UsageError
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.craft.line import SungLine

_SHOWN = 40

Command = Callable[..., Any]


def rhyme_options(command: Command) -> Command:
    """Add `--system` and `--loose` to a command."""
    system = click.option(
        "--system",
        type=click.Choice(SYSTEMS),
        default="thirteen",
        show_default=True,
        help="Classes of Chinese rhymes: 十三辙 or 中华新韵.",
    )
    loose = click.option("--loose", is_flag=True, help="Let Chinese 通押 count as near rhymes.")
    return system(loose(command))


def readable_line(text: str) -> SungLine:
    """Return the last line of `text` that is sung, read.

    Raises:
        UsageError: If there is no text.
        LyricistError: If nothing at the line's end can be read.
    """
    from lyricist.craft.line import kind_of, sung_line

    if not text.strip():
        raise UsageError("the text is empty", "give a word or a line")
    # What ends a line for an editor or a terminal ends one here.
    lines = text.splitlines()
    sung = [line for line in lines if kind_of(line) == "lyric"]
    line = sung_line(sung[-1] if sung else lines[-1])
    if not line.ending:
        raise LyricistError(
            f"the end of `{shortened(line.text)}` cannot be read",
            "end on a Chinese character, an English word or a number",
        )
    return line


def shortened(text: str) -> str:
    """Return the end of a long text, control characters as symbols."""
    shown = visible(text.strip())
    return shown if len(shown) <= _SHOWN else f"…{shown[-_SHOWN:]}"
