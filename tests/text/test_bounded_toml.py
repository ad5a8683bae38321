"""TOML of strangers: read as usual, and refused where it would keep the parser busy."""

import time

import pytest

from lyricist.text.bounded_toml import check_plain, parse_toml

MOST = 4_000_000


def test_what_people_write_is_read():
    assert parse_toml(b'a = "x"\n[b]\nc.d = [1, 2.5, true]\n', MOST) == {
        "a": "x",
        "b": {"c": {"d": [1, 2.5, True]}},
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x" * (MOST + 1), "larger than"),
        (b"a = [" + b"1," * 60_000 + b"]", "more than 50,000 values"),
        (b"a = 1\n" * 60_000, "more than 50,000 values"),
        (b"a" + b".a" * 64_000 + b" = 1", "keys of very many parts"),
        (b'"!"' + b'."!"' * 64_000 + b" = 1", "keys of very many parts"),
        (b'"="' + b'."="' * 64_000 + b" = 1", "keys of very many parts"),
        (b"x = {" + b"a." * 64_000 + b"a = 1}", "keys of very many parts"),
        (b"[" + b"a." * 1_000 + b"a]\n" + (b"[" + b"b." * 1_000 + b"b]\n") * 20, "very many parts"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"{b = " * 100_000, "nested too deeply"),
        (b"a = \xff", "decode"),
        (b"a = ", "Invalid value"),
    ],
    ids=range(12),
)
def test_what_would_take_minutes_is_refused_at_once(data, reason):
    began = time.perf_counter()
    with pytest.raises(ValueError, match=reason):
        parse_toml(data, MOST)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (parse_toml(b"a = 1979-05-27", MOST), "date or time"),
        (parse_toml(b"a = [07:32:00]", MOST), "date or time"),
        ({"a": 2**63}, "64 bits"),
        ({"a": [{"b": -(2**63) - 1}]}, "64 bits"),
        (parse_toml(b"a" + b".a" * 30 + b" = 1", MOST), "nested too deeply"),
    ],
)
def test_what_cannot_be_shown_is_not_plain(value, reason):
    with pytest.raises(ValueError, match=reason):
        check_plain(value)


def test_plain_values_are():
    check_plain({"a": [1, 2.5, True, "x", {"b": 2**63 - 1, "c": -(2**63)}], "d": float("inf")})
