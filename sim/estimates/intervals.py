"""Probabilities and their bounds: what chance leaves open, and what not knowing the parameters leaves open.

Chance is the error of a finite number of runs, as a 95% interval. Runs that share a parameter draw are alike, so
that they do not count one by one: the interval is taken over rows. Ignorance is the range of the probability
itself over the prior of the parameters, which no number of runs narrows.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Interval = tuple[float, float]
TAIL = 0.025


@dataclass(frozen=True)
class Estimate:
    """A probability, and how far it can be trusted.

    Attributes
    ----------
    probability : in [0, 1]
    chance : 95% interval over the luck of the runs
    ignorance : central 90% over the parameters' prior; None when they are not drawn, or none or all was seen
    seen, runs : how often it came, in how many runs
    """

    probability: float
    chance: Interval
    ignorance: Interval | None
    seen: int
    runs: int

    @property
    def half_width(self) -> float:
        """Half the width of the interval by chance."""
        return (self.chance[1] - self.chance[0]) / 2

    def columns(self, name: str) -> dict[str, float]:
        """The probability and its interval as columns of a table: `name`, `name_low` and `name_high`."""
        return {name: self.probability, f"{name}_low": self.chance[0], f"{name}_high": self.chance[1]}

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self) | {
            "chance": list(self.chance),
            "ignorance": None if self.ignorance is None else list(self.ignorance),
        }


def wilson(share: float, trials: float, quantile: float = 1.959964) -> Interval:
    """Wilson's score interval of a share seen in so many (effective) trials.

    Parameters
    ----------
    share : float
        In [0, 1].
    trials : float
        Greater than 0; need not be whole.
    quantile : float
        Of the standard normal, or of Student's t where the variance is estimated.
    """
    square = quantile * quantile / trials
    centre = (share + square / 2) / (1 + square)
    half = quantile / (1 + square) * math.sqrt(share * (1 - share) / trials + square / (4 * trials))
    return max(0.0, centre - half), min(1.0, centre + half)


def exact_bound(trials: int) -> float:
    """Upper 97.5% bound of a probability of which nothing was seen in so many trials: 1 - 0.025^(1/n)."""
    return -math.expm1(math.log(TAIL) / trials)


def independent(seen: int, runs: int) -> Estimate:
    """Estimate from independent runs of one row: Wilson, and the exact bound when none or all were seen."""
    share = seen / runs
    chance = _bound(seen, runs) if seen in (0, runs) else wilson(share, runs)
    return Estimate(share, chance, None, seen, runs)


def clustered(
    rows: npt.NDArray[np.int64],
    short_seen: int = 0,
    short_size: int = 0,
    with_ignorance: bool = True,
    most_rows: int | None = None,
) -> Estimate:
    """Estimate from runs in draws of the parameters.

    Wilson's interval with as many trials as would have the variance seen between rows, and Student's t; when nothing
    was seen, the exact bound on the share of rows that see any, which bounds the probability too. One row tells nothing
    of others, and counts as one trial.

    Parameters
    ----------
    rows : ndarray of int, shape (size + 1,)
        Number of whole rows by the number of their runs in which it came.
    short_seen, short_size : int
        The same for one row that was cut short.
    with_ignorance : bool
        Whether to fit the range over the prior, which takes a few milliseconds.
    most_rows : int, optional
        Rows that there are, where they come again after so many. The interval is then as wide as that of so many rows,
        which is a little too wide, since the luck within a row is another each time.
    """
    size = len(rows) - 1
    hits = np.arange(size + 1)
    count = int(rows.sum()) + (short_size > 0)
    runs = int(rows.sum()) * size + short_size
    seen = int((rows * hits).sum()) + short_seen
    share = seen / runs
    squares = float((rows * (hits - size * share) ** 2).sum()) + (short_seen - short_size * share) ** 2
    ignorance = _ignorance(rows) if with_ignorance and 0 < seen < runs else None
    return Estimate(
        share, _over_rows(seen, runs, *_limited(squares, count, most_rows)), ignorance, seen, runs
    )


def _limited(squares: float, count: int, most_rows: int | None) -> tuple[float, int]:
    """Squares and number of rows, as if those that came again had not."""
    if most_rows is None or count <= most_rows:
        return squares, count
    return squares * count / most_rows, most_rows


def ignorance_share(rows: npt.NDArray[np.int64]) -> float | None:
    """Share of the variance of whether it comes that not knowing the parameters makes; the rest is chance.

    Var(p) / (p (1 - p)) over rows, without the luck within each: a row with k of its n runs counts k (k - 1) / (n (n -
    1)) for its p^2, which has no bias.

    Parameters
    ----------
    rows : ndarray of int, shape (size + 1,)
        Number of whole rows by the number of their runs in which it came.

    Returns
    -------
    float or None
        In [0, 1]; None with fewer than two rows, or where none or all was seen.
    """
    size, count = len(rows) - 1, int(rows.sum())
    hits = np.arange(size + 1)
    seen = int((rows * hits).sum())
    if count < 2 or seen in (0, count * size):
        return None
    mean = seen / (count * size)
    squares = float((rows * hits * (hits - 1)).sum()) / (count * size * (size - 1))
    of_mean = float((rows * (hits / size - mean) ** 2).sum()) / (count * (count - 1))
    between = squares - mean**2 + of_mean
    return min(max(between / (mean * (1.0 - mean)), 0.0), 1.0)


def _over_rows(seen: int, runs: int, squares: float, count: int) -> Interval:
    """Interval of a share over so many rows, from the squares of what each row has above or below the share."""
    return _bound(seen, count) if seen in (0, runs) else over_rows(seen / runs, squares, runs, count)


def over_rows(share: float, squares: float, runs: int, count: int) -> Interval:
    """Wilson's interval of a share over rows, with as many trials as would have the variance seen between these.

    Parameters
    ----------
    share : float
        In (0, 1).
    squares : float
        Sum over rows of the square of what each has above or below the share, in runs.
    runs, count : int
        Number of runs and of rows; one row tells nothing of others, and counts as one trial.
    """
    from scipy import special

    if count < 2:
        return wilson(share, 1)
    variance = squares * count / (count - 1) / runs**2
    trials = min(runs, share * (1 - share) / variance) if variance > 0 else runs
    return wilson(share, max(trials, 1.0), float(special.stdtrit(count - 1, 1 - TAIL)))


def _bound(seen: int, trials: int) -> Interval:
    """Exact interval when none or all of so many trials saw it."""
    bound = exact_bound(trials)
    return (0.0, bound) if seen == 0 else (1.0 - bound, 1.0)


def _ignorance(rows: npt.NDArray[np.int64]) -> Interval | None:
    if rows.sum() < 2:
        return None
    low, high = prior_range(rows[None, :])[0]
    return float(low), float(high)


def ratio(
    pairs: npt.NDArray[np.int64], short: npt.NDArray[np.int64], by_row: bool, most_rows: int | None = None
) -> Estimate | None:
    """Conditional probability of a second event given a first, with the rows that saw the first as clusters.

    Parameters
    ----------
    pairs : ndarray of int, shape (size + 1, size + 1)
        Whole rows by runs with the first event, and by runs with both.
    short : ndarray of int, shape (2,)
        The same two counts in a row cut short.
    by_row : bool
        Whether runs of a row share drawn parameters.
    most_rows : int, optional
        Rows that there are, where they come again; see `clustered`.

    Returns
    -------
    Estimate or None
        None when the first event never came.
    """
    first, both = np.indices(pairs.shape)
    given = int((pairs * first).sum() + short[0])
    seen = int((pairs * both).sum() + short[1])
    if given == 0:
        return None
    if not by_row:
        return independent(seen, given)
    share = seen / given
    squares = float((pairs * (both - first * share) ** 2).sum() + (short[1] - short[0] * share) ** 2)
    count = int(pairs[1:].sum()) + int(short[0] > 0)
    return Estimate(share, _over_rows(seen, given, *_limited(squares, count, most_rows)), None, seen, given)


def prior_range(
    rows: npt.NDArray[np.int64], mass: float = 0.9, steps: int = 200, points: int = 81
) -> npt.NDArray[np.float64]:
    """Central range of the probability over parameter rows, freed of the luck within each row.

    The share of a row's few runs scatters around the row's probability, so that the shares spread wider than the
    probabilities do. The distribution of the probabilities is fitted to all rows at once as a mixture on a grid
    (nonparametric maximum likelihood by EM, Laird 1978), and its quantiles are read off. More steps would fit the luck:
    the weights would gather in a few points.

    Parameters
    ----------
    rows : ndarray of int, shape (m, size + 1)
        For each of m problems, rows by the number of their runs in which it came.
    mass : float
        Share of the prior inside the range.

    Returns
    -------
    ndarray of float, shape (m, 2)
    """
    rows, asked = np.unique(rows, axis=0, return_inverse=True)  # of many days nothing new is told
    size = rows.shape[1] - 1
    angles = np.linspace(0.0, math.pi / 2, points)
    grid = np.sin(angles) ** 2
    hits = np.arange(size + 1)
    binomial = np.array([math.comb(size, k) for k in hits], dtype=np.float64)
    likelihood = binomial * grid[:, None] ** hits * (1 - grid[:, None]) ** (size - hits)
    shares = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)
    weights = np.full((len(rows), points), 1.0 / points)
    for _ in range(steps):
        fitted = weights @ likelihood
        weights *= (shares / np.maximum(fitted, 1e-300)) @ likelihood.T
    cumulative = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(weights, axis=1)], axis=1)
    ends = ((1 - mass) / 2, (1 + mass) / 2)
    return np.array([np.interp(ends, c, edges(angles)) for c in cumulative])[asked.ravel()]


def edges(angles: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities where the weight of each point ends: half way to its neighbours, and at 0 and 1 themselves."""
    halves = (angles[1:-2] + angles[2:-1]) / 2
    return np.sin(np.concatenate([angles[:1], angles[:1], halves, angles[-1:], angles[-1:]])) ** 2
