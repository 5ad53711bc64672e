"""Estimates from what draws of the parameters came to: at one point, and between two points that share their luck.

A row counts as one: its runs share their parameters. Two points with the same runs are compared row by row, so that
what luck and parameters do to both alike is in neither interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.estimates.intervals import TAIL, Estimate, clustered, exact_bound, independent

Rows = npt.NDArray[np.void]
"""Records of `sim.simulate.responses.RESPONSE`, all of one point."""


@dataclass(frozen=True)
class Mean:
    """A mean over runs, and its 95% interval by chance."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0

    def columns(self, name: str) -> dict[str, float]:
        """The mean and its ends as columns of a table: `name`, `name_low` and `name_high`."""
        return {name: self.value, f"{name}_low": self.low, f"{name}_high": self.high}


def probability(
    rows: Rows, event: str, by_row: bool, with_ignorance: bool = False, most_rows: int | None = None
) -> Estimate:
    """Probability of an event at a point.

    Parameters
    ----------
    rows : ndarray of RESPONSE
        Of one point; as many runs of each, but for the last, which may have fewer.
    event : one of `sim.outcomes.ROW_EVENTS`
    by_row : bool
        Whether rows have parameters of their own, drawn from the prior.
    with_ignorance : bool
        Whether to fit the range over the prior, which takes a few milliseconds; runs alone in their rows tell none.
    most_rows : int, optional
        Rows of parameters that there are, where they come again after so many.
    """
    seen, runs = rows[event], rows["runs"]
    if not by_row:
        return independent(int(seen.sum()), int(runs.sum()))
    size = int(runs.max())
    whole = runs == size
    counts = np.bincount(seen[whole], minlength=size + 1)
    short = int(seen[~whole].sum()), int(runs[~whole].sum())
    return clustered(counts, *short, with_ignorance=with_ignorance and size > 1, most_rows=most_rows)


def mean(rows: Rows, name: str) -> Mean:
    """Mean of a quantity or an event (none is below zero) over the runs of a point, with Student's t over its rows."""
    found = _ratio(rows[name].astype(np.float64), rows["runs"].astype(np.float64))
    return Mean(found.value, max(0.0, found.low), found.high)


def difference(rows: Rows, other: Rows, name: str) -> Mean:
    """Mean of a quantity or an event at a point, less that at another with the same runs, row by row.

    Raises
    ------
    ValueError
        When the two do not have the same rows.
    """
    if not (np.array_equal(rows["row"], other["row"]) and np.array_equal(rows["runs"], other["runs"])):
        raise ValueError("the two points do not have the same runs")
    return _ratio(rows[name].astype(np.float64) - other[name], rows["runs"].astype(np.float64))


def bounded_difference(rows: Rows, other: Rows, name: str, by_row: bool) -> Mean:
    """As `difference`; of an event that moves alike in every row, what so many rows (runs, unless `by_row`) leave.

    Rows seen alike do not tell that all are: a row that moves otherwise is at most as frequent as the exact bound on an
    event never seen, and moves by -1 at least and +1 at most.
    """
    found = difference(rows, other, name)
    if rows[name].dtype.kind != "i" or not _all_alike(rows, other, name):
        return found
    bound, value = exact_bound(len(rows) if by_row else int(rows["runs"].sum())), found.value
    return Mean(value, value - bound * (1.0 + value), value + bound * (1.0 - value))


def _all_alike(rows: Rows, other: Rows, name: str) -> bool:
    """Whether the share of runs moves by the same in every row."""
    moved = (rows[name] - other[name]) / rows["runs"]
    return bool((moved == moved[0]).all())


def saved_by_pairing(rows: Rows, other: Rows, name: str) -> float:
    """How many times smaller the variance of a difference is for sharing rows and luck: unpaired over paired.

    Unpaired is what two points with runs of their own would have, as many each. Infinite where no row differs.
    """
    one, two = (part[name] / part["runs"] for part in (rows, other))
    paired = float(np.var(one - two, ddof=1))
    unpaired = float(np.var(one, ddof=1) + np.var(two, ddof=1))
    return unpaired / paired if paired > 0 else float("inf")


def of_point(found: Rows, point: int) -> Rows:
    """Rows of a point among those of many, which are in order of points."""
    first, last = np.searchsorted(found["point"], (point, point + 1))
    return found[first:last]


def _ratio(totals: npt.NDArray[np.float64], runs: npt.NDArray[np.float64]) -> Mean:
    """Mean over runs, from the totals of rows that need not be of one size."""
    value = float(totals.sum() / runs.sum())
    count = len(runs)
    if count < 2:
        return Mean(value, float("-inf"), float("inf"))
    squares = float(((totals - value * runs) ** 2).sum())
    half = student(count) * (squares * count / (count - 1)) ** 0.5 / float(runs.sum())
    return Mean(value, value - half, value + half)


def student(count: int) -> float:
    """Student's quantile of a 95% interval from so many rows."""
    from scipy import special

    return float(special.stdtrit(count - 1, 1 - TAIL))
