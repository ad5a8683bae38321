"""Broken inputs made of whole ones: bits, lengths, pieces, numbers and structure are changed."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable, Sequence
from typing import Any

MOST_BYTES = 20_000
_NUMBERS = (
    0,
    1,
    -1,
    3.5,
    255,
    65_535,
    2**31,
    2**32 - 1,
    2**63 - 1,
    2**63,
    10**9,
    10**30,
    1e308,
    10**400,
)
_TEXTS = (
    "",
    "1e9",
    "NaN",
    "true",
    "../../etc/x",
    "/etc/x",
    "~/x",
    "CON",
    "-rf",
    "a\0b",
    "a\nb",
    "\x1b]0;PWNED\x07",
    "\u202egpj",
    "\ud800",
    "\ufeff",
    "e\u0301",
    "👩‍👩‍👧",
    "ﷺ" * 40,
    "[@click=app.quit]x[/]",
    "[/Hook]",
    "x" * 3000,
    "9" * 400,
)
VALUES: tuple[Any, ...] = (
    None, True, False, *_NUMBERS, float("nan"), float("inf"), *_TEXTS, [], {}, [[]], [None],
    {"": 1},
)  # fmt: skip
_WORDS = (
    *(text.encode("utf-8", "surrogatepass") for text in _TEXTS),
    b"\0", b"\r\n", b"\r", b"\x85", b"\xe2\x80\xa8", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf",
    b"\xc0\x80", b"\xed\xa0\x80", b"[", b"{", b'"', b"[[", b"]]", b"'''", b'"""', b"=", b",", b"#",
    b"\\u0000", b"\\ud800", b"1979-05-27T07:32:00Z", b"1e999", b"-0.0", b"0x7fffffffffffffff",
    b"inf", b"nan", b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02", b"\x80\x04\x95", b"[00:00.00]",
    b"a.a.a.a", b"[Chorus]", b"\xe3\x80\x90", b"F64", b"I8", b"__metadata__",
)  # fmt: skip


def mutate(drawn: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Return `data` with one to five changes.

    Args:
        others: Inputs that pieces may be taken from.
    """
    for _ in range(drawn.choice((1, 1, 1, 2, 2, 3, 5))):
        change = drawn.choice(_CHANGES)
        data = change(drawn, data) if change is not _splice else _splice(drawn, data, others)
    return data[:MOST_BYTES]


def mutate_json(drawn: random.Random, value: Any) -> Any:
    """Return a copy of a JSON value with one to three places changed."""
    for _ in range(drawn.choice((1, 1, 2, 3))):
        value = _changed(drawn, value)
    return value


def json_bytes(drawn: random.Random, value: Any) -> bytes:
    """Write a mutated JSON value down, now and then with a key twice or nested without end."""
    text = json.dumps(mutate_json(drawn, value), ensure_ascii=drawn.random() < 0.5)
    data = text.encode("utf-8", "surrogatepass")
    chance = drawn.random()
    if chance < 0.02:
        return data.replace(b"{", b'{"format": 1, "format": 2,', 1)
    if chance < 0.025:
        return drawn.choice((b"[", b'{"a":', b'[{"a":')) * drawn.choice((900, 5_000, 100_000))
    if chance < 0.3:
        return mutate(drawn, data)
    return data


def mutate_toml(drawn: random.Random, text: str) -> bytes:
    """Return a TOML text with a few lines changed."""
    lines = text.split("\n")
    for _ in range(drawn.choice((1, 1, 2, 3))):
        at = drawn.randrange(len(lines))
        chance = drawn.random()
        if chance < 0.6:
            lines[at] = f"{lines[at].partition('=')[0]}= {_toml(drawn)}"
        elif chance < 0.7:
            del lines[at]
        elif chance < 0.8:
            lines.insert(drawn.randrange(len(lines)), lines[at])
        elif chance < 0.9:
            lines[at] = drawn.choice(("[", "[[", "")) + lines[at] + drawn.choice(("]", "]]", ".a"))
        else:
            lines.insert(at, f"{'a.' * drawn.choice((1, 5, 40, 5000))}b = {_toml(drawn)}")
        lines = lines or [""]
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    return mutate(drawn, data) if drawn.random() < 0.3 else data


def _toml(drawn: random.Random) -> str:
    if drawn.random() < 0.2:
        return drawn.choice(
            ("1979-05-27", "07:32:00", "[" * 2000, "{a={b={c={d={e={f=1}}}}}}", "[1,[2,[3,[4]]]]",
             "0x" + "f" * 20, "0x" + "f" * 400, "'''", "nan", "-inf", "1_000",
             "{}", "[{}]", "[1, 'a']")
        )  # fmt: skip
    value = drawn.choice(VALUES)
    return json.dumps(value) if value is not None else ""


def _changed(drawn: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and drawn.random() < 0.85:
        key = drawn.choice(list(value))
        chance = drawn.random()
        if chance < 0.1:
            return {k: v for k, v in value.items() if k != key}
        if chance < 0.2:
            return {**value, str(drawn.choice(_TEXTS)): drawn.choice(VALUES)}
        if chance < 0.3:
            renamed = str(drawn.choice(_TEXTS))
            return {renamed if k == key else k: v for k, v in value.items()}
        return {**value, key: _changed(drawn, value[key])}
    if isinstance(value, list) and value and drawn.random() < 0.85:
        at = drawn.randrange(len(value))
        chance = drawn.random()
        if chance < 0.1:
            return value[:at] + value[at + 1 :]
        if chance < 0.2:
            return [*value, *value * drawn.choice((1, 3, 300))][:2000]
        return [_changed(drawn, v) if n == at else v for n, v in enumerate(value)]
    if type(value) is int and drawn.random() < 0.5:
        return value + drawn.choice((-1, 1, -2, 1000, 2**32, 2**63))
    return drawn.choice(VALUES)


def _flip(drawn: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(drawn.choice((1, 1, 2, 8))):
        if changed:
            changed[drawn.randrange(len(changed))] ^= 1 << drawn.randrange(8)
    return bytes(changed)


def _byte(drawn: random.Random, data: bytes) -> bytes:
    if not data:
        return bytes((drawn.randrange(256),))
    at = drawn.randrange(len(data))
    return data[:at] + bytes((drawn.choice((0, 1, 0x7F, 0x80, 0xFF, 0x1B)),)) + data[at + 1 :]


def _cut(drawn: random.Random, data: bytes) -> bytes:
    return data[: drawn.randrange(len(data) + 1)]


def _remove(drawn: random.Random, data: bytes) -> bytes:
    begin, end = _piece(drawn, data)
    return data[:begin] + data[end:]


def _repeat(drawn: random.Random, data: bytes) -> bytes:
    begin, end = _piece(drawn, data)
    return data[:end] + data[begin:end] * drawn.choice((1, 2, 20)) + data[end:]


def _move(drawn: random.Random, data: bytes) -> bytes:
    begin, end = _piece(drawn, data)
    rest = data[:begin] + data[end:]
    at = drawn.randrange(len(rest) + 1)
    return rest[:at] + data[begin:end] + rest[at:]


def _word(drawn: random.Random, data: bytes) -> bytes:
    at = drawn.randrange(len(data) + 1)
    gone = drawn.choice((0, 0, 1, 4))
    return data[:at] + drawn.choice(_WORDS) + data[at + gone :]


def _length(drawn: random.Random, data: bytes) -> bytes:
    """A whole number as files hold them, where one may be."""
    code = drawn.choice(("<H", "<I", "<Q", ">I"))
    size = struct.calcsize(code)
    number = drawn.choice((0, 1, 2, 8, 255, 4096, 65_535, 2**31 - 1, 2**32 - 1, 2**63))
    at = drawn.choice((0, drawn.randrange(len(data) + 1)))
    return data[:at] + struct.pack(code, number % 256**size) + data[at + size :]


def _number(drawn: random.Random, data: bytes) -> bytes:
    """A number written out, in place of another one."""
    places = [n for n, byte in enumerate(data[:4000]) if 0x30 <= byte <= 0x39]
    if not places:
        return data
    begin = end = drawn.choice(places)
    while end < len(data) and 0x30 <= data[end] <= 0x39:
        end += 1
    return data[:begin] + str(drawn.choice(_NUMBERS)).encode() + data[end:]


def _splice(drawn: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    if not others:
        return data
    other = drawn.choice(others)
    begin, end = _piece(drawn, other)
    at = drawn.randrange(len(data) + 1)
    return data[:at] + other[begin:end] + data[at + drawn.choice((0, end - begin)) :]


def _piece(drawn: random.Random, data: bytes) -> tuple[int, int]:
    begin = drawn.randrange(len(data) + 1)
    return begin, min(len(data), begin + drawn.choice((1, 2, 4, 16, 64, 400)))


_CHANGES: tuple[Callable[..., bytes], ...] = (
    _flip, _byte, _cut, _remove, _repeat, _move, _word, _word, _length, _number, _splice,
)  # fmt: skip
