"""How long a fine-tuning may take unless the writer says: no torch."""

# Seconds for corpora of so many characters, and what a corpus between them gets.
_SHORT_SECONDS, _SHORT_CHARACTERS = 100.0, 50_000
_LONG_SECONDS, _LONG_CHARACTERS = 520.0, 1_000_000


def seconds_for(characters: int) -> float:
    """Return the limit of a fine-tuning on so many characters, the held-out ones included."""
    share = (characters - _SHORT_CHARACTERS) / (_LONG_CHARACTERS - _SHORT_CHARACTERS)
    return _SHORT_SECONDS + (_LONG_SECONDS - _SHORT_SECONDS) * min(max(share, 0.0), 1.0)
