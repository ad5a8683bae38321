"""How an error message repeats what somebody else wrote: on one line, and never much of it."""

from __future__ import annotations

from lyricist.text.display import visible

_MOST = 80


def quoted(found: object) -> str:
    """Return `found` as Python would write it, without control characters, cut to 80."""
    text = visible(repr(found))
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"
