import itertools
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual_plotext import PlotextPlot
from train_host import shown

from lyricist.app.widgets.perplexity_chart import (
    PerplexityChart,
    curves,
    linear_ticks,
    log_ticks,
)
from lyricist.training.events import Epoch


def epochs(*pairs):
    return [
        Epoch(n, n * 100, n * 1.0, train, held_out, 10.0, best=True)
        for n, (train, held_out) in enumerate(pairs, 1)
    ]


PERPLEXITY = st.floats(1, 1e6)


@given(PERPLEXITY, PERPLEXITY)
def test_log_ticks_enclose_the_values_with_few_rising_numbers(a, b):
    low, high = min(a, b), max(a, b)
    ticks = log_ticks(low, high)
    assert ticks[0] <= low and ticks[-1] >= high
    assert 2 <= len(ticks) <= 7
    assert all(x < y for x, y in itertools.pairwise(ticks))


@given(PERPLEXITY, PERPLEXITY)
def test_log_ticks_are_round_numbers(a, b):
    for tick in log_ticks(min(a, b), max(a, b)):
        mantissa = float(f"{tick:e}".partition("e")[0])
        assert mantissa in (1, 1.5, 2, 3, 5, 7)


@given(st.floats(0.01, 1000))
def test_epoch_ticks_start_at_zero_and_do_not_pass_the_end(last):
    ticks = linear_ticks(last)
    assert ticks[0] == 0 and ticks[-1] <= last * (1 + 1e-9)
    assert len(ticks) <= 6


def test_what_is_no_number_is_not_drawn():
    training, held_out = curves(
        epochs((math.inf, None), (math.nan, math.inf), (20.0, 30.0), (-1.0, 0.0))
    )
    assert training == [(3, 20.0)]
    assert held_out == [(3, 30.0)]


class ChartApp(App):
    def compose(self):
        yield PerplexityChart()


def rows_of_ticks(screen):
    """The row on which each number of the axis stands."""
    found = {}
    for row, line in enumerate(screen.split("\n")):
        match = re.match(r"\s*([\d,.]+)┤", line)
        if match:
            found[float(match[1].replace(",", ""))] = row
    return found


async def test_equal_ratios_are_equal_distances_on_the_axis():
    app = ChartApp()
    async with app.run_test(size=(80, 40)) as pilot:
        app.query_one(PerplexityChart).show(epochs((1000.0, 1000.0), (100.0, 300.0), (10.0, 90.0)))
        await pilot.pause()
        rows = rows_of_ticks(shown(app))
    assert {10.0, 100.0, 1000.0} <= set(rows)
    assert abs((rows[10.0] - rows[100.0]) - (rows[100.0] - rows[1000.0])) <= 1


async def test_drawing_again_changes_nothing():
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.query_one(PerplexityChart).show(epochs((500.0, 600.0), (50.0, 90.0), (20.0, 70.0)))
        await pilot.pause()
        first = shown(app)
        for _ in range(3):
            app.query_one(PlotextPlot).refresh()
            await pilot.pause()
        assert shown(app) == first


async def test_the_legend_tells_the_latest_numbers():
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        chart = app.query_one(PerplexityChart)
        assert "starts after" in chart.legend()
        chart.show(epochs((1234.5, 90.0), (20.0, 31.0)))
        await pilot.pause()
        assert "training 20.0" in shown(app)
        assert "held-out 31.0" in shown(app)
        assert "best 31.0 at epoch 2" in shown(app)


async def test_without_held_out_songs_only_the_training_curve_is_named():
    app = ChartApp()
    async with app.run_test() as pilot:
        chart = app.query_one(PerplexityChart)
        chart.show(epochs((20.0, None), (10.0, None)))
        await pilot.pause()
        assert "held-out" not in chart.legend()


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (12, 4)])
async def test_one_point_many_points_and_strange_ones_can_be_drawn_at_any_size(size):
    app = ChartApp()
    async with app.run_test(size=size) as pilot:
        chart = app.query_one(PerplexityChart)
        for values in (
            [],
            [(5.0, 5.0)],
            [(1.0, 1.0), (1.0, 1.0)],
            [(math.nan, None)],
            [(1e30, 2.0)],
            [(2.0 + n % 7, 3.0) for n in range(300)],
        ):
            chart.show(epochs(*values))
            await pilot.pause()


async def test_the_curves_take_the_colours_of_the_theme():
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        chart = app.query_one(PerplexityChart)
        chart.show(epochs((50.0, 60.0), (20.0, 40.0)))
        seen = []
        for theme in ("textual-dark", "textual-light"):
            app.theme = theme
            await pilot.pause()
            primary = app.theme_variables["primary"].lower()
            strips = app.screen._compositor.render_strips()
            colours = {
                segment.style.color.get_truecolor().hex
                for strip in strips
                for segment in strip
                if segment.style and segment.style.color
            }
            assert primary[:7] in colours
            seen.append(primary)
        assert len(set(seen)) == 2
