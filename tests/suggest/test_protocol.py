"""The protocol survives any text, one line a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyricist.suggest import protocol
from lyricist.training import events


@given(st.text(), st.integers(0, 10**9), st.booleans())
def test_requests_round_trip(prefix, revision, asked):
    sampling = protocol.SamplingSettings(temperature=1.3, seed=4)
    copies = protocol.CopyRules("withhold", 9, 7)
    request = protocol.Request(revision, prefix, sampling, asked, copies=copies)
    line = protocol.to_line(request)
    assert line.count("\n") == 1 and line.endswith("\n") and line.isascii()
    assert protocol.from_line(line) == request


def test_answers_round_trip():
    answer = protocol.Answer(
        3,
        (
            protocol.Candidate("雨\x1b[2J", -1.5),
            protocol.Candidate("夜", -2.0, copied=protocol.Length(12, 3)),
        ),
        (protocol.NextCharacter("\n", 0.5),),
        12.5,
        1,
        3.25,
    )
    assert protocol.from_line(protocol.to_line(answer)) == answer


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", "null", '{"kind": "answer"}', '{"kind": "x"}', "[" * 100_000, '{"kind": []}'],
)
def test_anything_else_is_refused(line):
    with pytest.raises(ValueError):
        protocol.from_line(line)


@pytest.mark.parametrize(
    "line", [b"\xff", b'{"event": ' * 50_000, b'{"event": "epoch", "epoch": []']
)
def test_what_is_no_training_event_is_refused(line):
    with pytest.raises(ValueError):
        events.from_line(line)
