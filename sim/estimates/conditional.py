"""Probabilities among the runs that meet a condition, and how they change between two points with the same runs.

A row of parameters counts as one, whatever number of its runs met the condition. Given the condition a row weighs as
much as the share of its runs that did: so the range over the parameters is one of those that the condition leaves.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.estimates.by_row import Mean, student
from sim.estimates.intervals import (
    Estimate,
    Interval,
    clustered,
    edges,
    exact_bound,
    ignorance_share,
    independent,
    over_rows,
    prior_range,
)

Counts = npt.NDArray[np.int64]


def conditional(
    seen: Counts, given: Counts, by_row: bool, with_ignorance: bool = False, most_rows: int | None = None
) -> Estimate | None:
    """Probability of something in the runs that met a condition.

    Parameters
    ----------
    seen, given : ndarray of int, shape (rows,)
        Runs of each row that met the condition, and of these those in which it came. Where all runs count, `given` is
        the number of runs of each row, and the estimate that of any event.
    by_row : bool
        Whether rows have parameters of their own.
    with_ignorance : bool
        Whether to fit the range over the parameters, which takes some milliseconds.
    most_rows : int, optional
        Rows of parameters that there are, where they come again after so many.

    Returns
    -------
    Estimate or None
        None where no run met the condition. `runs` counts those that did.
    """
    runs, came = int(given.sum()), int(seen.sum())
    if runs == 0:
        return None
    if not by_row:
        return independent(came, runs)
    size = int(given.max())
    whole = given == size
    if (~whole).sum() <= 1 and not (~whole[:-1]).any():
        short = int(seen[~whole].sum()), int(given[~whole].sum())
        rows = np.bincount(seen[whole], minlength=size + 1)
        return clustered(rows, *short, with_ignorance=with_ignorance and size > 1, most_rows=most_rows)
    met = given > 0
    count, share = int(met.sum()), came / runs
    if came in (0, runs):
        bound = exact_bound(count)
        chance = (0.0, bound) if came == 0 else (1.0 - bound, 1.0)
    else:
        squares = float(((seen - given * share) ** 2).sum())
        if most_rows is not None and count > most_rows:
            squares, count = squares * count / most_rows, most_rows
        chance = over_rows(share, squares, runs, count)
    ignorance = None
    if with_ignorance and 0 < came < runs and met.sum() > 1:
        ignorance = range_given(seen[met], given[met])
    return Estimate(share, chance, ignorance, came, runs)


def enough(given: Counts, runs: Counts, least: int) -> bool:
    """Whether so many runs met a condition at least; where all did there is none."""
    return int(given.sum()) >= min(least, int(runs.sum()))


def range_given(
    seen: Counts, given: Counts, mass: float = 0.9, steps: int = 200, points: int = 81
) -> Interval:
    """Central range of a probability over parameters that meet a condition; as `prior_range`, of rows of any size.

    Parameters
    ----------
    seen, given : ndarray of int, shape (rows,)
        As in `conditional`; a row weighs as many as its runs that met the condition.
    """
    cells, counts = np.unique(np.stack([given, seen], axis=1), axis=0, return_counts=True)
    size, hits = cells[:, 0], cells[:, 1]
    grid = np.sin(np.linspace(0.0, math.pi / 2, points)) ** 2
    binomial = np.array([math.comb(n, k) for n, k in cells.tolist()], dtype=np.float64)
    likelihood = (
        binomial * grid[:, None] ** hits * (1 - grid[:, None]) ** (size - hits)
    )  # shape (points, cells)
    shares = counts * size / (counts * size).sum()
    weights = np.full(points, 1.0 / points)
    for _ in range(steps):
        fitted = weights @ likelihood
        weights *= (shares / np.maximum(fitted, 1e-300)) @ likelihood.T
    return _quantiles(weights, mass)


def _quantiles(weights: npt.NDArray[np.float64], mass: float) -> Interval:
    angles = np.linspace(0.0, math.pi / 2, len(weights))
    cumulative = np.concatenate([[0.0], np.cumsum(weights)])
    low, high = np.interp(((1 - mass) / 2, (1 + mass) / 2), cumulative, edges(angles))
    return float(low), float(high)


def ranges_by_date(seen: Counts, given: Counts) -> npt.NDArray[np.float64]:
    """Range over the parameters by every date, which never falls; shape (dates, 2).

    Parameters
    ----------
    seen : ndarray of int, shape (rows, dates)
    given : ndarray of int, shape (rows,)
    """
    size = int(given.max())
    whole = given == size
    if (~whole).sum() <= 1:
        rows = np.stack([np.bincount(day[whole], minlength=size + 1) for day in seen.T])
        found = prior_range(rows)
    else:
        met = given > 0
        found = np.array([range_given(day[met], given[met]) for day in seen.T])
    found[seen.sum(axis=0) == 0] = 0.0
    return np.maximum.accumulate(found, axis=0)


def change(seen: Counts, given: Counts, seen_there: Counts, given_there: Counts) -> Mean | None:
    """Probability here less that there, of two points with the same runs, row by row.

    The interval is Student's, of each row's part in either ratio, so that what a row does to both alike is not in it.

    Returns
    -------
    Mean or None
        None where at one of them no run met the condition.
    """
    here, there, count = int(given.sum()), int(given_there.sum()), len(given)
    if here == 0 or there == 0:
        return None
    share, share_there = seen.sum() / here, seen_there.sum() / there
    value = float(share - share_there)
    if np.array_equal(seen, seen_there) and np.array_equal(given, given_there):
        bound = exact_bound(count)
        return Mean(0.0, -bound, bound)
    if count < 2:
        return Mean(value, float("-inf"), float("inf"))
    parts = (seen - share * given) / here - (seen_there - share_there * given_there) / there
    half = student(count) * float(np.sqrt((parts**2).sum() * count / (count - 1)))
    return Mean(value, value - half, value + half)


def share_of_parameters(seen: Counts, given: Counts) -> float | None:
    """Share of the variance that not knowing the parameters makes, where all runs count; None else, or if unknown."""
    size = int(given.max())
    whole = given == size
    if (~whole).sum() > 1 or size < 2:
        return None
    return ignorance_share(np.bincount(seen[whole], minlength=size + 1))
