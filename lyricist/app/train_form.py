"""What the writer asks for on the Train screen, and the command line that it stands for."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lyricist.errors import UsageError
from lyricist.library.models import safe_name
from lyricist.text.cleaning import Cleaning
from lyricist.text.display import visible

RECIPES = ("finetune", "scratch", "tutorial")
_DURATION = re.compile(r"(?=.*[1-9])[0-9]+(?:\.[0-9]+)?\s*(?:s|m|min|h)?", re.IGNORECASE)
_MAX_PREFIXES = 5


@dataclass(frozen=True)
class TrainForm:
    """One training run as the writer wants it.

    corpus: paths of files, folders and archives. base: a model's name, None to train from scratch.
    time_budget: as on the command line (`90s`, `2m`), empty for no limit. prefixes: texts to
    sample from. resume: go on with the unfinished run of this name. clean: leave out credits,
    links, times and chords. script: `keep`, or convert Chinese to `simplified` or `traditional`.
    """

    corpus: tuple[str, ...]
    name: str
    base: str | None = None
    recipe: str = "scratch"
    device: str = "auto"
    time_budget: str = ""
    prefixes: tuple[str, ...] = ()
    resume: bool = False
    clean: bool = False
    script: str = "keep"

    @property
    def cleaning(self) -> Cleaning:
        """What is left out of the songs or converted in them."""
        return Cleaning(self.clean, self.script)


def train_command(
    form: TrainForm, program: Sequence[str] = (sys.executable, "-m", "lyricist")
) -> list[str]:
    """Return the command that runs `form`.

    Args:
        form: What the writer asks for.
        program: How to call lyricist.

    Raises:
        UsageError: If something is missing, or things do not go together.
    """
    if not form.corpus:
        raise UsageError("no songs are chosen", "add files or a folder")
    if form.recipe not in RECIPES:
        raise UsageError(
            f"recipe {visible(form.recipe)} is unknown", f"use one of {', '.join(RECIPES)}"
        )
    if (form.recipe == "finetune") != (form.base is not None):
        raise UsageError(
            "only the recipe finetune starts from a model, and it needs one",
            "choose a model to start from, or the recipe scratch",
        )
    budget = form.time_budget.strip()
    if budget and not _DURATION.fullmatch(budget):
        raise UsageError(f"{visible(budget)} is not a time", "write e.g. 90s, 5m or 1h, or nothing")
    # A text that begins with a dash must not be read as an option.
    start = ["--from-scratch"] if form.base is None else [f"--base={form.base}"]
    options = [
        f"--name={safe_name(form.name)}",
        *start,
        f"--recipe={form.recipe}",
        f"--device={form.device}",
        *([f"--time-budget={budget}"] if budget else []),
        *(f"--prefix={prefix}" for prefix in form.prefixes),
        "--sample-every=1",
        *(["--clean"] if form.clean else []),
        *([f"--script={form.script}"] if form.script != "keep" else []),
        *(["--resume"] if form.resume else []),
        "--json",
    ]
    return [*program, "train", *options, "--", *form.corpus]


def parse_prefixes(text: str) -> tuple[str, ...]:
    """Return the texts in `text` that `|` separates, at most five, without empty ones."""
    pieces = [piece.strip() for piece in text.split("|")]
    return tuple(dict.fromkeys(piece for piece in pieces if piece))[:_MAX_PREFIXES]


def last_line(text: str) -> str:
    """Return the last line of a song that says something, without section headings."""
    for line in reversed(text.splitlines()):
        line = line.strip()
        if line and not (line.startswith("[") and line.endswith("]")):
            return line
    return ""


def suggested_name(paths: Sequence[str], taken: Collection[str]) -> str:
    """Return a name for a model of these files that no other model has.

    Several files that share a folder are named after it.
    """
    parents = {str(Path(path).parent) for path in paths}
    if not paths:
        wanted = "my-songs"
    elif len(paths) > 1:
        wanted = Path(parents.pop()).name if len(parents) == 1 else "my-songs"
    else:
        wanted = Path(paths[0]).stem
    try:
        name = safe_name(wanted)
    except UsageError:
        name = "my-songs"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
