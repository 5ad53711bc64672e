"""A sweep: some numbers of a scenario at many values, each point with the same runs and the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.sweep.design import Lever, SweepError, design, levers_of, points_of, read_levers
from sim.experiments.sweep.table import sweep_table
from sim.scenario import Scenario
from sim.scenario.sweeping import Design
from sim.simulate.points import Point, carry_out_points, respond, tasks_of_points
from sim.store import Analysis, Findings, Work

__all__ = [
    "RUNS",
    "Lever",
    "Plan",
    "SweepError",
    "end_points",
    "plan_sweep",
    "read_levers",
    "run_sweep",
    "sweep_in_memory",
]

RUNS = 2_000
"""Runs of a point, unless others are asked for."""


@dataclass(frozen=True)
class Plan:
    """A sweep, checked and ready.

    Attributes
    ----------
    scenario : that is varied
    levers : what is varied
    kind : how points are chosen
    values : shape (points, levers)
    runs : of each point
    """

    scenario: Scenario
    levers: tuple[Lever, ...]
    kind: Design
    values: npt.NDArray[np.float64]
    runs: int

    @property
    def total(self) -> int:
        """Runs of all points."""
        return len(self.values) * self.runs


def plan_sweep(
    scenario: Scenario,
    levers: Sequence[Lever] = (),
    kind: Design | None = None,
    points: int | None = None,
    runs: int | None = None,
) -> Plan:
    """Check a sweep; what is not given is taken from the scenario's own, if it has one.

    Raises
    ------
    SweepError
        When levers, design and points do not go together.
    """
    own = scenario.sweep
    chosen = tuple(levers) or tuple(levers_of(scenario))
    whole = kind or (own.design if own and not levers else "grid")
    number = points if points is not None or own is None or levers else own.points
    each = runs or (own.runs if own and own.runs and not levers else RUNS)
    return Plan(scenario, chosen, whole, design(chosen, whole, number, scenario.random_seed), each)


def end_points(plan: Plan) -> list[Point]:
    """The first and the last point, which differ in everything that is varied."""
    points = points_of(plan.scenario, plan.levers, plan.values)
    return [points[0], points[-1]]


def run_sweep(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Carry out a sweep in a result folder, going on with what is there.

    Raises
    ------
    ScenarioError
        For a path that leads nowhere, or a value that is not allowed there.
    StoreError
        When the folder cannot be worked in.
    """
    points = points_of(plan.scenario, plan.levers, plan.values)
    tasks = tasks_of_points(points, plan.runs, asked.parameters)

    def make(work: Work) -> Findings:
        found = responses_of(work, tasks, carry_out_points, asked)
        return Findings(_estimates(plan), {"sweep": _table(plan, found, asked)})

    return answer("sweep", plan.scenario, asked, _identity(plan), place, make, plan.total, len(tasks))


def sweep_in_memory(plan: Plan, asked: Asked) -> Any:
    """Carry out a sweep and keep nothing: its table alone."""
    points = points_of(plan.scenario, plan.levers, plan.values, "vary")
    return _table(plan, respond(points, plan.runs, asked.parameters, pool=asked.workers), asked)


def _table(plan: Plan, found: npt.NDArray[np.void], asked: Asked) -> Any:
    by_row, paired = asked.parameters != "default", plan.kind == "grid"
    return sweep_table(plan.levers, plan.values, found, plan.scenario.headline, by_row, paired)


def _identity(plan: Plan) -> dict[str, Any]:
    levers = {lever.path: list(lever.values) for lever in plan.levers}
    return {"vary": levers, "design": plan.kind, "points": len(plan.values), "runs": plan.runs}


def _estimates(plan: Plan) -> dict[str, Any]:
    return {
        "definition": plan.scenario.headline,
        "design": plan.kind,
        "points": len(plan.values),
        "runs": plan.runs,
        "levers": [asdict(lever) | {"unit": lever.unit} for lever in plan.levers],
    }
