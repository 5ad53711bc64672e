"""What two factors do together beyond what each does alone, from the mean output in cells of the two.

As in `sim.experiments.sensitivity.tenths` all independent points are taken, and split by the fifths of both factors.
What a cell's mean has above or below what its row and its column give is the pair's interplay. Its variance, less
what chance adds, is the second-order index, but for what varies within a cell: of a product of two straight lines 8%
is lost.
"""

from __future__ import annotations

import numpy as np

from sim.experiments.sensitivity.design import Array
from sim.experiments.sensitivity.indices import QUANTILE

FIFTHS = 5


def together(one: Array, other: Array, values: Array, own: Array) -> tuple[float, float]:
    """Second-order index of two factors, of the output averaged over luck.

    Parameters
    ----------
    one, other : ndarray, shape (points,)
        Where the points are in the priors of the two, in [0, 1], independent of each other.
    values, own : ndarray, shape (points,)
        Output, and the variance that luck gives it; see `sim.experiments.sensitivity.responding.spread`.

    Returns
    -------
    tuple of float
        The index and the half width of its 95% interval; not numbers where nothing varies.
    """
    i, j = (np.minimum((u * FIFTHS).astype(np.int64), FIFTHS - 1) for u in (one, other))
    cell, count, mean = i * FIFTHS + j, len(values), values.mean()
    left = float(values.var() - own.mean())
    if left <= 0 or count <= 2 * FIFTHS**2:
        return float("nan"), float("nan")
    fitted = _means(cell, values, FIFTHS**2)
    beyond = fitted - _means(i, values, FIFTHS) - _means(j, values, FIFTHS) + mean
    within = float(((values - fitted) ** 2).sum() / (count - FIFTHS**2))
    free = (FIFTHS - 1) ** 2
    index = (float((beyond**2).mean()) - free * within / count) / left
    pull = 2 * (values - fitted) * beyond + beyond**2 - index * ((values - mean) ** 2 - own)
    by_chance = 2 * free * (within / count) ** 2
    return index, QUANTILE * float(np.sqrt(pull.var() / count + by_chance)) / left


def _means(groups: np.ndarray, values: Array, count: int) -> Array:
    """Mean of each point's group."""
    sizes = np.maximum(np.bincount(groups, minlength=count), 1)
    return np.asarray((np.bincount(groups, weights=values, minlength=count) / sizes)[groups])
