"""The line at the end of a text, completed to a length and a rhyme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lyricist.craft.modes import System
from lyricist.errors import LyricistError, UsageError
from lyricist.suggest.protocol import CopyRules, Lock, Request, SamplingSettings

if TYPE_CHECKING:
    from pathlib import Path

    from lyricist.suggest.protocol import Candidate


@dataclass(frozen=True)
class LockOptions:
    """syllables, rhyme: None where they were not given. The rest as in `Lock`."""

    syllables: int | None
    rhyme: str | None
    system: System
    loose: bool
    repeat: bool

    def lock(self) -> Lock | None:
        """Return what the line has to obey, None if nothing.

        Raises:
            UsageError: If the rhyme is empty, or judged otherwise without one.
        """
        if self.rhyme is not None and not self.rhyme.strip():
            raise UsageError("--rhyme is empty", "give a word or a line to rhyme with")
        if self.rhyme is None and (self.loose or self.repeat or self.system != "thirteen"):
            raise UsageError(
                "--system, --loose and --repeat say how to rhyme", "give --rhyme as well"
            )
        if self.rhyme is None and self.syllables is None:
            return None
        return Lock(self.syllables or 0, self.rhyme or "", self.system, self.loose, self.repeat)


def completed_line(
    folder: Path,
    device: str,
    prefix: str,
    sampling: SamplingSettings,
    lock: Lock,
    copies: CopyRules,
) -> tuple[Candidate, ...]:
    """Return how the last line of `prefix` may go on under `lock`, at least once, best first.

    Args:
        folder: Of the model.
        device: One of `network.config.DEVICES`.
        prefix: The song so far, up to where the line goes on.
        sampling: How lines are drawn, and how many are wanted.
        lock: What the line has to obey.
        copies: What becomes of lines that copy.

    Raises:
        LyricistError: If no line obeys, the model knows nothing of `prefix`, or cannot be used.
        UsageError: If sampling settings are impossible.
    """
    from lyricist.network.decoder import load_decoder
    from lyricist.network.prediction import check_prefix
    from lyricist.network.sampler import check_sampling
    from lyricist.suggest.copy_guard import guard_of
    from lyricist.suggest.engine import SuggestionEngine

    check_sampling(sampling.temperature, sampling.top_k, sampling.top_p)
    decoder, stored = load_decoder(folder, device)
    if prefix:
        check_prefix(prefix, stored.vocabulary)
    card = stored.card
    engine = SuggestionEngine(decoder, stored.vocabulary, card.has_boundaries, card.novelty)
    if copies.mode != "allow":
        engine.guard, _ = guard_of(folder, card)
    # What a song repeats word for word seldom fits a lock: the network draws alone.
    request = Request(0, prefix, sampling, asked=True, adapt=False, lock=lock, copies=copies)
    answer = engine.answer(request)
    assert answer is not None, "nothing makes this request stale"
    if not answer.candidates:
        reason = answer.reason or "nothing found"
        raise LyricistError(reason, "ask for another rhyme or number of syllables")
    return answer.candidates
