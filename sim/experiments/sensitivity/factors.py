"""Factors: every parameter that a scenario leaves to its prior, each driven by a number from 0 to 1; and luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.parameters import REGISTRY, Prior
from sim.scenario import Scenario
from sim.scenario.given import fixed_by, own_priors

LUCK = "luck"
"""Name of the factor that chooses the luck of a row's runs; always the last column."""

FIRST_RUN = 2**46
"""Runs from here on are kept for these questions, so that no result shares their luck."""

BLOCKS = 2**24
"""Blocks of luck that the factor `luck` chooses among."""


@dataclass(frozen=True)
class Factor:
    """A parameter with a prior.

    Attributes
    ----------
    name : registry name
    unit : empty where it has none
    basis : `reported`, `derived`, `calibrated` or `assumed`
    actor : the actor or subject that it belongs to
    prior : the scenario's own, or else the registry's
    low, high : the range that the prior is cut to
    """

    name: str
    unit: str
    basis: str
    actor: str
    prior: Prior
    low: float
    high: float

    def at(self, u: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Values at shares u of the prior, in [0, 1]."""
        return self.prior.quantile(u, self.low, self.high)


def factors_of(scenario: Scenario) -> tuple[Factor, ...]:
    """Every parameter that has a prior and is left free somewhere in the scenario or in its past.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    tuple of Factor
        In the order of the registry; without luck.
    """
    fixed = set(fixed_by(scenario))
    past = scenario.past
    while past is not None:
        fixed &= set(fixed_by(past))
        past = past.past
    own = own_priors(scenario)
    found = []
    for name, p in REGISTRY.items():
        prior = own.get(name, p.prior)
        if prior is not None and name not in fixed:
            unit = "" if p.unit == "1" else p.unit
            found.append(Factor(name, unit, p.basis, p.group, prior, p.low, p.high))
    return tuple(found)


def columns_of(
    factors: Sequence[Factor], cube: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float64]]:
    """Values of every factor by registry name, from points of the unit cube, shape (points, factors or more)."""
    return {factor.name: factor.at(cube[:, number]) for number, factor in enumerate(factors)}


def runs_of_luck(u: npt.NDArray[np.float64], runs: int) -> npt.NDArray[np.uint64]:
    """Run numbers that the factor `luck` stands for.

    Parameters
    ----------
    u : ndarray, shape (points,)
        In [0, 1].
    runs : int
        Runs of a block.

    Returns
    -------
    ndarray of uint64, shape (points, runs)
        Points with the same u get the same runs.
    """
    blocks = np.minimum(np.floor(u * BLOCKS), BLOCKS - 1).astype(np.uint64)
    first = np.uint64(FIRST_RUN) + blocks * np.uint64(runs)
    return np.add.outer(first, np.arange(runs, dtype=np.uint64)).astype(np.uint64)
