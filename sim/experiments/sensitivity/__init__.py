"""Tell which parameters the answer rests on.

How much of the answer rests on each parameter, and on those that are assumed: shares of its variance by Sobol's method,
or a cheaper ranking by Morris's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import QuestionError
from sim.experiments.sensitivity.concluding import conclude_morris, conclude_sobol, strongest_of
from sim.experiments.sensitivity.design import Morris, Sobol
from sim.experiments.sensitivity.factors import factors_of
from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.plan import LEAST, MOST_RUNS, MOST_SAMPLES, RUNS, SAMPLES, Method, Plan
from sim.experiments.sensitivity.responding import Slice, carry_out, slices_of
from sim.pipeline.experiment import Experiment
from sim.pipeline.options import Whole, option
from sim.pipeline.questions import one_question
from sim.pipeline.runner import Runner
from sim.scenario.questions import Question
from sim.simulate.asked import Asked


@dataclass(frozen=True)
class Sensitivity(Experiment):
    """What the answer rests on, when all parameters vary over their priors together."""

    kind = "sensitivity"
    finding = SensitivityFinding
    choices = ("prior", "default")

    method: Method = option("sobol", ("sobol", "morris"), help="Shares of variance, or a cheaper ranking.")
    samples: int | None = option(
        None,
        Whole(),
        help="Base samples of Sobol's method (a power of two; 512), or Morris's trajectories (60).",
    )
    runs: int | None = option(
        None,
        Whole(),
        help="Histories of each draw of the parameters: rows times N in all; 8 with sobol, 25 with morris.",
    )
    outcome: str | None = option(
        None,
        metavar="QUESTION",
        help="A question in words, or the name of one, that takes the headline's place: us killed by 2023-12-31.",
    )

    def __post_init__(self) -> None:
        """See that there is something to vary, in a number that the method takes."""
        super().__post_init__()
        number, each, least = self.plan.samples, self.plan.runs, LEAST[self.method]
        if self.parameters != "prior":
            raise QuestionError(
                "--parameters: default leaves nothing to vary; leave it out, or fix some by --set"
            )
        if not least <= number <= MOST_SAMPLES:
            raise QuestionError(f"--samples: {number} must be from {least} to {MOST_SAMPLES:,}")
        if self.method == "sobol" and number & (number - 1):
            nearest = 2 ** round(np.log2(number))
            raise QuestionError(
                f"--samples: {number} is not a power of two, as Sobol's method needs; take {nearest}"
            )
        if not 2 <= each <= MOST_RUNS:
            raise QuestionError(
                f"--runs: {each} must be from 2 to {MOST_RUNS:,}: luck shows between runs of a row"
            )
        self._check_question()
        if not self.plan.factors:
            raise QuestionError(f"{self.scenario.name}: fixes every parameter; there is nothing to vary")

    @cached_property
    def plan(self) -> Plan:
        """The designs."""
        samples = SAMPLES[self.method] if self.samples is None else self.samples
        runs = RUNS[self.method] if self.runs is None else self.runs
        return Plan(self.scenario, self.method, factors_of(self.scenario), samples, runs, self.asked)

    @cached_property
    def asked(self) -> Question | None:
        """The question that takes the headline's place."""
        return None if self.outcome is None else one_question(self.scenario, self.outcome, "--outcome")

    def _check_question(self) -> None:
        if self.asked is None:
            return
        if self.asked.given is not None:
            raise QuestionError(
                f"--outcome: {self.asked.name} has a condition, which the few runs of a draw need not meet; ask it "
                "without, or ask how it moves with `spiral sweep --outcome`"
            )
        Asked.of(self.scenario, (self.asked,))

    @property
    def identity(self) -> Mapping[str, Any]:
        """Method and size."""
        told = {} if self.asked is None else {"outcome": repr(self.asked)}
        return {"method": self.method, "samples": self.plan.samples, "runs": self.plan.runs, **told}

    @property
    def total(self) -> int:
        """Runs of all points."""
        return self.plan.total

    @property
    def task_count(self) -> int:
        """Slices of all designs."""
        return self.plan.tasks

    @property
    def title(self) -> str:
        """So many rows."""
        return f"{self.plan.points:,} draws of the parameters"

    def answer(self, runner: Runner) -> SensitivityFinding:
        """Simulate the designs that need no answer of an earlier one, then the one of the strongest."""
        plan = self.plan
        opening = self._slices(list(plan.opening.values()), 0)
        answers = _by_pass(plan.opening, runner.rows(opening, carry_out))
        if self.method == "morris":
            return conclude_morris(plan, answers["steps"])
        strongest = strongest_of(plan, answers["each"])
        last = plan.closing(strongest)
        closing = self._slices([last], len(opening))
        return conclude_sobol(plan, answers | {"strongest": runner.rows(closing, carry_out)}, last, strongest)

    def _slices(self, designs: Sequence[Sobol | Morris], first: int) -> list[Slice]:
        return slices_of(self.scenario, self.plan.factors, designs, self.plan.runs, first, self.asked)


def _by_pass(designs: Mapping[str, Any], found: npt.NDArray[np.void]) -> dict[str, npt.NDArray[np.void]]:
    ends = np.cumsum([design.points for design in designs.values()])
    return dict(zip(designs, np.split(found, ends[:-1]), strict=True))
