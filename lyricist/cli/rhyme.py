"""`lyricist rhyme`: what rhymes with the end of a text, or whether two texts rhyme."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from lyricist.cli.rhyme_options import readable_line, rhyme_options
from lyricist.cli.root import read_text_argument, say
from lyricist.craft.modes import RhymeRules, System
from lyricist.errors import LyricistError, UsageError

if TYPE_CHECKING:
    from lyricist.craft.line import SungLine
    from lyricist.craft.rhyme_search import FoundWord, Kind

_KINDS = ("perfect", "near", "multisyllabic")
_ONLY_FOR_WORDS = ("limit", "kind")


@click.command(short_help="Find rhymes.")
@click.argument("text", default="-")
@click.option(
    "--limit",
    type=click.IntRange(1, 2000),
    default=20,
    show_default=True,
    help="Words of a kind and a number of syllables.",
)
@click.option("--kind", type=click.Choice(_KINDS), help="Only this kind of rhyme.")
@rhyme_options
@click.option("--with", "other", metavar="TEXT2", help="Tell how TEXT and TEXT2 rhyme.")
@click.option("--json", "as_json", is_flag=True, help="One object a word.")
@click.pass_context
def rhyme(
    context: click.Context,
    text: str,
    limit: int,
    kind: Kind | None,
    system: System,
    loose: bool,
    other: str | None,
    as_json: bool,
) -> None:
    """Find words that rhyme with the end of TEXT (or of standard input), a word or a line in
    Chinese or English; a mixed line rhymes by its last word.

    Perfect rhymes sound the same from the vowel on (in Chinese, they are of one class, 同韵); near
    ones nearly do (in Chinese: 通押, shown with --loose or --kind near); multisyllabic ones do so
    over two syllables or more (双押). Objects of --json have: text, kind, syllables, agreeing (how
    many of the last syllables rhyme), strength (0 to 1), is_sure, reading (pinyin), classes; with
    --with: text, with, rhyme (same, perfect, near, cross or null), strength, syllables, is_sure.

    \b
    lyricist rhyme 月光
    lyricist rhyme "hold me tonight" --kind perfect --limit 8
    lyricist rhyme 人生 --kind near --json
    lyricist rhyme "time goes by" --with 天上的白云在飘
    """
    rules = RhymeRules(system, loose)
    line = readable_line(read_text_argument(text))
    if other is not None:
        for name in _ONLY_FOR_WORDS:
            if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
                raise UsageError(f"--{name} is for lists of words", f"leave --{name} or --with out")
        _compare(line, readable_line(other), rules, as_json)
        return
    words = _words(line, kind, rules, limit)
    if not words:
        which = f"{kind} rhyme" if kind else "rhyme"
        raise LyricistError(
            f"no {which} of `{_end_of(line)}` is known", "try another kind or another word"
        )
    if as_json:
        for word in words:
            click.echo(json.dumps(asdict(word)))
        return
    say(_described(line))
    for name, group in itertools.groupby(words, key=lambda word: word.kind):
        say(f"{name}:")
        for syllables, row in itertools.groupby(group, key=lambda word: word.syllables):
            say(f"  {syllables}  {'  '.join(word.text for word in row)}")


def _words(line: SungLine, kind: Kind | None, rules: RhymeRules, limit: int) -> list[FoundWord]:
    from lyricist.craft.rhyme_search import KINDS, rhyming_words
    from lyricist.craft.song_words import NO_SONGS, song_words
    from lyricist.library.songbook import songbook_songs

    is_chinese = line.ending[-1].language == "zh"
    kinds = {kind} if kind else set(KINDS)
    if kind is None:
        # The English ones of several syllables are among the others.
        kinds -= {"multisyllabic"} if not is_chinese else set() if rules.loose else {"near"}
    songs = song_words(songbook_songs("zh")) if is_chinese else NO_SONGS
    return rhyming_words(line.ending, kinds, rules, limit, songs)


def _compare(first: SungLine, second: SungLine, rules: RhymeRules, as_json: bool) -> None:
    from lyricist.craft.rhyme import line_rhyme

    found = line_rhyme(first, second, rules)
    if as_json:
        fields = {
            "text": first.text,
            "with": second.text,
            "rhyme": found.grade if found else None,
            "strength": round(found.strength, 2) if found else 0.0,
            "syllables": found.syllables if found else 0,
            "is_sure": found.is_sure if found else _is_sure(first) and _is_sure(second),
        }
        click.echo(json.dumps(fields))
        return
    say(_described(first))
    say(_described(second))
    if found is None:
        say("do not rhyme")
        return
    count = f"{found.syllables} syllable{'s' if found.syllables > 1 else ''}"
    doubt = "" if found.is_sure else ", not sure how they are said"
    say(f"{_GRADES[found.grade]}: {count}, strength {found.strength:.2g}{doubt}")


_GRADES = {
    "same": "the same word, which repeats rather than rhymes",
    "perfect": "a perfect rhyme",
    "near": "a near rhyme",
    "cross": "a rhyme across languages",
}


def _end_of(line: SungLine) -> str:
    ending = line.ending
    if ending[-1].language == "zh":
        return "".join(unit.text for unit in ending)
    return ending[-1].text


def _is_sure(line: SungLine) -> bool:
    return line.ending[-1].is_sure


def _described(line: SungLine) -> str:
    """What the end of a line is, how it is said, and in Chinese its class in both systems."""
    from lyricist.craft.mandarin.finals import new_rhyme, thirteen_tracks
    from lyricist.craft.rhyme import syllable_readings

    unit = line.ending[-1]
    if unit.language == "en":
        said = " ".join(unit.pronunciations[0].rhyming_part)
        doubt = "" if unit.is_sure else "  (not in the dictionary: a guess)"
        return f"{unit.text}  {said}{doubt}"
    readings = syllable_readings(line.ending)
    if not readings:
        return _end_of(line)
    last = readings[-1]
    pinyin = " ".join(reading.pinyin for reading in readings)
    classes = f"{thirteen_tracks(last.final)} / {new_rhyme(last.final)}"
    others = "" if last.is_sure else ", ".join(other.pinyin for other in last.others)
    doubt = f"  (not sure: {last.character} is also {others})" if others else ""
    return f"{_end_of(line)}  {pinyin}  {classes}{doubt}"
