"""How long a run will take, told before it starts."""

import pytest

from lyricist.library.paths import shipped_models
from lyricist.network.card import read_card
from lyricist.text.corpus_report import CorpusReport
from lyricist.training.forecast import duration, forecast, round_number
from lyricist.training.recipes import recipe_for


def report(characters, songs=100, distinct=100):
    return CorpusReport(1, songs, 0, characters // 30, characters, distinct)


def test_more_to_read_takes_longer_and_more_cores_less():
    base = read_card(shipped_models() / "zh")
    short, long = (forecast(report(n), "finetune", base, cores=2) for n in (100_000, 150_000))
    assert 1.3 * short.seconds < long.seconds < 1.5 * short.seconds
    once, twice = (forecast(report(n), "scratch", cores=2) for n in (100_000, 200_000))
    assert twice.seconds == pytest.approx(2 * once.seconds)
    assert forecast(report(100_000), "finetune", base, cores=8).seconds < short.seconds
    assert forecast(report(100_000), "finetune", base, "cuda").seconds < short.seconds


@pytest.mark.parametrize("characters", [500, 50_000, 500_000, 50_000_000])
@pytest.mark.parametrize("recipe", ["scratch", "tutorial"])
def test_passes_are_those_of_the_recipe(characters, recipe):
    found = forecast(report(characters), recipe)
    assert found.passes == recipe_for(recipe, characters, 100).epochs
    assert found.seconds > 0
    assert f"{found.passes} passes)" in found.sentence()


def test_a_run_that_may_stop_earlier_says_so():
    assert "at most" in forecast(report(50_000), "scratch").sentence()
    assert "at most" not in forecast(report(50_000), "tutorial").sentence()


def test_a_very_large_corpus_gets_advice():
    assert forecast(report(50_000), "scratch").advice() == []
    (advice,) = forecast(report(50_000_000, distinct=5000), "scratch", cores=2).advice()
    assert "in 10 minutes about" in advice and "time limit" in advice


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (17, "17 s"),
        (64, "60 s"),
        (125, "2 min"),
        (3000, "50 min"),
        (7900, "2 h"),
        (300_000, "3 days"),
    ],
)
def test_durations_are_round(seconds, words):
    assert duration(seconds) == words


def test_numbers_are_round():
    assert [round_number(n) for n in (0, 7, 14, 26, 149, 8_765_432)] == [
        1,
        7,
        14,
        30,
        150,
        9_000_000,
    ]
