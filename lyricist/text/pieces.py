"""Long texts as bytes, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator

_PIECE = 200_000


def encoded_pieces(text: str) -> Iterator[bytes]:
    """Yield the UTF-8 of `text`, lone surrogates included.

    To encode a novel in one go would keep every other thread waiting, the screen's among them.
    """
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE].encode("utf-8", "surrogatepass")
