"""What a factor does alone, from its tenths: the mean output where it is low, where it is high, and in between.

Any points drawn from the priors serve, so that all independent points of all designs are taken together. The variance
of the means of the ten tenths is the factor's first-order part, but for what varies within a tenth; less what chance
adds to it, as in an analysis of variance. That is far surer than what Saltelli's estimator makes of one design.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiments.sensitivity.design import Array
from sim.experiments.sensitivity.indices import QUANTILE, RESAMPLES

TENTHS = 10


@dataclass(frozen=True)
class Alone:
    """What each factor does alone; each with the half width of its 95% interval.

    Attributes
    ----------
    share : ndarray, shape (factors, 2)
        First-order index of the output averaged over luck.
    low, high, change : ndarray, shape (factors, 2)
        Mean output in the lowest and in the highest tenth of the factor's prior, and the second less the first.
    """

    share: Array
    low: Array
    high: Array
    change: Array


def alone(cube: Array, values: Array, own: Array) -> Alone:
    """Split independent points by the tenths of each factor.

    Parameters
    ----------
    cube : ndarray, shape (points, factors)
        In [0, 1].
    values, own : ndarray, shape (points,)
        Output, and the variance that luck gives it; see `sim.experiments.sensitivity.responding.spread`.
    """
    found = [_of_factor(cube[:, number], values, own) for number in range(cube.shape[1])]
    share, low, high, change = (np.array(part) for part in zip(*found, strict=True))
    return Alone(share, low, high, change)


Told = tuple[float, float]


def _of_factor(u: Array, values: Array, own: Array) -> tuple[Told, Told, Told, Told]:
    tenth = np.minimum((u * TENTHS).astype(np.int64), TENTHS - 1)
    sizes = np.bincount(tenth, minlength=TENTHS)
    means = np.bincount(tenth, weights=values, minlength=TENTHS) / np.maximum(sizes, 1)
    low, high = (_mean(values[tenth == end]) for end in (0, TENTHS - 1))
    change = (high[0] - low[0], float(np.hypot(high[1], low[1])))
    return _share(values, own, means[tenth]), low, high, change


def _share(values: Array, own: Array, fitted: Array) -> Told:
    """Variance between tenths over that of the output freed of luck; error by its influence function."""
    count, mean = len(values), values.mean()
    left = float(values.var() - own.mean())
    if left <= 0 or count <= TENTHS:
        return float("nan"), float("nan")
    within = float(((values - fitted) ** 2).sum() / (count - TENTHS))
    between = float(((fitted - mean) ** 2).mean()) - (TENTHS - 1) * within / count
    share = between / left
    pull = (
        2 * (values - fitted) * (fitted - mean) + (fitted - mean) ** 2 - share * ((values - mean) ** 2 - own)
    )
    by_chance = 2 * (TENTHS - 1) * (within / count) ** 2
    return share, QUANTILE * float(np.sqrt(pull.var() / count + by_chance)) / left


def _mean(values: Array) -> Told:
    if len(values) < 2:
        return float("nan"), float("nan")
    return float(values.mean()), QUANTILE * float(values.std(ddof=1) / np.sqrt(len(values)))


def of_one_run(values: Array, own: Array, seed: int) -> Told:
    """Share of the variance of a yes-or-no outcome of one run that the parameters explain; luck explains the rest.

    Parameters
    ----------
    values, own : ndarray, shape (points,)
        Share of a point's runs that saw it, and the variance that luck gives this share.
    seed : int
        Of the bootstrap over points.
    """
    whole = np.arange(len(values))[:, None]
    r = np.random.default_rng(seed).integers(len(values), size=(len(values), RESAMPLES))
    return float(_explained(values, own, whole)[0]), QUANTILE * float(
        np.std(_explained(values, own, r), ddof=1)
    )


def _explained(values: Array, own: Array, r: npt.NDArray[np.int64]) -> Array:
    mean = values[r].mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((values[r].var(axis=0) - own[r].mean(axis=0)) / (mean * (1 - mean)))
