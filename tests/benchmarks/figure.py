"""One measured figure beside what it is compared with."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A row of the table.

    value and baseline are in `unit`. ratio: how many times better than the baseline, so that
    higher is better; goal: the ratio wanted. limit: the best value that this machine could reach,
    measured in the same run; share_of_limit: how near the value comes to it, 1 is there.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: float | None = None
    limit: float | None = None
    share_of_limit: float | None = None


def smaller_is_better(
    name: str,
    value: float,
    unit: str,
    baseline: float | None = None,
    goal: float | None = None,
    limit: float | None = None,
) -> Figure:
    """A figure such as a time."""
    ratio = None if baseline is None else baseline / value
    share = None if limit is None else limit / value
    return Figure(name, value, unit, baseline, ratio, goal, limit, share)


def larger_is_better(
    name: str,
    value: float,
    unit: str,
    baseline: float | None = None,
    goal: float | None = None,
) -> Figure:
    """A figure such as a share."""
    ratio = None if not baseline else value / baseline
    return Figure(name, value, unit, baseline, ratio, goal)


def alternating_medians(
    works: dict[str, Callable[[], object]], repeats: int = 15, calls: int = 1
) -> dict[str, float]:
    """Median seconds of a call of several works, taken in turn so that all meet the same noise.

    Args:
        works: By name.
        repeats: Turns.
        calls: Calls in a row at each turn, for what is called in a row in use: the weights of one
            work are out of the caches after the others had their turn.
    """
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            work()
            started = time.perf_counter()
            for _ in range(calls):
                work()
            times[name].append((time.perf_counter() - started) / calls)
    return {name: statistics.median(values) for name, values in times.items()}
