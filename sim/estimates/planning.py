"""How many runs a precision needs, told from a pilot that no result uses.

The number is a function of the pilot alone. Given it, an estimate from other runs is the mean of a fixed number of
them: unbiased, and its interval is worth what it says. Stopping at the first sight of a narrow interval is not: runs in
which little happened to come look precise, and are believed too early.

What is foreseen is the width that will be reported, which is itself estimated. So the spread between rows is taken at
an upper bound, which allows for the luck of the pilot and for that of the runs to come.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.estimates.intervals import TAIL, exact_bound, wilson
from sim.simulate.parameter_draws import RUNS_PER_ROW

LEAST_RUNS = 2_000
ASSURANCE = 1.644854  # 95% quantile of the standard normal, one side
PSEUDO = 1
"""Rows added that saw it in every run, and as many that saw it in none: what the pilot may have missed."""

DIGITS = 3  # of a number of runs

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """How an event is spread over the units that count: draws of the parameters, or runs where all share one row.

    Attributes
    ----------
    share : mean over units of the share of a unit's runs that saw it
    variance, fourth : second (unbiased) and fourth central moments of that share
    units : units that it was told from
    size : runs of a unit
    """

    share: float
    variance: float
    fourth: float
    units: int
    size: int

    def upper_variance(self, units: int) -> float:
        """Upper 95% bound of the variance that will be found between so many other units."""
        square = max(0.0, self.fourth - self.variance**2) * (1 / self.units + 1 / units)
        return min(self.variance + ASSURANCE * math.sqrt(square), 0.25 * units / (units - 1))


def runs_needed(rows: Counts, precision: float, by_row: bool) -> int:
    """Least number of runs whose reported interval by chance is narrow enough, with a probability of 95% or more.

    Parameters
    ----------
    rows : ndarray of int, shape (RUNS_PER_ROW + 1,)
        The pilot's whole rows, two or more, by the number of their runs in which the event came.
    precision : float
        Half the width that is wanted, greater than 0.
    by_row : bool
        Whether runs of a row share drawn parameters.

    Returns
    -------
    int
        Whole rows, `LEAST_RUNS` or more, rounded up to three digits.
    """
    spread = spread_of(rows, by_row, PSEUDO)

    def narrow(units: int) -> bool:
        return half_width(spread, units, spread.upper_variance(units)) <= precision

    units = _least(narrow, math.ceil(LEAST_RUNS / spread.size))
    return _rounded_up(units * spread.size)


def foreseen(rows: Counts, runs: int, by_row: bool) -> tuple[float, float]:
    """Half the width that so many runs are expected to report, and the one that 95% of jobs keep below.

    Where the pilot saw it in no run, or in every run, the first is that of the same finding over so many runs.

    Parameters
    ----------
    rows : ndarray of int, shape (RUNS_PER_ROW + 1,)
        As for `runs_needed`.
    runs : int
        1 or more.
    by_row : bool
    """
    seen, cautious = spread_of(rows, by_row, 0), spread_of(rows, by_row, PSEUDO)
    units = max(2, math.ceil(runs / seen.size))
    expected = exact_bound(units) / 2 if seen.share in (0, 1) else half_width(seen, units, seen.variance)
    return expected, max(expected, half_width(cautious, units, cautious.upper_variance(units)))


def spread_of(rows: Counts, by_row: bool, pseudo: int) -> Spread:
    """Spread that a pilot's rows show, with so many units added that saw it in all of their runs, and in none."""
    size = len(rows) - 1
    seen = int((rows * np.arange(size + 1)).sum())
    units = rows if by_row else np.array([int(rows.sum()) * size - seen, seen])
    weights = units.astype(np.float64)
    weights[[0, -1]] += pseudo
    shares, total = np.linspace(0.0, 1.0, len(weights)), float(weights.sum())
    share = float((weights * shares).sum()) / total
    deviations = shares - share
    variance = float((weights * deviations**2).sum()) / (total - 1)
    fourth = float((weights * deviations**4).sum()) / total
    return Spread(share, variance, fourth, int(units.sum()), size if by_row else 1)


def half_width(spread: Spread, units: int, variance: float) -> float:
    """Half the width of the interval that is reported from so many units with such a variance between them."""
    within = spread.share * (1 - spread.share)
    runs = units * spread.size
    trials = min(runs, within * units / variance) if variance > 0 else runs
    low, high = wilson(spread.share, max(trials, 1.0), _quantile(spread, units))
    return (high - low) / 2


def _quantile(spread: Spread, units: int) -> float:
    """Student's t over rows, the normal's over independent runs: as the report has it."""
    from scipy import special

    return float(special.stdtrit(units - 1, 1 - TAIL) if spread.size > 1 else special.ndtri(1 - TAIL))


def _least(enough: Callable[[int], bool], least: int) -> int:
    """Least number, from `least` on, that is enough; more are enough too."""
    low, high = least - 1, least
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _rounded_up(runs: int) -> int:
    """Whole rows, and three digits: the last bit of a logarithm then moves the number on hardly any machine."""
    step = math.lcm(RUNS_PER_ROW, 10 ** max(0, len(str(runs)) - DIGITS))
    return math.ceil(runs / step) * step
