"""The model in use beside the one just trained: how well each reads the same songs, and one
continuation of the same text each. Both are measured by the command line, in child processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lyricist.app.background import in_background
from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.paths import paths, private_folder
from lyricist.text.cleaning import AS_IT_IS, Cleaning
from lyricist.text.corpus import read_corpus
from lyricist.text.display import visible
from lyricist.text.split import split_by_song

PROGRAM = (sys.executable, "-m", "lyricist")
_LENGTH = 40
_CLOSE = 0.01
# Above this share of unknown characters they explain a good part of a model's perplexity.
_MANY_UNKNOWN = 0.01


@dataclass(frozen=True)
class Side:
    """One of the two models.

    perplexity: on the held-out songs, None where it was not measured. unknown: characters of them
    that the model does not know, as a share. problem: one line where something failed.
    """

    model: str
    perplexity: float | None = None
    unknown: float = 0.0
    continuation: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Comparison:
    """Both sides. songs: how many were held out. prefix: what both went on from. interval: bounds
    of what the new perplexity over the old one may be with other songs (95 %), where measured."""

    old: Side | None
    new: Side
    songs: int
    prefix: str
    interval: tuple[float, float] | None = None

    @property
    def verdict(self) -> str:
        """Return in a line or two what the numbers say, without flattery."""
        old, new = self.old, self.new
        if not self.songs:
            return "No songs were held out, so only your ear can tell which is better."
        if old is None or old.perplexity is None or new.perplexity is None:
            return "There is nothing to compare the numbers with."
        change = new.perplexity / old.perplexity - 1
        if self.interval is not None and self.interval[0] < 1 < self.interval[1]:
            low, high = self.interval
            text = (
                "The held-out songs cannot tell which is better: the new model's perplexity may be "
                f"{1 - low:.0%} lower or {high - 1:.0%} higher."
            )
        elif abs(change) < _CLOSE:
            text = "Both read your held-out songs equally well."
        elif change < 0:
            text = f"The new model reads your held-out songs better ({-change:.0%} lower)."
        else:
            text = (
                f"The new model is worse on your held-out songs ({change:.0%} higher). "
                "Keeping the old one is the better choice, unless you like its lines more."
            )
        if self.songs == 1:
            text += " One song is a small measure."
        ignorant = [side for side in (old, new) if side.unknown > _MANY_UNKNOWN]
        if ignorant:
            shares = (f"{side.unknown:.0%} are unknown to {side.model}" for side in ignorant)
            text += f" Of the characters in them {' and '.join(shares)}."
        return text


async def compare(
    old: str | None,
    new: str,
    corpus: Sequence[str],
    prefix: str,
    held_out: bool = True,
    program: Sequence[str] = PROGRAM,
    cleaning: Cleaning = AS_IT_IS,
) -> Comparison:
    """Measure both models.

    Args:
        old: Name of the model in use, None for no comparison.
        new: Name of the model just trained.
        corpus: What it was trained on; its held-out songs are found as the training does.
        prefix: What both are to go on from; empty for the first line of a song.
        held_out: Whether the training held songs out.
        program: How to call lyricist.
        cleaning: What was left out of the corpus or converted in it.
    """
    training, songs = await in_background(lambda: _split(corpus, cleaning))
    if not prefix:
        prefix = next((song.split("\n")[0] for song in (*songs, *training)), "")
    if not held_out:
        songs = []
    with tempfile.TemporaryDirectory(prefix="comparison-", dir=_scratch_folder()) as folder:
        file = None
        if songs:
            # One JSON object a song: blank lines inside a song must not split it.
            file = Path(folder) / "held-out.jsonl"
            lines = "".join(json.dumps({"text": song}) + "\n" for song in songs)
            write_bytes(file, lines.encode("ascii"))
        names = [name for name in (old, new) if name is not None]
        # One after the other: each takes all cores.
        sides = [await _measure(name, file, prefix, program) for name in names]
        measured = file is not None and all(side.perplexity is not None for side in sides)
        interval = await _interval(names, file, program) if measured and file else None
    first = sides[0] if old is not None else None
    return Comparison(first, sides[-1], len(songs), prefix, interval)


def _scratch_folder() -> Path | None:
    """Where songs may lie for a while: among our own, or where that cannot be, the system's."""
    try:
        return private_folder(paths().cache)
    except LyricistError:
        return None


def _split(corpus: Sequence[str], cleaning: Cleaning) -> tuple[list[str], list[str]]:
    try:
        training, held_out = split_by_song(read_corpus(list(corpus), None, cleaning).songs)
    except LyricistError:
        # The files have gone since; the continuations can still be compared.
        return [], []
    return [song.text for song in training], [song.text for song in held_out]


async def _interval(
    names: Sequence[str], file: Path, program: Sequence[str]
) -> tuple[float, float] | None:
    """Compare the models in pairs of songs; None where there is nothing to compare."""
    if len(names) < 2:
        return None
    models = [f"--model={name}" for name in names]
    try:
        found = await _ask([*program, "evaluate", *models, "--json", "--", str(file)])
        return float(found["ratio_low"]), float(found["ratio_high"])
    except (LyricistError, KeyError, TypeError, ValueError):
        return None


async def _measure(model: str, file: Path | None, prefix: str, program: Sequence[str]) -> Side:
    perplexity, unknown, continuation, problem = None, 0.0, "", ""
    if file is not None:
        try:
            found = await _ask(
                [*program, "evaluate", f"--model={model}", "--json", "--", str(file)]
            )
            perplexity = float(found["perplexity"])
            whole = found["characters"]
            unknown = found["unknown"] / whole if whole else 0.0
        except (LyricistError, KeyError, TypeError, ValueError) as error:
            problem = str(error)
    if prefix:
        options = [f"--model={model}", f"--length={_LENGTH}", "--seed=1", "--json"]
        try:
            found = await _ask([*program, "complete", *options, "--", prefix])
            continuation = str(found["text"])
        except (LyricistError, KeyError, TypeError) as error:
            problem = problem or str(error)
    return Side(model, perplexity, unknown, continuation, visible(problem))


async def _ask(command: list[str]) -> dict[str, Any]:
    """Run a command that prints JSON objects, one a line, and return the last.

    Raises:
        LyricistError: With the last line that it complained in.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise LyricistError(f"it cannot be measured ({error})") from error
    try:
        output, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    try:
        found = json.loads(output.splitlines()[-1])
    except (ValueError, IndexError):
        found = None
    if process.returncode or not isinstance(found, dict):
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise LyricistError(lines[-1].removeprefix("lyricist: ") if lines else "no answer came")
    return found
