"""The space of what is fitted: every uncertain parameter, and the reporting lag, as a standard normal coordinate.

A coordinate is turned into a value through the prior's quantile function, tabled once and kept in single precision: it
is the value that counts, and that is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.core.draws import WIDEST, interpolate, normals
from sim.inference.observation.model import LAG, LAG_PRIOR, LAG_RANGE
from sim.parameters import REGISTRY, Prior
from sim.simulate.parameter_draws import name_item, rows_of_columns
from sim.simulate.segment import Segment

KNOTS = 1 << 14

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Space:
    """Coordinates, and the parameters that a scenario holds fast.

    Attributes
    ----------
    priors : prior and range of every coordinate, by name; the registry's, or the scenario's own, and the lag's
    fixed : values of all other parameters, by registry name
    """

    priors: Mapping[str, tuple[Prior, float, float]]
    fixed: Mapping[str, float]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coordinates, in order."""
        return tuple(self.priors)

    @property
    def _tables(self) -> Floats:
        return _tables_of(tuple(self.priors.values()))

    def columns(self, z: Floats) -> dict[str, Floats]:
        """Values of every parameter and of the lag from coordinates of shape (n, len(names)), each of shape (n,)."""
        values = np.empty_like(z)
        interpolate(z, self._tables, values)
        values = values.astype(np.float32).astype(np.float64)  # as they are kept
        free = {name: values[:, i] for i, name in enumerate(self.names)}
        return self.fixed_columns(len(z)) | free

    def fixed_columns(self, count: int) -> dict[str, Floats]:
        """Values of what is held fast, each of shape (count,)."""
        return {name: np.full(count, value) for name, value in self.fixed.items()}

    def coordinates(self, columns: Mapping[str, Floats]) -> Floats:
        """Coordinates of values of the free parameters: the inverse of `columns`, shape (n, len(names))."""
        grid = np.linspace(-WIDEST, WIDEST, KNOTS)
        found = [np.interp(columns[n], t, grid) for n, t in zip(self.names, self._tables, strict=True)]
        return np.stack(found, axis=1)


@lru_cache(maxsize=4)
def _tables_of(priors: tuple[tuple[Prior, float, float], ...]) -> Floats:
    """Quantiles of priors at the knots, shape (len(priors), KNOTS); a fit has many spaces of the same priors."""
    grid = special.ndtr(np.linspace(-WIDEST, WIDEST, KNOTS))
    return np.stack([prior.quantile(grid, low, high) for prior, low, high in priors])


def space_of(segment: Segment, only: Sequence[str] | None = None) -> Space:
    """Give the space of a scenario's uncertain parameters.

    Parameters
    ----------
    segment : Segment
        What it fixes, and its own priors.
    only : sequence of str, optional
        The coordinates that are free, for a reduced problem; the others are held at their defaults.
    """
    priors: dict[str, tuple[Prior, float, float]] = {}
    fixed = {}
    for name, parameter in REGISTRY.items():
        prior = segment.priors.get(name, parameter.prior)
        if prior is None or name in segment.fixed:
            fixed[name] = segment.fixed.get(name, parameter.default)
        elif only is not None and name not in only:
            fixed[name] = parameter.middle_of(prior)
        else:
            priors[name] = (prior, parameter.low, parameter.high)
    if only is None or LAG in only:
        priors[LAG] = (LAG_PRIOR, *LAG_RANGE)
    else:
        fixed[LAG] = LAG_PRIOR.first
    return Space(priors, fixed)


def standard_normals(numbers: npt.NDArray[np.uint64], names: Sequence[str], random_seed: int) -> Floats:
    """Addressed standard normal numbers: one a draw and coordinate, shape (len(numbers), len(names))."""
    items = np.array([name_item(name) for name in names], np.int64)
    return np.asarray(normals(np.uint64(random_seed), numbers, items))


def table_of(columns: Mapping[str, Floats], count: int) -> tuple[np.ndarray, Floats]:
    """Rows of parameters for the engine, and the lags beside them."""
    known = {name: values for name, values in columns.items() if name != LAG}
    return rows_of_columns(known, count), np.asarray(columns[LAG])
