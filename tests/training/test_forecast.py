"""How long a run will take, told before it starts."""

import pytest

from lyricist.library.paths import shipped_models
from lyricist.network.card import read_card
from lyricist.text.corpus_report import CorpusReport
from lyricist.training.forecast import duration, forecast, round_number
from lyricist.training.recipes import recipe_for
from lyricist.training.time_limit import seconds_for


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
    assert "in 10 min about" in advice and "time limit" in advice


def test_a_fine_tuning_has_a_limit():
    base = read_card(shipped_models() / "zh")
    found = forecast(report(1_000_000, distinct=3000), "finetune", base, cores=1)
    assert found.limit == seconds_for(1_000_000) < 600 < found.seconds
    assert "about 9 min" in found.sentence() and "at most" in found.sentence()
    (advice,) = forecast(report(50_000_000, distinct=3000), "finetune", base, cores=1).advice()
    assert "in 9 min about" in advice and "another time limit" in advice
    assert forecast(report(700_000), "scratch", cores=2).limit is None


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
