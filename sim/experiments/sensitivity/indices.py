"""Sobol's indices from what a design came to: with chance as a factor, and of what is left when chance is averaged out.

With chance as a factor the indices are SALib's. A first-order index V_i / V says how much of the variance V of the
output goes when the factor i is known; a total one how much is left when all but i are known.

The output of a draw of the parameters averaged over all chance, its risk, varies less: by V less the variance W that
chance gives the output of a draw, which the spread between a draw's runs estimates without bias. First-order and
second-order parts of the variance are the same for both, since the two points that are multiplied never share random
streams. The total part of factor i is half the mean square of the change when i alone changes; of the risk itself it is
the same less the variance that chance gives that change, again from the spread between runs. So the risk's indices need
no more runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiments.sensitivity.design import Array, Sobol

RESAMPLES, CONFIDENCE, QUANTILE = 300, 0.95, 1.959964


@dataclass(frozen=True)
class Indices:
    """Indices of the groups of a design, each with the half width of its 95% interval.

    Attributes
    ----------
    names : groups, in order
    first, total : ndarray, shape (groups, 2)
    pairs : ndarray, shape (groups, groups, 2)
        Above the diagonal; None where pairs were not asked for.
    variance : variance of the output
    """

    names: tuple[str, ...]
    first: Array
    total: Array
    pairs: Array | None
    variance: float


def with_luck(design: Sobol, values: Array, seed: int) -> Indices:
    """SALib's indices of an output, of all factors and so of chance too if it is one of them.

    Parameters
    ----------
    design : Sobol
    values : ndarray, shape (points,)
        In order of the design's points.
    seed : int
        Of the bootstrap; greater than 0, at which SALib would take what it finds.
    """
    from SALib.analyze import sobol

    if np.ptp(values) == 0:
        return _nothing(design)
    settings: dict[str, Any] = {"num_resamples": RESAMPLES, "conf_level": CONFIDENCE, "seed": seed}
    found = sobol.analyze(design.problem(), values, calc_second_order=design.pairs, **settings)
    pairs = np.stack([found["S2"], found["S2_conf"]], axis=-1) if design.pairs else None
    first, total = (np.stack([found[name], found[f"{name}_conf"]], axis=-1) for name in ("S1", "ST"))
    return Indices(design.members, first, total, pairs, float(np.var(values)))


def without_luck(design: Sobol, values: Array, own: Array, shared: Array, seed: int) -> Indices:
    """Indices of an output averaged over chance, from rows of several runs each.

    Parameters
    ----------
    design : Sobol
    values, own, shared : ndarray, each of shape (points,)
        See `sim.experiments.sensitivity.responding.spread`.
    seed : int
        Of the bootstrap, greater than 0.
    """
    if np.ptp(values) == 0:
        return _nothing(design)
    y = (values - values.mean()) / values.std()
    scale = float(values.var())
    parts = _Parts(design, y, own / scale, shared / scale)
    r = np.random.default_rng(seed).integers(design.samples, size=(design.samples, RESAMPLES))
    whole = np.arange(design.samples)[:, None]
    left, lefts = parts.left(whole), parts.left(r)
    count = len(design.members)
    first = np.array([_told(parts.first(j, whole) / left, parts.first(j, r) / lefts) for j in range(count)])
    total = np.array([_told(parts.total(j, whole) / left, parts.total(j, r) / lefts) for j in range(count)])
    pairs = None
    if design.pairs:
        pairs = np.full((count, count, 2), np.nan)
        for j, k in combinations(range(count), 2):
            pairs[j, k] = _told(parts.pair(j, k, whole) / left, parts.pair(j, k, r) / lefts)
    return Indices(design.members, first, total, pairs, scale * float(left[0]))


class _Parts:
    """Parts of the variance, over base samples chosen by their numbers, shape (samples, resamples)."""

    def __init__(self, design: Sobol, y: Array, own: Array, shared: Array) -> None:
        count = len(design.members)
        at = y.reshape(design.samples, design.each)
        self._a, self._b, self._ab = at[:, 0], at[:, -1], at[:, 1 : count + 1]
        self._ba = at[:, count + 1 : 2 * count + 1]
        self._own = own.reshape(design.samples, design.each)[:, [0, -1]].mean(axis=1)
        self._shared = shared.reshape(design.samples, design.each)[:, 1 : count + 1]

    def left(self, r: npt.NDArray[np.int64]) -> Array:
        """Variance of the output less the mean variance that chance gives it; not a number where none is left."""
        both = np.concatenate([self._a[r], self._b[r]]).var(axis=0)
        left = both - self._own[r].mean(axis=0)
        return np.where(left > 0, left, np.nan)

    def first(self, j: int, r: npt.NDArray[np.int64]) -> Array:
        """Saltelli et al. 2010."""
        return np.asarray((self._b[r] * (self._ab[:, j][r] - self._a[r])).mean(axis=0))

    def total(self, j: int, r: npt.NDArray[np.int64]) -> Array:
        """Jansen 1999, less what chance makes of the change."""
        change = (self._a - self._ab[:, j]) ** 2 - self._shared[:, j]
        return np.asarray(change[r].mean(axis=0) / 2)

    def pair(self, j: int, k: int, r: npt.NDArray[np.int64]) -> Array:
        """Saltelli 2002."""
        closed = (self._ba[:, j] * self._ab[:, k] - self._a * self._b)[r].mean(axis=0)
        return np.asarray(closed - self.first(j, r) - self.first(k, r))


def _told(value: Array, resampled: Array) -> tuple[float, float]:
    """An estimate, and the half width of its 95% interval, as SALib makes it from resamples."""
    return float(value[0]), QUANTILE * float(np.std(resampled, ddof=1))


def _nothing(design: Sobol) -> Indices:
    """Indices of an output that never varies: there are none."""
    count = len(design.members)
    none = np.full((count, 2), np.nan)
    return Indices(
        design.members, none, none, np.full((count, count, 2), np.nan) if design.pairs else None, 0.0
    )
