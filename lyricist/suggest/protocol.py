"""What the editor and the suggestion service say to each other: one JSON object a line.

Client to service: `Request`, `FitRequest`, `UseModel`. Service to client: `Ready`, `Answer`,
`Fit`, `Measured`, `Failure`. A newer request supersedes an older one, which is then never answered.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from lyricist.text.passages import Length


@dataclass(frozen=True)
class SamplingSettings:
    """How candidates are drawn.

    temperature: logits are divided by it; 0 means greedy. top_k: 0 means all. top_p: nucleus mass.
    """

    count: int = 5
    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 0.9
    max_length: int = 48
    seed: int | None = None


@dataclass(frozen=True)
class Lock:
    """What every candidate has to make of its line.

    syllables: of the whole line; 0 for any number. rhyme: text on whose end it has to rhyme, empty
    for none. system, loose: how rhymes are judged (see `craft.rhyme.RhymeRules`). repeat: whether
    it may end on the very word that it rhymes with. reading: pinyin of the last Chinese character
    of `rhyme`, where the writer picked it.
    """

    syllables: int = 0
    rhyme: str = ""
    system: Literal["thirteen", "new"] = "thirteen"
    loose: bool = False
    repeat: bool = False
    reading: str = ""

    def __bool__(self) -> bool:
        return self.syllables > 0 or bool(self.rhyme)


@dataclass(frozen=True)
class CopyRules:
    """What becomes of candidates that run word for word as in what the model was trained on.

    mode: `mark` says so, `withhold` proposes others, `allow` does not look. characters, words: from
    which length on a run counts.
    """

    mode: Literal["mark", "withhold", "allow"] = "mark"
    characters: int = 12
    words: int = 6


@dataclass(frozen=True)
class Request:
    """The text before the cursor, for which candidates are wanted.

    revision: the editor's counter; answers carry it back. prefix: song text up to the cursor,
    already bounded by the client. suffix: song text behind the cursor, bounded as well.
    asked: the writer pressed a key for it, so an empty line end is not an acceptable answer.
    adapt: mix in what this song and the writer's other songs repeat. path: the song's file, whose
    saved text is not one of the other songs; empty where it has none. lock: what candidates have to
    obey. copies: what becomes of those that copy.
    """

    revision: int
    prefix: str
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    asked: bool = False
    suffix: str = ""
    adapt: bool = True
    path: str = ""
    lock: Lock = Lock()
    copies: CopyRules = CopyRules()


@dataclass(frozen=True)
class FitRequest:
    """Texts of which is asked how well each fits behind `prefix`; it counts as a request."""

    revision: int
    prefix: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class UseModel:
    """Switch to another model (a name in the library or a folder)."""

    model: str


@dataclass(frozen=True)
class Sources:
    """Where a suggestion comes from, shares that add up to 1: the network, the writer's other
    songs, this song."""

    network: float = 1.0
    writer: float = 0.0
    song: float = 0.0


@dataclass(frozen=True)
class Candidate:
    """A proposed continuation of the line.

    text: has no newline. log_prob: its mean per character in nats. confidence: probability, 0 to
    1, that its first word is what comes next. sources: where its characters come from. copied: how
    long it runs, with what stands before it, as in what the model was trained on; None if it does
    not.
    """

    text: str
    log_prob: float
    confidence: float = 0.0
    sources: Sources = Sources()
    copied: Length | None = None


@dataclass(frozen=True)
class NextCharacter:
    """One likely next character and its probability."""

    character: str
    probability: float


@dataclass(frozen=True)
class Ready:
    """The service has loaded a model. held_out_perplexity is None where the card has none.

    unguarded: why copies of what it was trained on cannot be told, empty where they can.
    """

    model: str
    path: str
    vocabulary_size: int
    held_out_perplexity: float | None
    device: str
    unguarded: str = ""


@dataclass(frozen=True)
class Answer:
    """Candidates for one revision, best first, with what the model pane shows.

    perplexity: of the prefix under the model, None for an empty prefix. steps: network steps
    taken over the prefix. milliseconds: from reading the request to writing the answer.
    line_complete: the model thinks that the line ends here. reason: why there are no candidates
    that obey the lock, or none that are no copies, in a few words; empty otherwise.
    """

    revision: int
    candidates: tuple[Candidate, ...]
    next_characters: tuple[NextCharacter, ...]
    perplexity: float | None
    steps: int
    milliseconds: float
    line_complete: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Fit:
    """The mean log-probability in nats of a character of each text, in the order of the request."""

    revision: int
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Measured:
    """The perplexity after the service had time to read what it skipped before its answer."""

    revision: int
    perplexity: float | None


@dataclass(frozen=True)
class Failure:
    """The service could not do what was asked; `message` is one line for the status bar.

    revision is None when it concerns a model rather than a request.
    """

    message: str
    revision: int | None = None


Question = Request | FitRequest
Report = Ready | Answer | Fit | Measured | Failure
Message = Question | UseModel | Report

_KINDS: dict[str, type] = {
    "request": Request,
    "fit_request": FitRequest,
    "use_model": UseModel,
    "ready": Ready,
    "answer": Answer,
    "fit": Fit,
    "measured": Measured,
    "failure": Failure,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_line(message: Message) -> str:
    """Return `message` as one line of ASCII JSON, newline included."""
    return json.dumps({"kind": _NAMES[type(message)], **asdict(message)}) + "\n"


def from_line(line: str | bytes) -> Message:
    """Parse one line.

    Raises:
        ValueError: If the line is not a message of this protocol.
    """
    try:
        fields: dict[str, Any] = json.loads(line)
        kind = _KINDS[fields.pop("kind")]
        if kind is Request:
            fields["sampling"] = SamplingSettings(**fields.get("sampling", {}))
            fields["lock"] = Lock(**fields.get("lock", {}))
            fields["copies"] = CopyRules(**fields.get("copies", {}))
        elif kind is FitRequest:
            fields["texts"] = tuple(fields["texts"])
        elif kind is Fit:
            fields["scores"] = tuple(fields["scores"])
        elif kind is Answer:
            fields["candidates"] = tuple(map(_candidate, fields["candidates"]))
            fields["next_characters"] = tuple(NextCharacter(**c) for c in fields["next_characters"])
        message: Message = kind(**fields)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"not a protocol line: {error}") from error
    return message


def _candidate(fields: dict[str, Any]) -> Candidate:
    copied = fields.get("copied")
    parts = {
        "sources": Sources(**fields.get("sources", {})),
        "copied": None if copied is None else Length(*copied),
    }
    return Candidate(**{**fields, **parts})
