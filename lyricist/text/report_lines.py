"""A corpus report in words, the same on the command line and on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lyricist.text.advice import in_words
from lyricist.text.corpus_report import CorpusReport
from lyricist.text.display import visible


def report_lines(report: CorpusReport, base: str | None) -> list[str]:
    """Return the counts on the first line, and on a second what was left out or converted.

    Args:
        report: What to tell.
        base: Name of the model whose unknown characters were counted.
    """
    counts = [
        _count(report.songs, "song"),
        _count(report.lines, "line"),
        _count(report.characters, "character"),
        f"{report.distinct_characters:,} distinct",
    ]
    if base is not None:
        share = report.unknowns / report.characters
        shown = f" ({share:.1%})" if share >= 0.001 else ""
        counts.append(f"{report.unknowns:,}{shown} unknown to {visible(base)}")
    if report.repeated_lines:
        counts.append(f"{report.repeated_lines / report.lines:.0%} of the lines repeat")
    if report.duplicate_songs:
        counts.append(f"{_count(report.duplicate_songs, 'duplicate')} left out")
    return [" · ".join(counts), *on_cleaning(report.as_dict()["cleaning"])]


def on_cleaning(done: Mapping[str, Any]) -> list[str]:
    """Return one line on what was left out or converted, none where that is nothing.

    Args:
        done: `CorpusReport.as_dict()["cleaning"]`.
    """
    parts = []
    if done.get("lines"):
        parts.append(f"left out: {in_words(done['lines'])}")
    if done.get("marked_lines"):
        parts.append(f"times or chords taken out of {_count(done['marked_lines'], 'line')}")
    if done.get("empty_songs"):
        parts.append(f"{_count(done['empty_songs'], 'song')} had no other lines")
    if done.get("converted_songs"):
        parts.append(f"{_count(done['converted_songs'], 'song')} converted")
    return [" · ".join(parts)] if parts else []


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
