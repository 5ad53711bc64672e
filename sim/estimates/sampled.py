"""The probability of what is looked for in a sample only of the runs in which it can be."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.estimates.intervals import Estimate, clustered, exact_bound, independent, over_rows


def sampled(
    reached: npt.NDArray[np.int64],
    searched: npt.NDArray[np.int64],
    found: npt.NDArray[np.bool_],
    runs: int,
    size: int,
) -> Estimate:
    """Probability that a run comes to something and that what is looked for is then found in it.

    Share of the runs that came to it times the share found in a sample of those. The interval is Wilson's, with as many
    trials as would have the variance seen between rows, each found run counting for as many as it stands for; where
    none was found, the upper end for the first share times the exact bound for the second. Where all were searched it
    is the plain estimate over rows.

    Parameters
    ----------
    reached : ndarray of int64, shape (m,)
        Numbers of the runs, of 0 to `runs` - 1, that came to it.
    searched : ndarray of int64, shape (n,)
        Some of them, drawn at random; n > 0 unless m = 0.
    found : ndarray of bool, shape (n,)
        Whether it was found in each.
    runs : int
        At least 1.
    size : int
        Runs that share a draw of the parameters; 1 where all have one row.

    Returns
    -------
    Estimate
        `seen` counts what was found in the sample, `runs` all runs; ignorance only where all were searched.
    """
    if len(searched) == len(reached):
        return _whole(searched[found], runs, size)
    weight, seen = len(reached) / len(searched), int(found.sum())
    if seen == 0:
        most = _whole(reached, runs, size).chance[1]
        return Estimate(0.0, (0.0, most * exact_bound(len(np.unique(searched // size)))), None, 0, runs)
    return Estimate(weight * seen / runs, _interval(searched[found], weight, runs, size), None, seen, runs)


def _whole(seen: npt.NDArray[np.int64], runs: int, size: int) -> Estimate:
    if size == 1:
        return independent(len(seen), runs)
    whole = runs // size
    by_row = np.bincount(seen // size, minlength=whole + 1)
    rows = np.bincount(by_row[:whole], minlength=size + 1)
    return clustered(rows, int(by_row[whole]), runs - whole * size)


def _interval(seen: npt.NDArray[np.int64], weight: float, runs: int, size: int) -> tuple[float, float]:
    rows = -(-runs // size)
    sizes = np.full(rows, float(size))
    sizes[-1] = runs - (rows - 1) * size
    share = weight * len(seen) / runs
    totals = weight * np.bincount(seen // size, minlength=rows)
    return over_rows(share, float(((totals - sizes * share) ** 2).sum()), runs, rows)
