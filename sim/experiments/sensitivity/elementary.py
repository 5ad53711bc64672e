"""Morris's elementary effects from what a design came to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.experiments.sensitivity.design import LEVELS, Array, Morris
from sim.experiments.sensitivity.indices import CONFIDENCE, QUANTILE, RESAMPLES


@dataclass(frozen=True)
class Effects:
    """Elementary effects of each factor: change of the output, per step over the whole range of levels.

    Attributes
    ----------
    size : ndarray, shape (factors, 2)
        Mean size (mu*), whatever its sign, with the half width of its 95% interval.
    mean : ndarray, shape (factors, 2)
        Mean with its sign (mu), likewise.
    sigma : ndarray, shape (factors, 2)
        Standard deviation between trajectories, likewise: large where the effect hangs on the other factors.
    """

    size: Array
    mean: Array
    sigma: Array


def elementary_effects(design: Morris, values: Array, seed: int) -> Effects:
    """SALib's elementary effects of an output.

    Parameters
    ----------
    design : Morris
    values : ndarray, shape (points,)
        In order of the design's points.
    seed : int
        Of the bootstrap, greater than 0.
    """
    from SALib.analyze import morris

    settings = {"num_resamples": RESAMPLES, "conf_level": CONFIDENCE, "num_levels": LEVELS, "seed": seed}
    found = morris.analyze(design.problem(), design.grid, np.asarray(values, dtype=np.float64), **settings)
    size, half, mean, sigma = (
        np.asarray(found[name], dtype=np.float64) for name in ("mu_star", "mu_star_conf", "mu", "sigma")
    )
    wide = QUANTILE * sigma / np.sqrt(design.samples)
    return Effects(
        np.stack([size, half], axis=1),
        np.stack([mean, wide], axis=1),
        np.stack([sigma, _half_width_of_sigma(design, values, seed)], axis=1),
    )


def _half_width_of_sigma(design: Morris, values: Array, seed: int) -> Array:
    """Half width of the 95% interval of sigma, for which SALib gives none: the same effects, resampled."""
    effects = effects_of(design, values)
    r = np.random.default_rng(seed).integers(design.samples, size=(design.samples, RESAMPLES))
    return np.array(
        [QUANTILE * effects[:, j][r].std(axis=0, ddof=1).std(ddof=1) for j in range(effects.shape[1])]
    )


def effects_of(design: Morris, values: Array) -> Array:
    """Every elementary effect, shape (trajectories, factors)."""
    grid = design.grid.reshape(design.samples, design.each, -1)
    steps, changes = np.diff(grid, axis=1), np.diff(values.reshape(design.samples, design.each), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    found = np.zeros(moved.shape)
    one = np.take_along_axis(steps, moved[:, :, None], axis=2)[:, :, 0]
    np.put_along_axis(found, moved, changes / one, axis=1)
    return found
