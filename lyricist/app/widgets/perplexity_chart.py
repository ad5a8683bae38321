"""The curve of a training run: training and held-out perplexity over epochs on a log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual_plotext import PlotextPlot

from lyricist.training.events import Epoch

Point = tuple[float, float]
_MAX_TICKS = 6


class PerplexityChart(Vertical):
    """A legend with the latest numbers, and below it the curves.

    The lower the curves, the better; where the held-out one turns up while the training one goes
    on falling, the network begins to learn the songs by heart.
    """

    DEFAULT_CSS = """
    PerplexityChart { height: 1fr; }
    PerplexityChart #legend { height: 1; padding: 0 1; }
    PerplexityChart PlotextPlot { height: 1fr; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._epochs: tuple[Epoch, ...] = ()
        self._plot = PlotextPlot()

    def compose(self) -> ComposeResult:
        """Lay out legend and plot."""
        yield Static(id="legend", markup=False)
        yield self._plot

    def on_mount(self) -> None:
        """Draw, and draw again when the theme changes."""
        self.app.theme_changed_signal.subscribe(self, lambda theme: self._draw())
        self._draw()

    def on_unmount(self) -> None:
        """Be forgotten: what is called when the theme changes would keep both widgets."""
        for widget in (self, self._plot):
            self.app.theme_changed_signal.unsubscribe(widget)

    def show(self, epochs: Sequence[Epoch]) -> None:
        """Draw these evaluations."""
        if tuple(epochs) != self._epochs:
            self._epochs = tuple(epochs)
            if self.is_mounted:
                self._draw()

    def legend(self) -> str:
        """Return what stands above the curves."""
        return self._legend().plain

    def _legend(self) -> Content:
        if not self._epochs:
            return Content("the curve starts after the first evaluation")
        last = self._epochs[-1]
        pieces: list[Content | str] = [
            Content.styled("━ training", "$primary"),
            f" {last.train_perplexity:,.1f}",
        ]
        if last.held_out_perplexity is not None:
            held_out = f" {last.held_out_perplexity:,.1f}"
            pieces += ["   ", Content.styled("━ held-out", "$warning"), held_out]
        best = next((epoch for epoch in reversed(self._epochs) if epoch.best), None)
        if best is not None and best.held_out_perplexity is not None:
            pieces.append(f"   best {best.held_out_perplexity:,.1f} at epoch {best.epoch:g}")
        return Content.assemble(*pieces)

    def _draw(self) -> None:
        self.query_one("#legend", Static).update(self._legend())
        plot = self._plot
        training, held_out = curves(self._epochs)
        plt = plot.plt
        plt.clear_data()
        plt.xaxes(True, False)
        plt.yaxes(True, False)
        for points, color in ((training, "primary"), (held_out, "warning")):
            if points:
                # plotext takes the logarithm anew at each drawing, so it is taken here.
                xs = [x for x, _ in points]
                ys = [math.log10(y) for _, y in points]
                plt.plot(xs, ys, marker="braille", color=self._rgb(color))
        values = [y for _, y in (*training, *held_out)]
        ticks = log_ticks(min(values), max(values)) if values else []
        if ticks:
            low, high = min(*values, *ticks), max(*values, *ticks)
            plt.ylim(math.log10(low), math.log10(high))
            plt.yticks([math.log10(tick) for tick in ticks], [f"{tick:,g}" for tick in ticks])
            last = max(x for x, _ in (*training, *held_out))
            plt.xlim(0, last)
            epochs = linear_ticks(last)
            plt.xticks(epochs, [f"{tick:g}" for tick in epochs])
        else:
            plt.xticks([])
            plt.yticks([])
        plot.refresh()

    def _rgb(self, variable: str) -> tuple[int, int, int]:
        return Color.parse(self.app.theme_variables[variable]).rgb


def curves(epochs: Sequence[Epoch]) -> tuple[list[Point], list[Point]]:
    """Return (epoch, perplexity) of training and held-out text, only what can be drawn."""
    training = [(e.epoch, e.train_perplexity) for e in epochs if _drawable(e.train_perplexity)]
    held_out = [
        (e.epoch, e.held_out_perplexity)
        for e in epochs
        if e.held_out_perplexity is not None and _drawable(e.held_out_perplexity)
    ]
    return training, held_out


def log_ticks(low: float, high: float) -> list[float]:
    """Return round values (1, 2, 5, 10, 20 ...) that enclose `low` to `high`, at most six.

    Args:
        low: The least value, above 0.
        high: The greatest value, not below `low`.
    """
    steps: list[float] = []
    for factors in ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        # One decade more at both ends, since the logarithm itself is rounded.
        exponents = range(math.floor(math.log10(low)) - 1, math.floor(math.log10(high)) + 2)
        steps = sorted(round(f * 10.0**e, 9) for e in exponents for f in factors)
        below = max((step for step in steps if step <= low), default=low)
        above = min((step for step in steps if step >= high and step > below), default=high)
        steps = [step for step in steps if below <= step <= above]
        if len(steps) <= _MAX_TICKS:
            return steps
    return steps[:: math.ceil(len(steps) / _MAX_TICKS)]


def linear_ticks(last: float) -> list[float]:
    """Return round values from 0 up to `last`, at most six."""
    if last <= 0:
        return [0.0]
    step = 10.0 ** math.floor(math.log10(last / (_MAX_TICKS - 1)))
    while last / step > _MAX_TICKS - 1:
        step *= 2 if f"{step:e}"[0] in "15" else 2.5
    return [round(step * i, 9) for i in range(math.floor(last / step + 1e-9) + 1)]


def _drawable(value: float) -> bool:
    return math.isfinite(value) and value > 0
