"""Cutting a line into the words that decide how its characters are read."""

from __future__ import annotations

from lyricist.craft.mandarin.tables import LONGEST_WORD, is_own_word, is_word


def words_of(text: str) -> tuple[tuple[int, int], ...]:
    """Cut `text` into the fewest words, and return the start and end of each, in order.

    A character outside of every word stands alone. Among cuts into as few words the one with the
    longest word wins (慢慢地|走), then the one with more words of ours (两行|脚印, not 两|行脚|印),
    then the one that leaves the longer word for the end, which is more often right in Chinese. The
    work grows with the length only: at each place at most `LONGEST_WORD` words are looked up.

    Args:
        text: Simplified Chinese; what is not Chinese belongs to no word.
    """
    # Per end: how many words, minus the squares of their lengths, minus how many of them are ours,
    # and where the last one starts.
    best: list[tuple[int, int, int, int]] = [(0, 0, 0, 0)]
    for end in range(1, len(text) + 1):
        best.append(
            min(
                (
                    best[start][0] + 1,
                    best[start][1] - (end - start) ** 2,
                    best[start][2] - is_own_word(text[start:end]),
                    start,
                )
                for start in range(max(0, end - LONGEST_WORD), end)
                if start == end - 1 or is_word(text[start:end])
            )
        )
    spans = []
    end = len(text)
    while end:
        start = best[end][-1]
        spans.append((start, end))
        end = start
    return tuple(reversed(spans))
