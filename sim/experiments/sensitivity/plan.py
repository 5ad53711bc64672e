"""Which designs answer the question, and how many runs they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from sim.experiments.sensitivity.design import Morris, Sobol
from sim.experiments.sensitivity.factors import LUCK, Factor, factors_of
from sim.experiments.sensitivity.responding import samples_of_slice
from sim.scenario import Scenario

Method = Literal["sobol", "morris"]

SAMPLES: dict[Method, int] = {"sobol": 512, "morris": 60}
RUNS: dict[Method, int] = {"sobol": 8, "morris": 25}
LEAST: dict[Method, int] = {"sobol": 16, "morris": 4}
MOST_SAMPLES, MOST_RUNS = 2**16, 1_000
STRONGEST, OTHERS = 12, "all others"
PASSES = ("each", "basis", "actor", "strongest")
TIMES = {"each": 1, "basis": 4, "actor": 2, "strongest": 1}
"""Base samples of each design, as a multiple of those asked for: groups are few, and cheap."""


class SensitivityError(ValueError):
    """A question that cannot be asked; the message is one line."""


@dataclass(frozen=True)
class Plan:
    """A question about sensitivity, checked and ready.

    Attributes
    ----------
    scenario : that is asked about
    method : 'sobol' or 'morris'
    factors : without luck
    samples : base samples, or trajectories
    runs : of each point
    """

    scenario: Scenario
    method: Method
    factors: tuple[Factor, ...]
    samples: int
    runs: int

    @property
    def names(self) -> tuple[str, ...]:
        """Factors and luck."""
        return (*(factor.name for factor in self.factors), LUCK)

    @cached_property
    def opening(self) -> dict[str, Sobol | Morris]:
        """Designs that need no answer of an earlier one, by pass."""
        if self.method == "morris":
            return {"steps": Morris(self.names, self.samples, self.seed(0))}
        groups = {
            "each": self.names,
            "basis": (*(factor.basis for factor in self.factors), LUCK),
            "actor": (*(factor.actor for factor in self.factors), LUCK),
        }
        return {name: self._sobol(name, of) for name, of in groups.items()}

    def closing(self, strongest: Sequence[str]) -> Sobol:
        """The design of the strongest factors, with all others as one, and of their pairs."""
        of = [name if name in (*strongest, LUCK) else OTHERS for name in self.names]
        return self._sobol("strongest", tuple(of), pairs=True)

    def seed(self, number: int) -> int:
        """A seed greater than 0 for each design and bootstrap."""
        words = np.random.SeedSequence([self.scenario.random_seed, number]).generate_state(1)
        return int(words[0]) + 1

    @property
    def points(self) -> int:
        """Points of all designs."""
        return sum(design.points for design in self._all)

    @property
    def total(self) -> int:
        """Runs of all points."""
        return self.points * self.runs

    @property
    def tasks(self) -> int:
        """Slices of all designs."""
        return sum(-(-design.samples // samples_of_slice(design, self.runs)) for design in self._all)

    @property
    def _all(self) -> list[Sobol | Morris]:
        last = [] if self.method == "morris" else [self.closing(self.names[:-1][:STRONGEST])]
        return [*self.opening.values(), *last]

    def _sobol(self, name: str, groups: tuple[str, ...], pairs: bool = False) -> Sobol:
        return Sobol(groups, self.samples * TIMES[name], self.seed(PASSES.index(name)), pairs)


def plan_sensitivity(
    scenario: Scenario, method: Method = "sobol", samples: int | None = None, runs: int | None = None
) -> Plan:
    """Check a question about sensitivity.

    Parameters
    ----------
    scenario : Scenario
    method : 'sobol' or 'morris'
    samples : int, optional
        Base samples of Sobol's method, a power of two; trajectories of Morris's.
    runs : int, optional
        Histories for each row of parameters, 2 or more: luck is told from the spread between them.

    Raises
    ------
    SensitivityError
    """
    number = SAMPLES[method] if samples is None else samples
    each = RUNS[method] if runs is None else runs
    if not LEAST[method] <= number <= MOST_SAMPLES:
        raise SensitivityError(f"--samples: {number} must be from {LEAST[method]} to {MOST_SAMPLES:,}")
    if method == "sobol" and number & (number - 1):
        nearest = 2 ** round(np.log2(number))
        raise SensitivityError(
            f"--samples: {number} is not a power of two, as Sobol's method needs; take {nearest}"
        )
    if not 2 <= each <= MOST_RUNS:
        raise SensitivityError(
            f"--runs: {each} must be from 2 to {MOST_RUNS:,}: luck shows between runs of a row"
        )
    factors = factors_of(scenario)
    if not factors:
        raise SensitivityError(f"{scenario.name}: fixes every parameter; there is nothing to vary")
    return Plan(scenario, method, factors, number, each)
