"""Which designs answer the question, and how many runs they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from sim.experiments.sensitivity.design import Morris, Sobol
from sim.experiments.sensitivity.factors import LUCK, Factor
from sim.experiments.sensitivity.responding import samples_of_slice
from sim.scenario import Scenario
from sim.scenario.questions import Question

Method = Literal["sobol", "morris"]

SAMPLES: dict[Method, int] = {"sobol": 512, "morris": 60}
RUNS: dict[Method, int] = {"sobol": 8, "morris": 25}
LEAST: dict[Method, int] = {"sobol": 16, "morris": 4}
MOST_SAMPLES, MOST_RUNS = 2**16, 1_000
STRONGEST, OTHERS = 12, "all others"
PASSES = ("each", "basis", "actor", "strongest")
TIMES = {"each": 1, "basis": 4, "actor": 2, "strongest": 1}
"""Base samples of each design, as a multiple of those asked for: groups are few, and cheap."""


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
    question : that takes the headline's place
    """

    scenario: Scenario
    method: Method
    factors: tuple[Factor, ...]
    samples: int
    runs: int
    question: Question | None = None

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
