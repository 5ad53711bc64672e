"""Bins for counts: even ones, or ones that widen where the tail is long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from sim.report.figures.result import quantile

WIDENING = (0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
WIDTHS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000)
MOST_BINS = 32
LONG_TAIL = 5  # times the median, exceeded by the highest hundredth


@dataclass(frozen=True)
class Bins:
    """Bins of whole numbers: the k-th holds `low[k]` to `high[k]`, both included; `beyond` runs lie above.

    `uncounted` runs have the highest value that is counted by itself, or more: the last bin is then open.
    """

    low: np.ndarray
    high: np.ndarray
    runs: np.ndarray
    beyond: int
    widening: bool
    uncounted: int = 0

    def position(self, value: float) -> float:
        """Where a value lies on an axis on which every bin is one wide and the first is centred on 0."""
        edges = np.append(self.low - 0.5, self.high[-1] + 0.5)
        return float(np.interp(value, edges, np.arange(len(edges)) - 0.5))

    def ticks(self) -> tuple[list[float], list[str]]:
        """Place and word the marks of that axis: every bin if they widen, otherwise round values."""
        if self.widening:
            step = 1 if len(self.low) <= 12 else 2
            labels = list(map(_span, self.low, self.high))
            if self.uncounted:
                labels[-1] = f"{self.low[-1]:,}\nor more"
            return [float(k) for k in range(0, len(self.low), step)], labels[::step]
        values = MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]).tick_values(0, float(self.high[-1]))
        inside = [value for value in values if 0 <= value <= self.high[-1]]
        return [self.position(value) for value in inside], [f"{value:,.0f}" for value in inside]


def bins_of(values: pd.DataFrame) -> Bins:
    """Choose bins for values and their runs: if the tail is long, widening ones that show all of it."""
    if quantile(values, 0.99) > max(12, LONG_TAIL * quantile(values, 0.5)):
        return _widening(values)
    return _even(values, max(1, quantile(values, 0.99)))


def _even(values: pd.DataFrame, top: int) -> Bins:
    width = next((w for w in WIDTHS if top < w * MOST_BINS), 1 + top // MOST_BINS)
    low = np.arange(0, top + 1, width)
    return _filled(values, low, low + width - 1, widening=False)


def _widening(values: pd.DataFrame) -> Bins:
    top = int(values["value"].max())
    low = np.array([edge for edge in WIDENING if edge <= top])
    high = np.append(low[1:] - 1, max(top, _next_edge(low[-1]) - 1))
    return _filled(values, low, high, widening=True)


def _next_edge(edge: int) -> int:
    return next((other for other in WIDENING if other > edge), edge)


def _filled(values: pd.DataFrame, low: np.ndarray, high: np.ndarray, widening: bool) -> Bins:
    numbers, runs = values["value"].to_numpy(), values["runs"].to_numpy()
    inside = numbers <= high[-1]
    which = np.searchsorted(low, numbers[inside], side="right") - 1
    counted = np.bincount(which, weights=runs[inside], minlength=len(low)).astype(np.int64)
    more = values.get("or_more", pd.Series(False, index=values.index)).to_numpy(dtype=bool)
    return Bins(low, high, counted, int(runs[~inside].sum()), widening, int(runs[more].sum()))


def _span(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,}–\n{high:,}"
