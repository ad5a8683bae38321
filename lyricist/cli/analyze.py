"""`lyricist analyze`: a song's rhymes, lengths, tones and repetitions, or its originality."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from lyricist.cli.rhyme_options import rhyme_options
from lyricist.cli.root import read_text_argument, say
from lyricist.craft.modes import RhymeRules, System
from lyricist.errors import DocumentError, UsageError
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.craft.analysis import AnalysedLine, AnalysedSection, Analysis
    from lyricist.craft.totals import Counted, Totals

_SHOWN_LINES, _SHOWN_WORDS = 5, 12
# Longer patterns would push all texts of a section out of sight.
_WIDEST_PATTERN = 20


@click.command(short_help="Rhymes, lengths and tones of a song.")
@click.argument("file")
@rhyme_options
@click.option(
    "--originality", is_flag=True, help="Instead, where it runs as in what a model learnt from."
)
@click.option("--model", metavar="MODEL", help="For --originality. Default: by language.")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
def analyze(
    file: str, system: System, loose: bool, originality: bool, model: str | None, as_json: bool
) -> None:
    """Analyse the song in FILE (`-` is standard input), in Chinese, English or both.

    Every section with its rhyme scheme, every line with the letter of its rhyme, its syllables (`?`
    where some cannot be counted) and their pattern: `-` 平, `|` 仄, `:` 轻声, `/` stressed, `.`
    unstressed, `?` not known. Then what the song adds up to; a line rhymes if another one of its
    section does with it and ends on another word.

    --json has `sections` (name, heading, scheme, and lines of number, letter, syllables or null,
    is_sure, pattern, rhymes, rhyming_syllables, text) and `totals` (lines, syllables,
    rhyming_lines, rhyming_syllables, repeated, level, oblique, neutral, counts all of them;
    rhyming_line_share, rhyming_syllable_share, level_share of 平 and 仄, 0 to 1; repeated_lines,
    words and unknown of text and count; unsure of text, reading and count).

    With --originality: every run of 12 characters or 6 words (settings copy_characters and
    copy_words) that stands so in the training text of the model as well, punctuation, case and line
    ends aside. --json then has `model`, `spans` (line, column, end_line, end_column, characters,
    words, text), `share` of the song, 0 to 1, `false_positive_rate` and `complete`; null for
    the last four where the model has no index.

    \b
    lyricist analyze song.txt
    lyricist analyze song.txt --originality --model zh
    lyricist analyze song.txt --system new --loose --json
    pbpaste | lyricist analyze -
    """
    if model is not None and not originality:
        raise UsageError("--model goes with --originality", "give --originality as well")
    if originality:
        from lyricist.cli.originality import report_originality

        report_originality(_text(file), model, as_json)
        return
    from lyricist.craft.analysis import analysis

    found = analysis(_text(file).split("\n"), RhymeRules(system, loose))
    if not found.sections:
        name = "standard input" if file == "-" else visible(file)
        raise DocumentError(f"{name} has no line that is sung", "write some lyrics into it")
    if as_json:
        click.echo(json.dumps(_as_json(found)))
        return
    for section in found.sections:
        for line in _section_lines(section):
            say(line)
        say("")
    for line in _total_lines(found.totals):
        say(line)


def _text(file: str) -> str:
    """The song, with LF line ends; `.lrc` files without their times."""
    from lyricist.library.documents import open_document
    from lyricist.text.songs import songs_in
    from lyricist.text.tilde import expanded

    if file == "-":
        return read_text_argument(file).replace("\r\n", "\n").replace("\r", "\n")
    path = expanded(file)
    text = open_document(path).text
    return "\n".join(songs_in(text, ".lrc")) if path.suffix.lower() == ".lrc" else text


def _section_lines(section: AnalysedSection) -> Iterator[str]:
    yield f"{visible(section.heading or section.name)}  {section.scheme}"
    width = min(max(len(line.pattern) for line in section.lines), _WIDEST_PATTERN)
    for line in section.lines:
        yield f"  {line.letter} {_syllables(line):>3}  {line.pattern:{width}}  {visible(line.text)}"


def _syllables(line: AnalysedLine) -> str:
    return "?" if line.syllables is None else str(line.syllables)


def _total_lines(totals: Totals) -> Iterator[str]:
    yield f"lines       {totals.lines}, of which {totals.repeated} stood there before"
    yield f"syllables   {totals.syllables}, {totals.syllables / totals.lines:.1f} a line"
    yield (
        f"rhymes      {totals.rhyming_line_share:.0%} of the lines, "
        f"{totals.rhyming_syllable_share:.0%} of the syllables"
    )
    if totals.level_share is not None:
        level = totals.level_share
        yield f"tones       平 {level:.0%}, 仄 {1 - level:.0%}, and {totals.neutral} in 轻声"
    for line in totals.repeated_lines[:_SHOWN_LINES]:
        yield f"again       {line.count}× {visible(line.text)}"
    doubts = [f"{doubt.text} ({doubt.reading})" for doubt in totals.unsure]
    for name, items in (
        ("words", _with_counts(totals.words)),
        ("not sure", doubts),
        ("unknown", _with_counts(totals.unknown)),
    ):
        if items:
            more = len(items) - _SHOWN_WORDS
            shown = ", ".join(map(visible, items[:_SHOWN_WORDS]))
            yield f"{name:11} {shown}{f', and {more} more' if more > 0 else ''}"


def _with_counts(counted: Iterable[Counted]) -> list[str]:
    return [f"{word.text} {word.count}" if word.count > 1 else word.text for word in counted]


def _as_json(found: Analysis) -> dict[str, Any]:
    totals = found.totals
    return {
        "sections": [
            {
                "name": section.name,
                "heading": section.heading,
                "scheme": section.scheme,
                "lines": [_fields(line) for line in section.lines],
            }
            for section in found.sections
        ],
        "totals": {
            **_fields(totals),
            "rhyming_line_share": round(totals.rhyming_line_share, 4),
            "rhyming_syllable_share": round(totals.rhyming_syllable_share, 4),
            "level_share": None if totals.level_share is None else round(totals.level_share, 4),
            **{
                name: [_fields(entry) for entry in getattr(totals, name)]
                for name in ("repeated_lines", "words", "unsure", "unknown")
            },
        },
    }


def _fields(entry: Any) -> dict[str, Any]:
    return {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
