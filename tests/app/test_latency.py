"""What is measured between a key and what the writer sees of it."""

import json

import pytest

from lyricist.app.latency import Latencies, log_path


def test_a_character_is_measured_to_the_frame_that_shows_it():
    latencies = Latencies()
    latencies.typed(1, 10.0)
    latencies.displayed(10.001)
    assert latencies.own_character == (), "a frame drawn before the key does not show it"
    latencies.drawn()
    latencies.typed(2, 10.002)
    latencies.displayed(10.004)
    assert latencies.own_character == pytest.approx((4.0,))
    latencies.drawn()
    latencies.displayed(10.012)
    assert latencies.own_character == pytest.approx((4.0, 10.0))
    latencies.displayed(11)
    assert len(latencies.own_character) == 2


def test_a_ghost_is_measured_from_its_own_key_only():
    latencies = Latencies()
    latencies.typed(1, 10.0)
    latencies.drawn()
    latencies.displayed(10.005)
    latencies.answered(7, already_shown=False)
    latencies.drawn()
    latencies.displayed(10.006)
    assert latencies.ghost == ()
    latencies.answered(1, already_shown=False)
    latencies.displayed(10.007)
    latencies.drawn()
    latencies.displayed(10.02)
    assert latencies.ghost == pytest.approx((20.0,))
    latencies.answered(1, already_shown=False)
    latencies.drawn()
    latencies.displayed(10.03)
    assert len(latencies.ghost) == 1, "what the writer asked for by a key of its own is no typing"


def test_a_ghost_that_the_next_key_overtakes_is_not_measured():
    latencies = Latencies()
    latencies.typed(1, 10.0)
    latencies.answered(1, already_shown=False)
    latencies.typed(2, 10.01)
    latencies.drawn()
    latencies.displayed(10.02)
    assert latencies.ghost == ()
    assert len(latencies.own_character) == 2


def test_a_ghost_that_stays_as_it_was_needs_no_drawing():
    latencies = Latencies()
    latencies.typed(1, 10.0)
    latencies.answered(1, already_shown=True)
    latencies.displayed(10.02)
    assert latencies.ghost == pytest.approx((20.0,))


def test_the_last_two_hundred_are_kept_and_the_log_has_all(tmp_path):
    latencies = Latencies(keeps_all=True)
    for number in range(250):
        latencies.typed(number, float(number))
        latencies.drawn()
        latencies.displayed(number + 0.5)
    assert len(latencies.own_character) == 200
    log = tmp_path / "log"
    latencies.write_log(str(log))
    latencies.write_log(str(log))
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == 500
    assert lines[0] == {"kind": "own_character", "milliseconds": 500.0}
    latencies.write_log(str(tmp_path / "nowhere" / "log"))


def test_the_log_is_written_where_the_variable_says():
    assert log_path({}) == ""
    assert log_path({"LYRICIST_LATENCY_LOG": "x"}) == "x"


def test_the_installed_command_logs_what_it_measured(tmp_path, home):
    from pseudo_terminal import PseudoTerminal

    log = tmp_path / "log"
    app = PseudoTerminal([], home, LYRICIST_LATENCY_LOG=str(log))
    try:
        app.wait_for("Accept")
        app.type("abc")
        app.wait_for("abc")
        app.child.kill(15)
        app.finish()
    finally:
        app.close()
    kinds = [json.loads(line)["kind"] for line in log.read_text().splitlines()]
    assert kinds.count("own_character") == 3
