"""The benchmarks run and print figures; how good these are is read in the table, not asserted."""

import importlib
import math
import sys

import pytest

from lyricist.cli.bench import NAMES, find_benchmarks

find_benchmarks()

QUICK = {
    "decode": {"model": "en"},
    "suggest": {"model": "en", "repeats": 3},
    "locked": {"pairs": 3},
    "originality": {"model": "en", "prefixes": 12},
    "craft": {},
    "keystroke": {"keys": 24, "languages": ("zh",)},
    "memory": {"keys": 240},
    "start": {"repeats": 1},
    "load": {"megabytes": 1, "files": 400, "models": 3},
    "train": {"seconds": 2, "limit_seconds": 1.0},
    "finetune": {"base": "en", "sizes": (1000,), "options": ("--epochs=1", "--threads=1")},
    "networks": {"seconds": 0.2},
}


def measure(name):
    module = importlib.import_module(f"lyricist.benchmarks.{name}")
    return list(module.measure(**QUICK[name]))


@pytest.mark.parametrize("name", ["decode", "suggest", "locked", "originality", "craft", "train"])
def test_what_is_computed_is_measured(name):
    check(measure(name), name)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc and pseudo-terminals")
@pytest.mark.parametrize("name", ["keystroke", "memory", "start", "load"])
def test_the_real_app_is_measured(name):
    check(measure(name), name)


def test_fine_tuning_is_measured(tmp_path, monkeypatch):
    songs = [f"the rain came down on street {n}\nand nobody was home again\n" for n in range(40)]
    (tmp_path / "songs.txt").write_text("\n\n\n".join(songs), encoding="utf-8")
    monkeypatch.setitem(QUICK["finetune"], "corpus", str(tmp_path / "songs.txt"))
    check(measure("finetune"), "finetune")


def test_networks_are_measured(tmp_path, monkeypatch):
    for name, first in (("corpus", 0), ("held_out", 40)):
        songs = [f"the rain came down on street {first + n}\nnobody was home\n" for n in range(40)]
        path = tmp_path / f"{name}.txt"
        path.write_text("\n\n\n".join(songs), encoding="utf-8")
        monkeypatch.setitem(QUICK["networks"], name, str(path))
    rows = measure("networks")
    assert len({row.name for row in rows}) == len(rows) >= 8
    for row in rows:
        assert row.characters > 0 and 0 < row.bits_per_character < 20
    smallest, *_, largest = sorted(row.weights for row in rows if row.step_ms)
    assert largest < 1.1 * smallest


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
