"""How well a score tells evenings before a spiral from others: ranks, alarms and shares, with rows as units."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.estimates.intervals import TAIL, Interval, exact_bound, wilson

Scores = npt.NDArray[np.float64] | npt.NDArray[np.int16]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Ranking:
    """Area under the ROC curve: how often an evening before a spiral scores above another; ties count one half.

    Attributes
    ----------
    area : 0.5 for a score that tells nothing, 1 for one that tells all
    parts : what each row moves it by, shape (rows,)
    """

    area: float
    parts: npt.NDArray[np.float64]

    @property
    def interval(self) -> Interval:
        """95% interval over rows, on the scale of log odds, so that it stays between 0 and 1."""
        spread = self.area * (1 - self.area)
        half = _half_width(self.parts)
        if spread <= 0 or half == 0:
            return self.area, self.area
        odds, width = math.log(self.area / (1 - self.area)), half / spread
        return 1 / (1 + math.exp(width - odds)), 1 / (1 + math.exp(-width - odds))

    def above(self, other: Ranking) -> tuple[float, float, float]:
        """By how much the area exceeds that of another score of the same evenings, with its 95% interval."""
        gap, half = self.area - other.area, _half_width(self.parts - other.parts)
        return gap, gap - half, gap + half


def ranking(score: Scores, positive: Bools, rows: Rows) -> Ranking:
    """Rank evenings by a score.

    Parameters
    ----------
    score, positive, rows : ndarray, shape (n,)
        The score, whether a spiral follows, and the draw of the parameters, all of whose evenings count as one unit
        (Obuchowski 1997).
    """
    values, level = np.unique(score, return_inverse=True)
    before = np.bincount(level[positive], minlength=len(values)).astype(np.float64)
    other = np.bincount(level[~positive], minlength=len(values)).astype(np.float64)
    if before.sum() == 0 or other.sum() == 0:
        return Ranking(float("nan"), np.zeros(0))
    below = (np.cumsum(other) - other / 2) / other.sum()
    above = 1 - (np.cumsum(before) - before / 2) / before.sum()
    area = float((before * below).sum() / before.sum())
    part = np.where(positive, (below[level] - area) / before.sum(), (above[level] - area) / other.sum())
    place = np.unique(rows, return_inverse=True)[1]
    return Ranking(area, np.asarray(np.bincount(place, weights=part), np.float64))


@dataclass(frozen=True)
class Curve:
    """Alarms at every value of a score or above, from the highest down.

    Attributes
    ----------
    thresholds, hits, false : shape (n,): the value, the share of evenings before a spiral that are under alarm, and
        that of the others
    """

    thresholds: npt.NDArray[np.float64]
    hits: npt.NDArray[np.float64]
    false: npt.NDArray[np.float64]

    @property
    def best(self) -> float:
        """The threshold at which hits exceed false alarms by most (Youden)."""
        return float(self.thresholds[int(np.argmax(self.hits - self.false))])


def curve(score: Scores, positive: Bools) -> Curve:
    """Hits and false alarms at every threshold; the lowest threshold is an alarm on every evening."""
    values, level = np.unique(score, return_inverse=True)
    before, other = (
        np.bincount(level[chosen], minlength=len(values))[::-1] for chosen in (positive, ~positive)
    )
    return Curve(
        values[::-1].astype(np.float64),
        np.cumsum(before) / max(1, before.sum()),
        np.cumsum(other) / max(1, other.sum()),
    )


@dataclass(frozen=True)
class Share:
    """A share of cases that come in rows, and its 95% interval; unknown where there are no cases."""

    value: float
    low: float
    high: float


def share(hit: Bools, rows: Rows) -> Share:
    """Share of cases that hit, Wilson's interval with as many trials as have the variance seen between rows."""
    if len(hit) == 0:
        return Share(float("nan"), 0.0, 1.0)
    place = np.unique(rows, return_inverse=True)[1]
    cases, hits = np.bincount(place).astype(np.float64), np.bincount(place, weights=hit)
    value, count = float(hits.sum() / cases.sum()), len(cases)
    if value in (0.0, 1.0):
        bound = exact_bound(count)
        return Share(value, *((0.0, bound) if value == 0.0 else (1.0 - bound, 1.0)))
    if count < 2:
        return Share(value, *wilson(value, 1.0))
    variance = float(((hits - value * cases) ** 2).sum()) * count / (count - 1) / cases.sum() ** 2
    trials = min(len(hit), value * (1 - value) / variance) if variance > 0 else len(hit)
    low, high = wilson(value, max(1.0, trials), _quantile(count))
    return Share(value, float(low), float(high))


def _half_width(parts: npt.NDArray[np.float64]) -> float:
    count = len(parts)
    if count < 2:
        return math.inf
    return _quantile(count) * math.sqrt(float((parts**2).sum()) * count / (count - 1))


def _quantile(count: int) -> float:
    from scipy import special

    return float(special.stdtrit(count - 1, 1 - TAIL))
