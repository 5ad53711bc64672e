"""What boxes are made of: the parameters that a scenario leaves to their priors, and where each row lies in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.parameters import REGISTRY, Prior
from sim.scenario import Scenario
from sim.scenario.given import fixed_by, own_priors
from sim.simulate.parameter_draws import prior_rows

GRID = np.linspace(0.0, 1.0, 20_001)


@dataclass(frozen=True)
class Factor:
    """A parameter that is drawn, and the prior that it is drawn from."""

    name: str
    prior: Prior

    @property
    def unit(self) -> str:
        """Its unit; empty when it has none."""
        unit = REGISTRY[self.name].unit
        return "" if unit == "1" else unit

    @property
    def meaning(self) -> str:
        """One sentence."""
        return REGISTRY[self.name].meaning

    def values_at(self, quantiles: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Values of the parameter at quantiles of its prior, same shape."""
        return self.prior.quantile(quantiles, REGISTRY[self.name].low, REGISTRY[self.name].high)

    def quantiles_of(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Quantiles of the prior at which values lie, to about a hundredth of a percent; same shape."""
        return np.interp(values, self.values_at(GRID), GRID)


def factors_of(scenario: Scenario) -> list[Factor]:
    """Parameters that have a prior and that a scenario does not fix, in the registry's order."""
    fixed, own = fixed_by(scenario), own_priors(scenario)
    priors = {name: own.get(name, parameter.prior) for name, parameter in REGISTRY.items()}
    return [Factor(name, prior) for name, prior in priors.items() if prior is not None and name not in fixed]


def quantiles_of_rows(
    scenario: Scenario, factors: Sequence[Factor], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Where rows lie in the prior of each factor, shape (rows, factors)."""
    table = prior_rows(rows, scenario.random_seed, fixed_by(scenario), own_priors(scenario))
    found = np.empty((len(rows), len(factors)))
    for column, factor in enumerate(factors):
        group, key = factor.name.split(".")
        found[:, column] = factor.quantiles_of(table[group][key])
    return found
