"""Reading the songs that are chosen for a training, to report on them.

Much text is read in a child process: in a thread of this one, each long step over all of it would
hold the screen up.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import stat
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from lyricist.app.background import in_background
from lyricist.errors import CorpusError, LyricistError, UsageError
from lyricist.library.models import find_model, model_for_text
from lyricist.network.card import ModelCard, read_card
from lyricist.text.cleaning import Cleaning
from lyricist.text.corpus import read_corpus
from lyricist.text.corpus_report import CorpusReport
from lyricist.text.display import visible
from lyricist.text.vocabulary import Vocabulary

# So much is read without a step that a writer would notice.
MOST_BYTES_IN_A_THREAD = 500_000
_MOST_FILES_IN_A_THREAD = 500
_LANGUAGE_SONGS = 50


class ReportedSongs(NamedTuple):
    """A report on songs, the model beside which it was made, and the shipped one for their
    language."""

    report: CorpusReport
    base: str | None
    card: ModelCard | None
    wanted_base: str


async def report_on_songs(
    paths: Sequence[str], base: str | None, cleaning: Cleaning
) -> ReportedSongs:
    """Read a corpus beside the event loop; where this is cancelled, so is the reading.

    Raises:
        LyricistError: If the songs or the model cannot be read.
    """
    card = await in_background(lambda: _card(base))
    if await in_background(lambda: _is_little(paths)):
        report, wanted = await in_background(lambda: _read(paths, card, cleaning))
    else:
        report, wanted = await _read_in_a_child(paths, base, cleaning)
    return ReportedSongs(report, base, card, wanted)


def _card(base: str | None) -> ModelCard | None:
    if base is None:
        return None
    try:
        return read_card(find_model(base))
    except ValueError as error:
        raise UsageError(f"model {visible(base)} cannot be used ({error})") from error


def _read(
    paths: Sequence[str], card: ModelCard | None, cleaning: Cleaning
) -> tuple[CorpusReport, str]:
    try:
        vocabulary = Vocabulary(card.characters) if card is not None else None
    except ValueError as error:
        raise UsageError(f"the model cannot be used ({error})") from error
    corpus = read_corpus(paths, vocabulary, cleaning)
    sample = "".join(song.text for song in corpus.songs[:_LANGUAGE_SONGS])
    return corpus.report, model_for_text(sample)


def _is_little(paths: Sequence[str]) -> bool:
    """Whether all files together are few and small; looked at no further than until they are not.

    An archive counts as much, for what it holds is not known.
    """
    size = files = 0
    for path in paths:
        for status in _statuses(path):
            archive = path.lower().endswith(".zip")
            size += MOST_BYTES_IN_A_THREAD + 1 if archive else status.st_size
            files += 1
            if size > MOST_BYTES_IN_A_THREAD or files > _MOST_FILES_IN_A_THREAD:
                return False
    return True


def _statuses(path: str) -> Any:
    # What cannot be looked at is said by the reading itself.
    with contextlib.suppress(OSError, ValueError):
        status = os.stat(path)
        if not stat.S_ISDIR(status.st_mode):
            yield status
            return
        for root, _, names in os.walk(path):
            for name in names:
                with contextlib.suppress(OSError):
                    yield os.stat(os.path.join(root, name))


async def _read_in_a_child(
    paths: Sequence[str], base: str | None, cleaning: Cleaning
) -> tuple[CorpusReport, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "lyricist.app.corpus_reading",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    wanted = {
        "paths": list(paths),
        "base": base,
        "clean": cleaning.boilerplate,
        "script": cleaning.script,
    }
    try:
        output, _ = await process.communicate(json.dumps(wanted).encode())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    try:
        found = json.loads(output)
        if "error" in found:
            raise CorpusError(*found["error"])
        return CorpusReport.from_dict(found["report"]), found["wanted_base"]
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(
            "the songs cannot be read: the reading ended", "give less text"
        ) from error


def main() -> None:
    """Entry point of the child: what is wanted on standard input, the report on standard output."""
    wanted = json.load(sys.stdin)
    with contextlib.suppress(OSError):
        os.nice(5)
    try:
        card = _card(wanted["base"])
        cleaning = Cleaning(wanted["clean"], wanted["script"])
        report, base = _read(wanted["paths"], card, cleaning)
        print(json.dumps({"report": report.as_dict(), "wanted_base": base}))
    except MemoryError:
        print(json.dumps({"error": ["the songs do not fit into memory", "give less text"]}))
    except LyricistError as error:
        print(json.dumps({"error": [error.cause, error.mend]}))


if __name__ == "__main__":
    main()
