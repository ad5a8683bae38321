"""The benchmarks run and print figures; how good these are is read in the table, not asserted."""

import importlib
import math
import sys

import pytest

from lyricist.cli.bench import NAMES, find_benchmarks

find_benchmarks()

QUICK = {
    "decode": {"model": "en"},
    "suggest": {"model": "en"},
    "keystroke": {"keys": 24},
    "memory": {"keys": 240},
    "start": {"repeats": 1},
    "train": {"seconds": 2, "limit_seconds": 1.0},
}


def measure(name):
    module = importlib.import_module(f"lyricist.benchmarks.{name}")
    return list(module.measure(**QUICK[name]))


@pytest.mark.parametrize("name", ["decode", "suggest", "train"])
def test_what_is_computed_is_measured(name):
    check(measure(name), name)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc and pseudo-terminals")
@pytest.mark.parametrize("name", ["keystroke", "memory", "start"])
def test_the_real_app_is_measured(name):
    check(measure(name), name)


def check(figures, name):
    assert len(figures) >= 2
    assert len({figure.name for figure in figures}) == len(figures)
    for figure in figures:
        assert figure.name.startswith(name)
        assert figure.value > 0 and math.isfinite(figure.value)
        if figure.baseline is not None:
            assert figure.ratio > 0


def test_every_benchmark_of_the_command_is_tried():
    assert set(QUICK) == set(NAMES)
