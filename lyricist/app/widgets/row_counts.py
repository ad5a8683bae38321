"""How many rows each line of a song takes on the screen, and which line a row belongs to."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCK = 512


class RowCounts:
    """Row counts of lines, kept in blocks with their sums.

    Looking up and replacing touch one block and the list of blocks, never every line, so that a
    key costs the same in a long song.

    Args:
        counts: Rows of each line, at least one.
    """

    def __init__(self, counts: Sequence[int] = (1,)) -> None:
        self._blocks = [list(counts[at : at + _BLOCK]) for at in range(0, len(counts), _BLOCK)]
        self._sums = [sum(block) for block in self._blocks]
        self.lines = len(counts)
        self.rows = sum(self._sums)

    def __len__(self) -> int:
        return self.lines

    def __getitem__(self, line: int) -> int:
        block, within = self._block_of(line)
        return self._blocks[block][within]

    def rows_before(self, line: int) -> int:
        """Return how many rows the lines above `line` take."""
        block, within = self._block_of(line)
        return sum(self._sums[:block]) + sum(self._blocks[block][:within])

    def line_at(self, row: int) -> tuple[int, int]:
        """Return the line that `row` belongs to, and its number among that line's rows.

        Raises:
            IndexError: If there is no such row.
        """
        if not 0 <= row < self.rows:
            raise IndexError(row)
        line = 0
        for block, total in zip(self._blocks, self._sums, strict=True):
            if row < total:
                break
            row -= total
            line += len(block)
        for count in block:
            if row < count:
                break
            row -= count
            line += 1
        return line, row

    def replace(self, first: int, last: int, counts: Sequence[int]) -> None:
        """Put `counts` in place of the lines from `first` to `last`, both included."""
        low, low_within = self._block_of(first)
        high, high_within = self._block_of(last)
        merged = [
            *self._blocks[low][:low_within],
            *counts,
            *self._blocks[high][high_within + 1 :],
        ]
        # Up to twice its size a block stays one: a typed line end then moves no other block.
        size = len(merged) if len(merged) <= 2 * _BLOCK else _BLOCK
        blocks = [merged[at : at + size] for at in range(0, len(merged), max(size, 1))]
        sums = [sum(block) for block in blocks]
        self.lines += len(counts) - (last - first + 1)
        self.rows += sum(sums) - sum(self._sums[low : high + 1])
        self._blocks[low : high + 1] = blocks
        self._sums[low : high + 1] = sums

    def _block_of(self, line: int) -> tuple[int, int]:
        """Return the block that holds `line`, and its place there.

        Raises:
            IndexError: If there is no such line.
        """
        if 0 <= line < self.lines:
            # From the nearer end: writers mostly are at the end of a song.
            if line < self.lines // 2:
                for number, block in enumerate(self._blocks):
                    if line < len(block):
                        return number, line
                    line -= len(block)
            left = self.lines
            for number in range(len(self._blocks) - 1, -1, -1):
                left -= len(self._blocks[number])
                if line >= left:
                    return number, line - left
        raise IndexError(line)
