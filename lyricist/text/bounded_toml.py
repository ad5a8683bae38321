"""TOML from outside, read in bounded time: what would keep the parser busy is refused before."""

from __future__ import annotations

import tomllib
from typing import Any

# The parser's time grows with the square of a key's parts: 128 kB of them took it 90 s. What parts
# a key is hard to see before, but it has no more of them than its line has dots.
_MOST_SQUARED_DOTS = 10_000_000
_MOST_VALUES = 50_000
_MOST_DEPTH = 16
_LARGEST = 2**63


def parse_toml(data: bytes, max_bytes: int) -> dict[str, Any]:
    """Return the table that `data` holds.

    Raises:
        ValueError: If it is larger than `max_bytes`, not UTF-8, no TOML, nested beyond reason, or
            holds very many values or very long keys.
    """
    if len(data) > max_bytes:
        raise ValueError(f"it is larger than {max_bytes:,} bytes")
    if data.count(b",") + data.count(b"\n") > _MOST_VALUES:
        raise ValueError(f"it holds more than {_MOST_VALUES:,} values")
    if sum(line.count(b".") ** 2 for line in data.split(b"\n")) > _MOST_SQUARED_DOTS:
        raise ValueError("it holds keys of very many parts")
    text = data.decode("utf-8")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def check_plain(value: Any, depth: int = _MOST_DEPTH) -> None:
    """Make sure that a value can be copied, shown and written as JSON.

    Raises:
        ValueError: If it is nested deeper than `depth`, or holds dates or whole numbers of more
            than 64 bits.
    """
    if depth < 0:
        raise ValueError("it is nested too deeply")
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        if not isinstance(value, str | int | float):
            raise ValueError("it holds a date or time")
        if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
            raise ValueError("it holds a number of more than 64 bits")
        return
    for item in value:
        check_plain(item, depth - 1)
