"""A text continued by so many characters, with a look at what is copied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lyricist.errors import LyricistError
from lyricist.suggest.protocol import Candidate, CopyRules, SamplingSettings

# So often others are drawn in place of those withheld.
_ROUNDS = 8


def continuations(
    folder: Path, device: str, prefix: str, sampling: SamplingSettings, copies: CopyRules
) -> list[Candidate]:
    """Return how `prefix` may go on, at least once, best first.

    Args:
        folder: Of the model.
        device: One of `network.config.DEVICES`.
        prefix: The text.
        sampling: How to draw; `max_length` characters each.
        copies: What becomes of those that copy. Where they are withheld, fewer than were asked for
            may be left.

    Raises:
        LyricistError: If the model cannot be used, knows nothing of `prefix`, or only copies.
        UsageError: If sampling settings are impossible.
    """
    from lyricist.network.decoder import load_decoder
    from lyricist.network.prediction import predict
    from lyricist.suggest.copy_guard import guard_of

    decoder, stored = load_decoder(folder, device)
    guard = guard_of(folder, stored.card)[0] if copies.mode != "allow" else None
    found: dict[str, Candidate] = {}
    wanted, seed = sampling.count, sampling.seed
    for turn in range(_ROUNDS):
        drawn = predict(
            decoder,
            stored.vocabulary,
            prefix,
            length=sampling.max_length,
            count=wanted,
            temperature=sampling.temperature,
            top_k=sampling.top_k,
            top_p=sampling.top_p,
            seed=None if seed is None else seed + turn,
            start_with_boundary=stored.card.has_boundaries,
        )
        candidates = [Candidate(one.text, one.log_prob) for one in drawn]
        if guard is None:
            return candidates
        copied = guard.copied(prefix, "", [one.text for one in drawn], copies)
        if copies.mode == "mark":
            return [replace(one, copied=copied.get(one.text)) for one in candidates]
        found.update((one.text, one) for one in candidates if one.text not in copied)
        wanted = sampling.count - len(found)
        if wanted <= 0 or sampling.temperature == 0:
            break
    if not found:
        raise LyricistError(
            "every continuation ran as in the training text",
            "ask for a shorter one with --length, or give --copies mark",
        )
    return sorted(found.values(), key=lambda one: -one.log_prob)
