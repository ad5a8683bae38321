"""`lyricist evaluate`: perplexity of songs under one model or several, and keys saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lyricist.cli.root import default_model
from lyricist.errors import UsageError
from lyricist.network.config import DEVICES
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.evaluation.keystrokes import Keystrokes
    from lyricist.evaluation.score import SongScores
    from lyricist.text.score import Score

_EAGERNESS = "normal"


@dataclass(frozen=True)
class Wish:
    """What is to be measured. own: text of the writer's known beforehand. remember: whether each
    song is known once it is read. characters: the most that the simulated writer writes. typing:
    how."""

    device: str
    adapt: bool
    own: str
    remember: bool
    keystrokes: bool
    characters: int
    typing: str


@click.command(short_help="Measure perplexity, or keys saved, on songs.")
@click.argument("file")
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="MODEL",
    help="A model in the library, or its folder; several are compared with the first.",
)
@click.option(
    "--adapt/--no-adapt",
    default=None,
    help="Learn from what has been read, as suggestions do. Default: with --keystrokes only.",
)
@click.option("--own", multiple=True, metavar="CORPUS", help="With --adapt: songs known before.")
@click.option("--alone", is_flag=True, help="With --adapt: forget each song when it is over.")
@click.option("--keystrokes", is_flag=True, help="Simulate a writer who takes what is right.")
@click.option(
    "--characters",
    type=click.IntRange(1),
    default=5000,
    show_default=True,
    help="With --keystrokes: write so many, from the first songs.",
)
@click.option(
    "--typing",
    type=click.Choice(["characters", "pinyin"]),
    default="characters",
    show_default=True,
    help="With --keystrokes: a key a character, or Chinese by pinyin and the space bar.",
)
@click.option("--device", type=click.Choice(DEVICES), default="auto")
@click.option("--scores", metavar="PATH", help="Write each character's log-probability there.")
@click.option("--json", "as_json", is_flag=True, help="One object a model on standard output.")
def evaluate(
    file: str,
    models: tuple[str, ...],
    adapt: bool | None,
    own: tuple[str, ...],
    alone: bool,
    keystrokes: bool,
    characters: int,
    typing: str,
    device: str,
    scores: str | None,
    as_json: bool,
) -> None:
    """Read the songs in FILE with a model, one after the other, and report perplexity per
    character.

    Characters outside the model's vocabulary are paid for by spelling them, so that the figures of
    any two models compare. Lines that stood in FILE before are reported apart from new ones.

    \b
    lyricist evaluate songs.txt --model zh --adapt
    lyricist evaluate songs.txt --model zh --model mine
    lyricist evaluate songs.txt --keystrokes --json
    """
    from lyricist.network.device import prepare_torch
    from lyricist.text.corpus import read_corpus

    adapts = keystrokes if adapt is None else adapt
    if (own or alone) and not adapts:
        raise UsageError("--own and --alone say what --adapt knows", "give --adapt as well")
    # One step at a time gains nothing by a second thread.
    prepare_torch(1)
    songs = [song.text for song in read_corpus([file]).songs]
    known = "\n\n\n".join(song.text for song in read_corpus(list(own)).songs) if own else ""
    wish = Wish(device, adapts, known, not alone, keystrokes, characters, typing)
    names = models or (default_model("".join(songs[:50])),)
    measured = []
    for name in names:
        if keystrokes:
            _tell(name, _keystroke_fields(_typed(name, songs, wish)), as_json)
            continue
        scored = _scored(name, songs, wish)
        measured.append(scored)
        fields = _fields(scored)
        if len(measured) > 1:
            fields |= _comparison_fields(measured[0], scored)
        _tell(name if len(names) > 1 else "", fields, as_json)
        if scores:
            _write_scores(Path(scores), scored)


def _scored(name: str, songs: Sequence[str], wish: Wish) -> list[SongScores]:
    from lyricist.evaluation.adaptation import adapted
    from lyricist.evaluation.network_scores import score_songs
    from lyricist.library.models import find_model
    from lyricist.network.checkpoint import load_model
    from lyricist.network.device import choose_device
    from lyricist.text.spelling import Spelling

    network, vocabulary, card = load_model(find_model(name), choose_device(wish.device))
    network.eval()
    spelling = Spelling(card.novelty)
    scored = score_songs(network, vocabulary, songs, spelling, card.has_boundaries)
    return list(adapted(scored, wish.own, wish.remember) if wish.adapt else scored)


def _typed(name: str, songs: Sequence[str], wish: Wish) -> Keystrokes:
    from lyricist.evaluation.keystrokes import Keystrokes, first_songs, simulate
    from lyricist.evaluation.typists import TYPISTS
    from lyricist.library.models import find_model
    from lyricist.network.decoder import load_decoder
    from lyricist.suggest.engine import SuggestionEngine
    from lyricist.suggest.gate import Gate
    from lyricist.suggest.suffix_index import SuffixIndex

    decoder, stored = load_decoder(find_model(name))
    own = SuffixIndex(wish.own) if wish.own else None
    engine = SuggestionEngine(
        decoder, stored.vocabulary, stored.card.has_boundaries, stored.card.novelty, own
    )
    gate = Gate()
    written = Keystrokes()
    texts = first_songs(songs, wish.characters)
    for typed in simulate(
        engine.answer,
        texts,
        lambda c: gate.lets_through(c.confidence, _EAGERNESS),
        wish.adapt,
        typist=TYPISTS[wish.typing],
    ):
        written += typed
    return written


def _fields(songs: Sequence[SongScores]) -> dict[str, Any]:
    from lyricist.evaluation.score import line_scores

    lines = line_scores(songs)
    total = lines.total
    return {
        **_score_fields(total),
        "unknown_share": total.unknown / total.characters,
        "lines": lines.lines,
        "repeated_lines": lines.repeated_lines,
        "new": _score_fields(lines.new),
        "repeated": _score_fields(lines.repeated),
    }


def _score_fields(score: Score) -> dict[str, Any]:
    if not score.characters:
        return {"characters": 0, "unknown": 0, "perplexity": None, "bits_per_character": None}
    return {
        "characters": score.characters,
        "unknown": score.unknown,
        "perplexity": score.perplexity,
        "bits_per_character": score.bits_per_character,
    }


def _comparison_fields(first: list[SongScores], scored: list[SongScores]) -> dict[str, Any]:
    from lyricist.evaluation.bootstrap import paired_ratio

    ratio = paired_ratio(first, scored)
    return {"ratio": ratio.ratio, "ratio_low": ratio.low, "ratio_high": ratio.high}


def _keystroke_fields(written: Keystrokes) -> dict[str, Any]:
    return {
        "characters": written.characters,
        "keys_unaided": written.unaided,
        "keys": written.keys,
        "keystrokes_saved": written.saved,
        "shown": written.shown_rate,
        "accepted": written.accepted_rate,
        "retained": written.retained_rate,
    }


def _tell(name: str, fields: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(({"model": name} if name else {}) | fields))
        return
    if name:
        click.echo(visible(name))
    for label, value in _rows(fields):
        click.echo(f"{label:<20}{value}")


def _rows(fields: dict[str, Any]) -> list[tuple[str, str]]:
    if "keys" in fields:
        return [
            ("characters", f"{fields['characters']:,}"),
            ("keys pressed", f"{fields['keys']:,} of {fields['keys_unaided']:,}"),
            ("keystrokes saved", f"{fields['keystrokes_saved']:.1%}"),
            ("ghost text shown", f"{fields['shown']:.1%} of the places"),
            ("something taken", f"{fields['accepted']:.1%} of these"),
            ("song taken", f"{fields['retained']:.1%}"),
        ]
    rows = [
        ("characters", f"{fields['characters']:,}"),
        ("unknown", f"{fields['unknown']:,} ({fields['unknown_share']:.2%})"),
        ("perplexity", f"{fields['perplexity']:.3f}"),
        ("bits per character", f"{fields['bits_per_character']:.4f}"),
    ]
    for name in ("new", "repeated"):
        part = fields[name]
        if part["characters"]:
            rows.append(
                (f"  {name} lines", f"{part['perplexity']:.3f} ({part['characters']:,} characters)")
            )
    if "ratio" in fields:
        low, high = fields["ratio_low"], fields["ratio_high"]
        rows.append(
            ("to the first", f"{fields['ratio']:.3f} (95 % between {low:.3f} and {high:.3f})")
        )
    return rows


def _write_scores(path: Path, songs: Sequence[SongScores]) -> None:
    from lyricist.library.atomic import write_bytes

    lines = [json.dumps({"text": s.text, "log_probs": list(s.log_probs)}) + "\n" for s in songs]
    write_bytes(path, "".join(lines).encode())
