"""How many keys suggestions save: a simulated writer types held-out songs and takes what is right.

The writer sees what the app shows and never writes anything but the song. Taking a candidate costs
one key (Tab, or Alt and its number), and so does taking the next word of the ghost text (Ctrl+→),
which is another candidate's after the keys that lead to it (Alt+] and Alt+[). Everything else is
typed as a typist types it (see `typists`). The measure is that of Trnka & McCoy 2008.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lyricist.evaluation.typists import KeyACharacter, Typed, Typist, keys_for
from lyricist.suggest.protocol import Answer, Candidate, Request, SamplingSettings
from lyricist.text.lines import next_word

# What the app sends (`suggest.client.MAX_PREFIX`).
_MAX_PREFIX = 2048


@dataclass(frozen=True)
class Keystrokes:
    """characters: of the songs. unaided: keys that they take without suggestions. keys: pressed.
    looks: places at which the writer looked at what was proposed. shown: of these, with ghost text.
    accepted: keys that took some of it, or another candidate. inserted: characters so taken."""

    characters: int = 0
    unaided: int = 0
    keys: int = 0
    looks: int = 0
    shown: int = 0
    accepted: int = 0
    inserted: int = 0

    def __add__(self, other: Keystrokes) -> Keystrokes:
        """Both together."""
        return Keystrokes(
            self.characters + other.characters,
            self.unaided + other.unaided,
            self.keys + other.keys,
            self.looks + other.looks,
            self.shown + other.shown,
            self.accepted + other.accepted,
            self.inserted + other.inserted,
        )

    @property
    def saved(self) -> float:
        """Share of the keys that were not needed."""
        return 1 - self.keys / self.unaided if self.unaided else 0.0

    @property
    def shown_rate(self) -> float:
        """Share of the places with ghost text."""
        return self.shown / self.looks if self.looks else 0.0

    @property
    def accepted_rate(self) -> float:
        """Share of those times that something was taken."""
        return self.accepted / self.shown if self.shown else 0.0

    @property
    def retained_rate(self) -> float:
        """Share of the song that was taken rather than typed."""
        return self.inserted / self.characters if self.characters else 0.0


def first_songs(songs: Iterable[str], characters: int) -> Iterator[str]:
    """Yield the first songs, the last one cut where `characters` are reached."""
    left = characters
    for song in songs:
        if left <= 0:
            return
        yield song[:left]
        left -= len(song)


def simulate(
    answer: Callable[[Request], Answer | None],
    songs: Iterable[str],
    is_shown: Callable[[Candidate], bool] = lambda candidate: True,
    adapt: bool = True,
    sampling: SamplingSettings | None = None,
    typist: Typist | None = None,
) -> Iterator[Keystrokes]:
    """Yield what each song took to write.

    Args:
        answer: Of the suggestion engine.
        songs: Normalized texts.
        is_shown: Whether a candidate is worth showing as ghost text.
        adapt: Whether the suggestions learn from the song.
        sampling: How candidates are drawn.
        typist: How what is not taken is typed; None for a key a character.
    """
    sampling = sampling or SamplingSettings(seed=0)
    typist = typist or KeyACharacter()
    revision = 0
    for text in songs:
        place = keys = looks = shown = accepted = inserted = 0
        while place < len(text):
            revision += 1
            prefix = text[max(0, place - _MAX_PREFIX) : place]
            found = answer(Request(revision, prefix, sampling, adapt=adapt))
            candidates = found.candidates if found is not None else ()
            ghost = candidates[0].text if candidates and is_shown(candidates[0]) else ""
            looks += 1
            shown += ghost != ""
            offer = _best(typist, text, place, candidates, ghost != "")
            if offer is not None:
                keys += offer.keys
                accepted += 1
                inserted += offer.characters
                place += offer.characters
            else:
                typed = typist.next(text, place)
                keys += typed.keys
                place += typed.characters
        unaided = keys_for(typist, text)
        yield Keystrokes(len(text), unaided, keys, looks, shown, accepted, inserted)


def _best(
    typist: Typist, text: str, place: int, candidates: tuple[Candidate, ...], words: bool
) -> Typed | None:
    """What of the candidates is right and saves most keys; None where typing on is no worse."""
    offers = [(candidate.text, 1) for candidate in candidates]
    if words:
        # Alt+] and Alt+[ go round, so the last one is a key away.
        away = [min(n, len(candidates) - n) for n in range(len(candidates))]
        offers += [(next_word(c.text), n + 1) for c, n in zip(candidates, away, strict=True)]
    right = [(offer, keys) for offer, keys in offers if text.startswith(offer, place)]
    saved = {Typed(len(offer), keys): keys_for(typist, offer) - keys for offer, keys in right}
    best = max(saved, key=lambda typed: (saved[typed], typed.characters), default=None)
    return best if best is not None and saved[best] > 0 else None
