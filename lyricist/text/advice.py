"""Advice on a corpus: one line for each thing that a writer should know before training on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lyricist.text.corpus_report import CorpusReport
from lyricist.text.language import LANGUAGES

TINY_CORPUS = 2000
_MANY_REPEATED = 0.5
_MANY_SEEN_ONCE = 0.5
# In a few lines of Chinese most characters occur once.
_NEARLY_ALL = 0.85
_MANY_UNKNOWN = 0.1
# Fewer lines say nothing about how much is repeated.
_FEW_LINES = 20
_KINDS = {
    "credit": ("credit", "credits"),
    "copyright": ("copyright notice", "copyright notices"),
    "source": ("source of the text", "sources of the text"),
    "link": ("link", "links"),
    "time": ("time", "times"),
    "chords": ("line of chords", "lines of chords"),
    "tag": ("tag", "tags"),
}


def advice_on(report: CorpusReport) -> list[str]:
    """Return the remarks, the weightiest first."""
    return [
        *_on_size(report),
        *_on_language(report),
        *_on_repetition(report),
        *_on_script(report),
        *_on_boilerplate(report),
    ]


def in_words(kinds: Mapping[str, int]) -> str:
    """Return counts of boilerplate as words: `12 credits, 1 link`."""
    return ", ".join(f"{n:,} {_KINDS[kind][n != 1]}" for kind, n in kinds.items())


def _on_size(report: CorpusReport) -> Iterator[str]:
    if report.characters < TINY_CORPUS:
        yield (
            f"the corpus is tiny ({report.characters:,} characters): expect it to be learned by "
            "heart; add songs"
        )
    share = report.seen_once / report.characters
    if share > (_NEARLY_ALL if report.characters < TINY_CORPUS else _MANY_SEEN_ONCE):
        yield (
            f"{share:.0%} of the characters occur only once, so nothing can be learned from them: "
            "give songs with words that come back"
        )


def _on_language(report: CorpusReport) -> Iterator[str]:
    base, songs = report.base_language, report.language
    if not base:
        return
    unknown = report.unknowns / report.characters
    if base in LANGUAGES and songs in ("zh", "en") and base != songs:
        yield (
            f"the songs are {LANGUAGES[songs]}, but the base knows {LANGUAGES[base]}: choose "
            f"another base (for the shipped one, {songs}) or train from scratch"
        )
    elif (
        unknown > _MANY_UNKNOWN
        and report.characters >= TINY_CORPUS
        and not report.is_in_other_script
    ):
        yield (
            f"{unknown:.0%} of the characters are unknown to the base and are learned from these "
            "songs alone: give many, or choose another base"
        )


def _on_repetition(report: CorpusReport) -> Iterator[str]:
    given = report.songs + report.duplicate_songs
    if report.duplicate_songs * 2 >= given:
        left = "1 is" if report.songs == 1 else f"{report.songs:,} are"
        yield (
            f"{report.duplicate_songs:,} of {given:,} songs are the same as another and left out: "
            f"{left} left to learn from; add other songs"
        )
    share = report.repeated_lines / max(report.lines, 1)
    if share > _MANY_REPEATED and report.lines >= _FEW_LINES:
        yield (
            f"{share:.0%} of the lines have stood before: they will be learned by heart; "
            "write each chorus once, or add other songs"
        )


def _on_script(report: CorpusReport) -> Iterator[str]:
    mix = report.script_mix
    if mix.is_mixed:
        yield (
            f"simplified and traditional characters are mixed ({mix.simplified:,} and "
            f"{mix.traditional:,} of them): convert to one script "
            f"(--script {report.base_script or mix.prevailing})"
        )
    elif report.is_in_other_script:
        yield (
            f"the songs are in {mix.prevailing} characters, the base knows {report.base_script} "
            f"ones: convert them (--script {report.base_script})"
        )


def _on_boilerplate(report: CorpusReport) -> Iterator[str]:
    number = sum(n for _, n in report.boilerplate)
    if number:
        lines = "1 line is no lyric" if number == 1 else f"{number:,} lines are no lyrics"
        yield f"{lines} ({in_words(dict(report.boilerplate))}): leave them out (--clean)"
