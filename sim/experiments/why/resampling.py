"""Intervals by chance of what is no share: draws of the parameters, or runs where all have one row, are drawn again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

REPLICATES = 1_000
TAILS = (0.025, 0.975)


def weights_of(clusters: int) -> npt.NDArray[np.float64]:
    """How often each cluster is drawn in each replicate, shape (REPLICATES, clusters); the same for the same number."""
    rng = np.random.default_rng(0)
    return rng.multinomial(clusters, np.full(clusters, 1.0 / clusters), size=REPLICATES).astype(np.float64)


def mean_with_chance(
    values: npt.NDArray[np.float64], cluster: npt.NDArray[np.int64]
) -> tuple[float, tuple[float, float]]:
    """Mean of some values, at least one, and its 95% interval by a bootstrap of their clusters.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    cluster : ndarray of int, shape (n,)
        The cluster of each: a draw of the parameters, or a run.
    """
    places = np.unique(cluster, return_inverse=True)[1]
    counts = np.bincount(places).astype(np.float64)
    totals = np.bincount(places, weights=values)
    weights = weights_of(len(counts))
    low, high = np.quantile((weights @ totals) / (weights @ counts), TAILS)
    return float(values.mean()), (float(low), float(high))
